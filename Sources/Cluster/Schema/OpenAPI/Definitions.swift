import Document

/// The definitions of an OpenAPI document, made from structures as they are referred to.
struct Definitions {
    /// The two versions that kubectl asks for; they write references differently.
    enum Dialect {
        case v2, v3

        var prefix: String { self == .v2 ? "#/definitions/" : "#/components/schemas/" }
    }

    let dialect: Dialect
    /// The groups and versions that DeleteOptions and WatchEvent are registered in.
    private let groupVersions: [(group: String, version: String)]
    private(set) var made: [Text: Value] = [:]
    private var waiting: [Structure] = []
    var descriptions = Descriptions()

    init(_ dialect: Dialect, _ groupVersions: [(group: String, version: String)]) {
        self.dialect = dialect
        self.groupVersions = groupVersions
    }

    /// All definitions as an object, those they refer to included.
    mutating func finish() -> Value {
        while let structure = waiting.popLast() {
            guard let name = structure.definition else { continue }
            made[Text(name)] = schema(of: structure)
        }
        return .object(Object(made.map { ($0.key, $0.value) }))
    }

    /// A reference to a definition that has no structure (Time, Quantity …) or one that is made already.
    func reference(_ definition: String) -> Value { ["$ref": .string(dialect.prefix + definition)] }

    /// A reference to a declared structure; it will be made.
    mutating func reference(_ structure: Structure) -> Value {
        guard let definition = structure.definition else { return ["type": "object"] }
        let key = Text(definition)
        if made[key] == nil {
            made[key] = .null
            waiting.append(structure)
        }
        return reference(definition)
    }

    /// Adds a definition of a CRD's kind.
    mutating func add(_ definition: String, _ schema: Value) { made[Text(definition)] = schema }

    /// Changes a definition that was added.
    mutating func change(_ definition: String, _ body: (inout Value) -> Void) {
        guard var schema = made[Text(definition)] else { return }
        body(&schema)
        made[Text(definition)] = schema
    }

    private mutating func schema(of structure: Structure) -> Value {
        var schema: Value = ["type": "object"]
        descriptions.describe(structure.definition, in: &schema)
        var properties: [(Text, Value)] = structure.fields.map { ($0.name, property($0, of: structure)) }
        let isEvent = structure.name == "WatchEvent"
        if structure.isKind, !isEvent { properties += typeFields(structure.definition) }
        if !properties.isEmpty { schema["properties"] = .object(Object(properties)) }
        let required = structure.fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        if structure.isAtomic { schema["x-kubernetes-map-type"] = "atomic" }
        if let union = structure.union { schema["x-kubernetes-unions"] = [value(of: union)] }
        if structure.isKind {
            schema["x-kubernetes-group-version-kind"] = .array(groupVersionKinds(of: structure))
        }
        return schema
    }

    /// The fields of every kind that say which one it is.
    mutating func typeFields(_ definition: String?) -> [(Text, Value)] {
        (["apiVersion", "kind"] as [Text]).map { name in
            var schema: Value = ["type": "string"]
            descriptions.describe(name, of: definition, in: &schema)
            return (name, schema)
        }
    }

    private func value(of union: Structure.Union) -> Value {
        let members = union.members.map { (Text($0), Value.string($0.capitalizedFirst)) }
        var value: Value = ["fields-to-discriminateBy": .object(Object(members))]
        if let discriminator = union.discriminator { value["discriminator"] = .string(discriminator) }
        return value
    }

    private func groupVersionKinds(of structure: Structure) -> [Value] {
        func entry(_ group: String, _ version: String) -> Value {
            ["group": .string(group), "version": .string(version), "kind": .string(structure.name)]
        }
        if structure.name == "DeleteOptions" || structure.name == "WatchEvent" {
            return groupVersions.map { entry($0.group, $0.version) }
        }
        let package = (structure.definition ?? "").split(separator: ".").dropLast(2).joined(separator: ".")
        let version = (structure.definition ?? "").split(separator: ".").dropLast().last.map(String.init) ?? ""
        let group = DeclarationLibrary.shared.groups.first { $0.package == package }?.group ?? ""
        return [entry(group == "meta.k8s.io" ? "" : group, version)]
    }

