import API
import Document

/// What a CRD's schema may not say, apart from being structural (ValidateCustomResourceDefinitionOpenAPISchema of
/// apiextensions-apiserver).
struct SchemaRules {
    private var faults = Faults()

    /// Where a schema stands.
    private struct Place {
        var isRoot = false
        var isInMetadata = false
        /// Why there may be no default.
        var noDefault: String?
    }

    /// Everything that is wrong with the schema of a version.
    ///
    /// - Parameters:
    ///   - path: where it stands.
    ///   - hasStatus: whether the status of objects is written by itself.
    ///   - language: who knows the language of the rules; nil where those are not looked at.
    ///   - isKept: whether the schema was accepted before.
    static func faults(
        of schema: Value, _ path: String, hasStatus: Bool = false, language: (any SchemaLanguage)? = nil,
        isKept: Bool = false
    ) -> [FieldError] {
        var first = Faults()
        if hasStatus { checkRoot(schema, path, &first) }
        if schema["nullable"] == true { first.forbidden("\(path).nullable", "nullable cannot be true at the root") }
        let unsupported = unsupported(in: schema)
        var isSound = unsupported == nil
        if isSound {
            let structural = StructuralRules.faults(of: schema, path)
            let found = structural.isEmpty ? DefaultRules.faults(of: schema, path, language) : structural
            isSound = found.isEmpty
            first.append(found)
        }
        var rules = SchemaRules()
        rules.check(schema, path, Place(isRoot: true))
        first.append(rules.faults.errors)
        if let unsupported, first.isEmpty { first.invalid(path, "", unsupported) }
        let known = rules.faults.errors
        if isSound { first.append(language?.faults(of: schema, at: path, after: known, isKept: isKept) ?? []) }
        return first.errors
    }

    /// Where status is written by itself, its own schema has to say all of it.
    private static func checkRoot(_ schema: Value, _ path: String, _ faults: inout Faults) {
        for name in SchemaDump.namesOfSet(schema) {
            if name == "Type", schema["type"] != "object" {
                return faults.invalid(
                    "\(path).type", schema["type"],
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"
                )
            }
            guard !SchemaDump.rootFields.contains(name) else { continue }
            let list = SchemaDump.rootFields.joined(separator: " ")
            return faults.invalid(
                path, shown: SchemaDump.text(schema),
                "only [\(list)] fields are allowed at the root of the schema if the status subresource is enabled")
        }
    }

    private static let unsupported: [Text] = [
        "id", "$schema", "$ref", "patternProperties", "dependencies", "additionalItems", "definitions",
    ]

