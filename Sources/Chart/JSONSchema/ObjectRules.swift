import Document
import Pattern

/// The keywords that ask something of objects.
struct ObjectRules: Sendable {
    var minimum: Int?
    var maximum: Int?
    var required: [Text] = []
    var properties: [Text: Int] = [:]
    var patterns: [(expression: RegularExpression, schema: Int)] = []
    var additional: AdditionalRule?
    var names: Int?
    /// `dependencies`, which hold names or a schema.
    var dependencies: [(key: Text, rule: Dependency)] = []
    var dependentSchemas: [(key: Text, schema: Int)] = []
    var dependentRequired: [(key: Text, names: [Text])] = []
    var unevaluated: Int?

    enum Dependency: Sendable {
        case names([Text])
        case schema(Int)
    }

    /// Whether the members themselves are looked at.
    var looksAtMembers: Bool { !properties.isEmpty || !patterns.isEmpty || additional != nil }
}

extension SchemaCompiler {
    mutating func objectRules() throws(JSONSchema.Failure) -> ObjectRules? {
        var rules = ObjectRules()
        if has("validation") {
            rules.minimum = keywords.int("minProperties")
            rules.maximum = keywords.int("maxProperties")
            rules.required = keywords.texts("required")
            if draft >= .draft2019, let object = keywords.object["dependentRequired"]?.object {
                rules.dependentRequired = object.filter { $0.value.array != nil }
                    .map { ($0.key, KeywordReader.texts($0.value)) }
            }
        }
        if has("applicator") {
            rules.properties = Dictionary(
                members("properties").map { ($0.key, $0.schema) }, uniquingKeysWith: { first, _ in first })
            for (pattern, schema) in members("patternProperties") {
                rules.patterns.append((try expression("patternProperties", pattern), schema))
            }
            rules.additional = additional("additionalProperties")
            rules.dependencies = dependencies()
            if draft >= .draft6 { rules.names = child("propertyNames") }
            if draft >= .draft2019 { rules.dependentSchemas = members("dependentSchemas") }
        }
        if draft == .draft2019 && has("applicator") || draft >= .draft2020 && has("unevaluated") {
            rules.unevaluated = child("unevaluatedProperties")
        }
        return rules.isEmpty ? nil : rules
    }

    private mutating func dependencies() -> [(key: Text, rule: ObjectRules.Dependency)] {
        guard let object = keywords.object["dependencies"]?.object else { return [] }
        return object.map { member in
            member.value.array == nil
                ? (member.key, .schema(child("dependencies", member.key)))
                : (member.key, .names(KeywordReader.texts(member.value)))
        }
    }
}

extension ObjectRules {
    fileprivate var isEmpty: Bool {
        minimum == nil && maximum == nil && required.isEmpty && !looksAtMembers && names == nil
            && dependencies.isEmpty && dependentSchemas.isEmpty && dependentRequired.isEmpty && unevaluated == nil
    }
}

extension SchemaValidation {
    mutating func checkObject(
        _ rules: ObjectRules, _ object: InstanceObject, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        if let minimum = rules.minimum, object.count < minimum {
            try note(fault(.bound("minProperties", got: object.count, want: minimum)), &frame)
        }
        if let maximum = rules.maximum, object.count > maximum {
            try note(fault(.bound("maxProperties", got: object.count, want: maximum)), &frame)
        }
        let missing = rules.required.filter { object[$0] == nil }
        if !missing.isEmpty { try note(fault(.required(missing)), &frame) }
        if isQuiet, !frame.faults.isEmpty { return }
        for (key, rule) in rules.dependencies where object[key] != nil {
            switch rule {
            case .names(let names): try checkDependency(key, names, object, &frame)
            case .schema(let schema): try note(checkSelf(schema, &frame), &frame)
            }
        }
        if rules.looksAtMembers { try checkMembers(rules, object, &frame) }
        if isQuiet, !frame.faults.isEmpty { return }
        if let names = rules.names { try checkNames(names, object, &frame) }
        for (key, schema) in rules.dependentSchemas where object[key] != nil {
            try note(checkSelf(schema, &frame), &frame)
        }
        for (key, names) in rules.dependentRequired where object[key] != nil {
            try checkDependency(key, names, object, &frame)
        }
    }

    private mutating func checkDependency(
        _ key: Text, _ names: [Text], _ object: InstanceObject, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        let missing = names.filter { object[$0] == nil }
        if !missing.isEmpty { try note(fault(.dependency(key, missing)), &frame) }
    }

    private mutating func checkMembers(
        _ rules: ObjectRules, _ object: InstanceObject, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        var surplus: [Text] = []
        for index in 0..<object.count {
            if isQuiet, !frame.faults.isEmpty { return }
            let key = object.key(at: index)
            try count(rules.patterns.count)
            var isEvaluated = false
            if let schema = rules.properties[key] {
                isEvaluated = true
                try note(check(schema, object.value(at: index), .key(key)), &frame)
            }
            for (expression, schema) in rules.patterns where expression.matches(key.bytes) {
                isEvaluated = true
                try note(check(schema, object.value(at: index), .key(key)), &frame)
            }
            if !isEvaluated, let additional = rules.additional {
                isEvaluated = true
                switch additional {
                case .allowed(let isAllowed): if !isAllowed { surplus.append(key) }
                case .schema(let schema): try note(check(schema, object.value(at: index), .key(key)), &frame)
                }
            }
            if isEvaluated { frame.unevaluated.members?.remove(key) }
        }
        if !surplus.isEmpty { try note(fault(.surplus(surplus)), &frame) }
    }

    /// `propertyNames`: each name is a value of its own, with no way to it.
    private mutating func checkNames(
        _ schema: Int, _ object: InstanceObject, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        for index in 0..<object.count {
            let key = object.key(at: index)
            guard let cause = try checkApart(schema, .string(key)) else { continue }
            var result = fault(.propertyName(key), cause.flattened)
            result.path = []
            try note(result, &frame)
        }
    }

    /// `unevaluatedProperties`: what no other keyword, here or in place, has looked at.
    mutating func checkUnevaluatedMembers(
        _ schema: Int, _ object: InstanceObject, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        for key in (frame.unevaluated.members ?? []).sorted() {
            guard let value = object[key] else { continue }
            try note(check(schema, value, .key(key)), &frame)
        }
        frame.unevaluated.members = nil
    }
}