    private mutating func property(_ field: Field, of structure: Structure) -> Value {
        var schema = self.schema(of: field.shape)
        if let reference = schema["$ref"], dialect == .v3, !field.isBare {
            // OpenAPI 3.0 ignores what stands beside a reference.
            schema = ["allOf": [["$ref": reference]]]
        }
        if let value = defaultValue(of: field), dialect == .v3 { schema["default"] = value }
        if !field.enumeration.isEmpty { setEnumeration(field.enumeration.map { .string($0) }, &schema) }
        if field.isAtomic {
            schema[field.shape.isBytes ? "x-kubernetes-list-type" : "x-kubernetes-map-type"] = "atomic"
        }
        if field.isGranular { schema["x-kubernetes-map-type"] = "granular" }
        if let patch = field.patch {
            let words = [
                patch.merges ? "merge" : nil, patch.retainsKeys ? "retainKeys" : nil, patch.replaces ? "replace" : nil,
            ].compactMap { $0 }
            schema["x-kubernetes-patch-strategy"] = .string(words.joined(separator: ","))
            if let key = patch.mergeKey { schema["x-kubernetes-patch-merge-key"] = .string(key) }
        }
        if !field.isBare { descriptions.describe(field.name, of: structure.definition, in: &schema) }
        return schema
    }

    private func setEnumeration(_ values: [Value], _ schema: inout Value) {
        for inside: Text in ["items", "additionalProperties"] where schema[inside] != nil {
            schema[inside, "enum"] = .array(values)
            return
        }
        schema["enum"] = .array(values)
    }

    /// kube-openapi shows the zero of what Go always writes, and {} for inner structs.
    private func defaultValue(of field: Field) -> Value? {
        if let declared = field.declaredDefault { return declared }
        guard !field.isPointer else { return nil }
        switch field.shape.form {
        case .structure: return [:]
        case .string, .bool, .int32, .int64, .float64: return field.emission == .keep ? field.shape.zero : nil
        default: return nil
        }
    }

    /// The schema of a value.
    mutating func schema(of shape: Shape) -> Value {
        if let structural = shape.structural { return custom(structural.schema) }
        switch shape.form {
        case .structure(let structure): return reference(structure)
        case .map(let item):
            return ["type": "object", "additionalProperties": self.schema(of: item)]
        case .list(let item, let merge):
            var schema: Value = ["type": "array", "items": self.schema(of: item)]
            if shape.definition != nil { setListType(merge, &schema) }
            return schema
        default: return scalar(shape)
        }
    }

    private func setListType(_ merge: ListMerge, _ schema: inout Value) {
        switch merge {
        case .atomic: schema["x-kubernetes-list-type"] = "atomic"
        case .set: schema["x-kubernetes-list-type"] = "set"
        case .map(let keys):
            schema["x-kubernetes-list-type"] = "map"
            schema["x-kubernetes-list-map-keys"] = .array(keys.map { .string($0) })
        }
    }

    private mutating func scalar(_ shape: Shape) -> Value {
        if let definition = shape.definition {
            if made[Text(definition)] == nil {
                var schema = named(shape)
                descriptions.describe(definition, in: &schema)
                made[Text(definition)] = schema
            }
            return reference(definition)
        }
        switch shape.form {
        case .bool: return ["type": "boolean"]
        case .int32: return ["type": "integer", "format": "int32"]
        case .int64: return ["type": "integer", "format": "int64"]
        case .float64: return ["type": "number", "format": "double"]
        case .bytes: return ["type": "string", "format": "byte"]
        case .any: return ["type": "object"]
        default: return ["type": "string"]
        }
    }

    /// The definition of a scalar that has a name of its own.
    private func named(_ shape: Shape) -> Value {
        switch shape.form {
        case .time, .microTime: return ["type": "string", "format": "date-time"]
        case .duration: return ["type": "string"]
        case .quantity:
            return dialect == .v2 ? ["type": "string"] : ["oneOf": [["type": "string"], ["type": "number"]]]
        case .intOrString:
            return dialect == .v2
                ? ["type": "string", "format": "int-or-string"]
                : ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]]
        case .any where shape.definition?.contains("JSON") == true: return [:]
        default: return ["type": "object"]
        }
    }

    /// A CRD's schema as it is published: int-or-string is told in JSON Schema's words.
    func custom(_ schema: Value) -> Value {
        guard case .object(let object) = schema else { return schema }
        var result = schema
        for key: Text in ["properties"] {
            if let children = object[key]?.object { result[key] = .object(children.mapValues(custom)) }
        }
        for key: Text in ["items", "additionalProperties"] {
            if let child = object[key] { result[key] = custom(child) }
        }
        guard schema["x-kubernetes-int-or-string"] == true else { return result }
        if dialect == .v3, object["anyOf"] == nil { result["anyOf"] = [["type": "integer"], ["type": "string"]] }
        return result
    }
}
