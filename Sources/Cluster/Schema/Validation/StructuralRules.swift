import API
import Document
import Pattern

/// Whether a schema is structural, so that pruning and defaulting know every field (apiserver/schema/validation.go).
struct StructuralRules {
    private var faults = Faults()

    /// Where a schema stands, with what its lack of a type is told in.
    private enum Level: String {
        case root = "at the root"
        case item = "for specified array items"
        case field = "for specified object fields"
    }

    /// What keeps a schema from being structural, in the order of the messages.
    static func faults(of schema: Value, _ path: String) -> [FieldError] {
        var rules = StructuralRules()
        rules.check(schema, .root, path)
        rules.complete(schema, schema, path, path)
        return rules.faults.errors.sorted { $0.description < $1.description }
    }

    private mutating func check(_ schema: Value, _ level: Level, _ path: String) {
        if let items = schema["items"], items.object != nil {
            check(items, .item, "\(path).items")
        } else if schema["type"] == "array" {
            faults.required("\(path).items", "must be specified")
        }
        for property in schema["properties"]?.object ?? [:] {
            check(property.value, .field, "\(path).properties[\(property.key)]")
        }
        if let more = schema["additionalProperties"] {
            if level == .root { faults.forbidden("\(path).additionalProperties", "must not be used at the root") }
            if more.object != nil { check(more, .field, "\(path).additionalProperties") }
        }
        checkIntOrString(schema, path)
        checkValidations(schema, path)
        checkType(schema, level, path)
        if level == .root || schema["x-kubernetes-embedded-resource"] == true { checkOwnParts(schema, level, path) }
    }

    private mutating func checkIntOrString(_ schema: Value, _ path: String) {
        guard schema["x-kubernetes-int-or-string"] == true else { return }
        for key: Text in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"]
        where schema[key] == true {
            faults.invalid("\(path).\(key)", true, "must be false if x-kubernetes-int-or-string is true")
        }
    }

    private mutating func checkType(_ schema: Value, _ level: Level, _ path: String) {
        let type = schema["type"] ?? ""
        let isFree =
            schema["x-kubernetes-int-or-string"] == true || schema["x-kubernetes-preserve-unknown-fields"] == true
        if schema["x-kubernetes-embedded-resource"] == true, type != "object" {
            let words = "must be object if x-kubernetes-embedded-resource is true"
            if type == "" {
                faults.required("\(path).type", words)
            } else {
                faults.invalid("\(path).type", type, words)
            }
        } else if type == "", !isFree {
            faults.required("\(path).type", "must not be empty \(level.rawValue)")
        }
        if level == .root, type != "", type != "object" {
            faults.invalid("\(path).type", type, "must be object at the root")
        }
    }