    /// The first keyword of a schema, or of a part of it, that structural schemas do not know, in the words that tell of
    /// it (NewStructural); nil where there is none.
    static func unsupported(in schema: Value) -> String? {
        for key in unsupported {
            guard let value = schema[key], !value.isNull, value != "", value.object?.isEmpty != true else { continue }
            return "OpenAPIV3Schema '\(key == "$schema" ? "schema" : key)' is not supported"
        }
        if let words = schema["not"].flatMap(unsupported) { return words }
        for key: Text in ["allOf", "anyOf", "oneOf"] {
            for branch in schema[key]?.array ?? [] { if let words = unsupported(in: branch) { return words } }
        }
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
        }
        if schema["items"]?.array?.isEmpty == false {
            return "OpenAPIV3Schema 'items' must be a schema, but is an array"
        }
        let parts = (schema["properties"]?.object ?? [:]).map(\.value)
        for part in [schema["items"]].compactMap(\.self) + parts + [schema["additionalProperties"]].compactMap(\.self)
        where part.object != nil {
            if let words = unsupported(in: part) { return words }
        }
        return nil
    }

    private mutating func check(_ schema: Value, _ path: String, _ place: Place) {
        checkKeywords(schema, path, place)
        checkAdditional(schema, path, place)
        for member in schema["properties"]?.object ?? [:] {
            var part = Place(isInMetadata: place.isInMetadata, noDefault: place.noDefault)
            let isWhole = place.isRoot || schema["x-kubernetes-embedded-resource"] == true
            if isWhole, ["metadata", "kind", "apiVersion"].contains(member.key) {
                part.isInMetadata = true
                if place.isRoot { part.noDefault = " in top-level \(member.key)" }
            }
            check(member.value, "\(path).properties[\(member.key)]", part)
        }
        let inner = Place(isInMetadata: place.isInMetadata, noDefault: place.noDefault)
        if let branch = schema["not"] { check(branch, "\(path).not", inner) }
        for key: Text in ["allOf", "oneOf", "anyOf"] {
            for (index, branch) in (schema[key]?.array ?? []).enumerated() {
                check(branch, "\(path).\(key)[\(index)]", inner)
            }
        }
        for member in schema["definitions"]?.object ?? [:] {
            check(member.value, "\(path).definitions[\(member.key)]", inner)
        }
        if let items = schema["items"], items.object != nil { check(items, "\(path).items", inner) }
        for (index, items) in (schema["items"]?.array ?? []).enumerated() {
            check(items, "\(path).items[\(index)]", inner)
        }
        for member in schema["dependencies"]?.object ?? [:] where member.value.object != nil {
            check(member.value, "\(path).dependencies[\(member.key)]", inner)
        }
        checkTypes(schema, path)
        checkListKeys(schema, path)
        checkElements(schema, path)
        for (index, rule) in (schema["x-kubernetes-validations"]?.array ?? []).enumerated() {
            check(rule, of: schema, "\(path).x-kubernetes-validations[\(index)]")
        }
    }

    // MARK: Keywords

    private static let types = ["array", "boolean", "integer", "number", "object", "string"]
    private static let foreign: [Text] = [
        "id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref",
    ]

    private mutating func checkKeywords(_ schema: Value, _ path: String, _ place: Place) {
        if let type = schema["type"], type != "" { faults.check(type, in: Self.types, "\(path).type") }
        if schema.has("default"), let reason = place.noDefault {
            faults.forbidden("\(path).default", "must not be set\(reason)")
        }
        for key in Self.foreign {
            guard let value = schema[key], value != "", value.object?.isEmpty != true || key == "dependencies" else {
                continue
            }
            faults.forbidden("\(path).\(key)", "\(key) is not supported")
        }
        if schema["type"] == "null" {
            faults.forbidden("\(path).type", "type cannot be set to null, use nullable as an alternative")
        }
        if schema["items"]?.array?.isEmpty == false {
            faults.forbidden("\(path).items", "items must be a schema object and not an array")
        }
        if place.isInMetadata, schema["x-kubernetes-embedded-resource"] == true {
            faults.forbidden("\(path).x-kubernetes-embedded-resource", "must not be used inside of resource meta")
        }
        if schema["uniqueItems"] == true {
            faults.forbidden(
                "\(path).uniqueItems",
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
        }
    }

    private mutating func checkAdditional(_ schema: Value, _ path: String, _ place: Place) {
        guard let more = schema["additionalProperties"], !more.isNull else { return }
        if schema["properties"]?.object?.isEmpty == false, more != true {
            faults.forbidden(
                "\(path).additionalProperties", "additionalProperties and properties are mutual exclusive")
        }
        guard more.object != nil else { return }
        var inner = Place(isInMetadata: place.isInMetadata, noDefault: place.noDefault)
        if place.isInMetadata { inner.noDefault = " inside additionalProperties applying to object metadata" }
        check(more, "\(path).additionalProperties", inner)
    }

    // MARK: Lists and maps

    private mutating func require(_ type: Text, for key: Text, _ schema: Value, _ path: String) {
        guard schema.has(key), schema["type"] != .string(type) else { return }
        let words = "must be \(type) if \(key) is specified"
        guard let given = schema["type"], given != "" else { return faults.required("\(path).type", words) }
        faults.invalid("\(path).type", given, words)
    }

    private mutating func checkTypes(_ schema: Value, _ path: String) {
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            faults.invalid("\(path).x-kubernetes-preserve-unknown-fields", false, "must be true or undefined")
        }
        require("object", for: "x-kubernetes-map-type", schema, path)
        if let map = schema["x-kubernetes-map-type"] {
            faults.check(map, in: ["atomic", "granular"], "\(path).x-kubernetes-map-type")
        }
        require("array", for: "x-kubernetes-list-type", schema, path)
        guard let list = schema["x-kubernetes-list-type"] else { return }
        if list == "set", schema["type"] == "array", let items = schema["items"], items.object != nil {
            let (key, isRight): (Text, Bool) =
                switch items["type"] {
                case "array"?:
                    ("x-kubernetes-list-type", (items["x-kubernetes-list-type"] ?? "atomic") == "atomic")
                case "object"?: ("x-kubernetes-map-type", items["x-kubernetes-map-type"] == "atomic")
                default: ("", true)
                }
            if !isRight {
                faults.invalid(
                    "\(path).items.\(key)", shown: JSON.text(items["x-kubernetes-list-type"] ?? .null).string,
                    "must be atomic as item of a list with x-kubernetes-list-type=set")
            }
        }
        faults.check(list, in: ["atomic", "set", "map"], "\(path).x-kubernetes-list-type")
    }

    private mutating func checkListKeys(_ schema: Value, _ path: String) {
        let keys = schema["x-kubernetes-list-map-keys"]?.array ?? []
        if !keys.isEmpty, schema["x-kubernetes-list-type"] != "map" {
            let words = "must be map if x-kubernetes-list-map-keys is non-empty"
            if let list = schema["x-kubernetes-list-type"] {
                faults.invalid("\(path).x-kubernetes-list-type", list, words)
            } else {
                faults.required("\(path).x-kubernetes-list-type", words)
            }
        }
        guard schema["x-kubernetes-list-type"] == "map" else { return }
        if keys.isEmpty {
            faults.required(
                "\(path).x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map")
        }
        guard let items = schema["items"] else {
            return faults.required("\(path).items", "must have a schema if x-kubernetes-list-type is map")
        }
        guard items.object != nil else { return }
        guard items["type"] == "object" else {
            return faults.invalid(
                "\(path).items.type", items["type"] ?? "",
                "must be object if parent array's x-kubernetes-list-type is map")
        }
        checkKeys(keys, items, path)
    }

    private mutating func checkKeys(_ keys: [Value], _ items: Value, _ path: String) {
        let place = "\(path).x-kubernetes-list-map-keys"
        for (index, key) in keys.enumerated() {
            if let property = items["properties"]?[key.text ?? ""] {
                if property["type"] == "array" || property["type"] == "object" {
                    faults.invalid(
                        "\(path).items.properties[\(key.string ?? "")].type", items["type"],
                        "must be a scalar type if parent array's x-kubernetes-list-type is map")
                }
            } else {
                faults.invalid(place, .array(keys), "entries must all be names of item properties")
            }
            if keys[..<index].contains(key) {
                faults.invalid(place, .array(keys), "must not contain duplicate entries")
            }
        }
    }

    /// The elements of sets and maps have to be told apart.
    private mutating func checkElements(_ schema: Value, _ path: String) {
        guard let items = schema["items"], let list = schema["x-kubernetes-list-type"]?.string,
            list == "set" || list == "map"
        else { return }
        if items["nullable"] == true {
            faults.forbidden("\(path).items.nullable", "cannot be nullable when x-kubernetes-list-type is \(list)")
        }
        guard list == "map" else { return }
        for key in schema["x-kubernetes-list-map-keys"]?.array ?? [] {
            guard let name = key.text, let property = items["properties"]?[name] else { continue }
            let place = "\(path).items.properties[\(name)]"
            let words = "this property is in x-kubernetes-list-map-keys, so it"
            if items["required"]?.array?.contains(key) != true, property["default"] == nil {
                faults.required("\(place).default", "\(words) must have a default or be a required property")
            }
            if property["nullable"] == true { faults.forbidden("\(place).nullable", "\(words) cannot be nullable") }
        }
    }
}