    /// Of apiVersion, kind and metadata nothing but the type may be said, and restrictions of names.
    private mutating func checkOwnParts(_ schema: Value, _ level: Level, _ path: String) {
        let properties = schema["properties"]?.object ?? [:]
        if schema["x-kubernetes-embedded-resource"] == true {
            if schema.has("additionalProperties") {
                faults.forbidden(
                    "\(path).additionalProperties", "must not be used if x-kubernetes-embedded-resource is set")
            }
            if schema["x-kubernetes-preserve-unknown-fields"] != true, properties.isEmpty {
                faults.required(
                    "\(path).properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without "
                        + "x-kubernetes-preserve-unknown-fields")
            }
        }
        for (key, type): (Text, Text) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
            guard let part = properties[key], part["type"] != .string(type) else { continue }
            faults.invalid("\(path).properties[\(key)].type", part["type"] ?? "", "must be \(type)")
        }
        guard level == .root, let metadata = properties["metadata"]?.object else { return }
        let isPlain = metadata.allSatisfy { member in
            switch member.key {
            case "type", "default": true
            case "additionalProperties": false
            case "properties": member.value.object?.allSatisfy { $0.key == "name" || $0.key == "generateName" } ?? false
            default: member.value == false || member.value == ""
            }
        }
        if !isPlain {
            faults.forbidden(
                "\(path).properties[metadata]",
                "must not specify anything other than name and generateName, but metadata is implicitly specified")
        }
    }

    // MARK: Branches

    private static let intOrString: Value = [["type": "integer"], ["type": "string"]]

    /// - Parameter isExcused: whether an anyOf that says integer or string may say so.
    private mutating func checkValidations(_ schema: Value, _ path: String, isExcused: Bool = true) {
        if !isExcused || schema["anyOf"] != Self.intOrString { checkBranches(schema, "anyOf", path) }
        for (index, branch) in (schema["allOf"]?.array ?? []).enumerated() {
            checkBranch(branch, "\(path).allOf[\(index)]", isExcused: isExcused && index == 0)
        }
        checkBranches(schema, "oneOf", path)
        if let branch = schema["not"] { checkBranch(branch, "\(path).not") }
        guard let pattern = schema["pattern"]?.text, !pattern.isEmpty else { return }
        do throws(RegularExpression.Malformed) {
            _ = try RegularExpression(pattern.withBytes { Array($0) })
        } catch {
            faults.invalid(
                "\(path).pattern", .string(pattern),
                "must be a valid regular expression, but isn't: \(error.message)")
        }
    }

    private mutating func checkBranches(_ schema: Value, _ key: Text, _ path: String) {
        for (index, branch) in (schema[key]?.array ?? []).enumerated() {
            checkBranch(branch, "\(path).\(key)[\(index)]")
        }
    }

    /// What stands in allOf and the others may only restrict.
    private static let forbidden: [(keys: [Text], words: String)] = [
        (["type", "title", "description", "x-kubernetes-list-map-keys", "x-kubernetes-validations"], "empty"),
        (["additionalProperties", "default", "x-kubernetes-list-type", "x-kubernetes-map-type"], "undefined"),
        (
            [
                "nullable", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource",
                "x-kubernetes-int-or-string",
            ], "false"
        ),
    ]

    private mutating func checkBranch(_ branch: Value, _ path: String, isExcused: Bool = false) {
        checkValidations(branch, path, isExcused: isExcused)
        if let items = branch["items"], items.object != nil { checkBranch(items, "\(path).items") }
        for property in branch["properties"]?.object ?? [:] {
            checkBranch(property.value, "\(path).properties[\(property.key)]")
        }
        for (keys, words) in Self.forbidden {
            for key in keys {
                // What may stand beside properties is not forbidden to be nothing.
                let isUndefined = words == "undefined" && key != "additionalProperties"
                guard let value = branch[key], !value.isNull, isUndefined || !Self.isUnset(value) else { continue }
                faults.forbidden("\(path).\(key)", "must be \(words) to be structural")
            }
        }
        if branch["properties"]?.has("metadata") == true {
            faults.forbidden("\(path).properties[metadata]", "must not be specified in a nested context")
        }
    }

    /// Go's zero values, which count as nothing.
    private static func isUnset(_ value: Value) -> Bool {
        value == false || value == "" || value.isNull || value.array?.isEmpty == true
    }

    // MARK: Completeness

    /// What a branch of the root speaks of has to be defined outside of it (apiserver/schema/complete.go).
    private mutating func complete(_ branch: Value, _ schema: Value, _ place: String, _ path: String) {
        completeBranch(branch["not"], schema, place, "\(path).not")
        for key: Text in ["allOf", "anyOf", "oneOf"] {
            for (index, inner) in (branch[key]?.array ?? []).enumerated() {
                completeBranch(inner, schema, place, "\(path).\(key)[\(index)]")
            }
        }
    }

    private mutating func completeBranch(_ branch: Value?, _ schema: Value?, _ place: String, _ path: String) {
        guard let branch, branch.object != nil else { return }
        guard let schema else { return faults.required(place, "because it is defined in \(path)") }
        complete(branch, schema, place, path)
        if let items = branch["items"], items.object != nil {
            completeBranch(items, schema["items"], "\(place).items", "\(path).items")
        }
        for property in branch["properties"]?.object ?? [:] {
            let step = "properties[\(property.key)]"
            completeBranch(
                property.value, schema["properties"]?[property.key], "\(place).\(step)", "\(path).\(step)")
        }
    }
}