// MARK: - Rules

extension SchemaRules {
    private static let reasons = [
        "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired",
    ]

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
    private static func hasBreaks(_ text: Substring) -> Bool { text.utf8.contains { $0 == 10 || $0 == 13 } }

    private static func trimmed(_ text: String) -> Substring {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return text[...last].drop(while: \.isWhitespace)
    }

    /// What is said beside the expressions themselves, which are compiled where the language is known.
    private mutating func check(_ rule: Value, of schema: Value, _ path: String) {
        checkMessage(rule, path)
        if let expression = rule["messageExpression"]?.string, !expression.isEmpty, Self.isBlank(expression) {
            faults.required("\(path).messageExpression", "messageExpression must be non-empty if specified")
        }
        if let reason = rule["reason"] { faults.check(reason, in: Self.reasons, "\(path).reason") }
        guard let field = rule["fieldPath"]?.string, !field.isEmpty else { return }
        var faults: [String] = []
        if Self.isBlank(field) { faults.append("must be non-empty if specified") }
        if Self.hasBreaks(field[...]) { faults.append("must not contain line breaks") }
        if SchemaRules.unsupported(in: schema) == nil, case .failure = SchemaPath.find(field, in: schema) {
            faults.append("must be a valid path")
        }
        self.faults.invalid("\(path).fieldPath", rule["fieldPath"], all: faults)
    }

    private mutating func checkMessage(_ rule: Value, _ path: String) {
        let (text, message) = (rule["rule"]?.string ?? "", rule["message"]?.string ?? "")
        let place = "\(path).message"
        if Self.isBlank(text) {
            faults.required("\(path).rule", "rule is not specified")
        } else if !message.isEmpty, Self.isBlank(message) {
            faults.invalid(place, rule["message"], "must be non-empty if specified")
        } else if Self.hasBreaks(Self.trimmed(message)) {
            faults.invalid(place, rule["message"], "must not contain line breaks")
        } else if Self.hasBreaks(Self.trimmed(text)), Self.isBlank(message) {
            faults.required(place, "message must be specified if rule contains line breaks")
        }
    }
}
