import API
import Document
import Pattern

/// Whether a schema is structural, so that pruning and defaulting know every field (apiserver/schema/validation.go).
struct StructuralRules {
    var faults = Faults()
    private let preserves: Bool

    init(preserves: Bool) { self.preserves = preserves }

    mutating func checkRoot(_ schema: Value, _ path: String) {
        if schema["type"] == nil {
            faults.required("\(path).type", "must not be empty at the root")
        } else if schema["type"] != "object" {
            faults.invalid("\(path).type", schema["type"], "must be object at the root")
        }
        check(schema, path)
    }

    private mutating func check(_ schema: Value, _ path: String) {
        checkForbidden(schema, path)
        checkExtensions(schema, path)
        checkPattern(schema, path)
        for property in schema["properties"]?.object ?? [:] {
            checkPart(property.value, "\(path).properties[\(property.key)]", "object fields")
        }
        if let items = schema["items"], items.object != nil { checkPart(items, "\(path).items", "array items") }
        if let more = schema["additionalProperties"], more.object != nil {
            checkPart(more, "\(path).additionalProperties", "object fields")
        }
        if schema["type"] == "array", schema["items"] == nil { faults.required("\(path).items", "must be specified") }
        checkJunctors(schema, path)
        checkDefault(schema, path)
    }

    private mutating func checkPart(_ schema: Value, _ path: String, _ what: String) {
        let isFree =
            schema["x-kubernetes-int-or-string"] == true || schema["x-kubernetes-preserve-unknown-fields"] == true
        if schema["type"] == nil, !isFree { faults.required("\(path).type", "must not be empty for specified \(what)") }
        if schema["type"] != nil, schema["x-kubernetes-int-or-string"] == true {
            faults.invalid("\(path).type", schema["type"], "must be empty if x-kubernetes-int-or-string is true")
        }
        check(schema, path)
    }

    private mutating func checkForbidden(_ schema: Value, _ path: String) {
        if schema["uniqueItems"] == true {
            faults.forbidden(
                "\(path).uniqueItems",
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")
        }
        if schema["additionalProperties"] == false {
            faults.forbidden("\(path).additionalProperties", "additionalProperties cannot be set to false")
        }
        if schema.has("additionalProperties"), schema.has("properties"), schema["additionalProperties"] != false {
            faults.forbidden(
                "\(path).additionalProperties", "additionalProperties and properties are mutual exclusive")
        }
        for (key, text): (Text, String) in [
            ("definitions", "definitions is not supported"), ("dependencies", "dependencies is not supported"),
            ("$ref", "$ref is not supported"), ("patternProperties", "patternProperties is not supported"),
            ("additionalItems", "additionalItems is not supported"), ("id", "id is not supported"),
        ] where schema.has(key) { faults.forbidden("\(path).\(key)", text) }
    }

    private mutating func checkPattern(_ schema: Value, _ path: String) {
        guard let pattern = schema["pattern"]?.text else { return }
        do throws(RegularExpression.Malformed) {
            _ = try RegularExpression(pattern.withBytes { Array($0) })
        } catch {
            faults.invalid(
                "\(path).pattern", .string(pattern),
                "must be a valid regular expression, but isn't: \(error.message)")
        }
    }

    private mutating func checkExtensions(_ schema: Value, _ path: String) {
        let list = schema["x-kubernetes-list-type"]
        if let list {
            if schema["type"] != "array" {
                faults.invalid(
                    "\(path).type", schema["type"] ?? "", "must be array if x-kubernetes-list-type is specified")
            }
            faults.check(list, in: ["atomic", "map", "set"], "\(path).x-kubernetes-list-type")
        }
        let keys = schema["x-kubernetes-list-map-keys"]?.array ?? []
        if list == "map", keys.isEmpty {
            faults.required(
                "\(path).x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map")
        }
        for key in keys { checkKey(key.text ?? "", schema["items"] ?? [:], path) }
        if let map = schema["x-kubernetes-map-type"] {
            if schema["type"] != "object" {
                faults.invalid(
                    "\(path).type", schema["type"] ?? "", "must be object if x-kubernetes-map-type is specified")
            }
            faults.check(map, in: ["atomic", "granular"], "\(path).x-kubernetes-map-type")
        }
        if schema["x-kubernetes-embedded-resource"] == true, schema["type"] != "object" {
            faults.invalid(
                "\(path).type", schema["type"] ?? "", "must be object if x-kubernetes-embedded-resource is true")
        }
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            faults.invalid(
                "\(path).x-kubernetes-preserve-unknown-fields", false, "must be true or undefined")
        }
    }

    private mutating func checkKey(_ key: Text, _ items: Value, _ path: String) {
        guard let property = items["properties"]?[key] else {
            return faults.invalid(
                "\(path).x-kubernetes-list-map-keys", .string(key), "must be a property of the items' schema")
        }
        let isRequired = items["required"]?.array?.contains(.string(key)) ?? false
        if !isRequired, property["default"] == nil {
            faults.required(
                "\(path).items.properties[\(key)].default",
                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")
        }
    }

    /// What stands in allOf and the others may only restrict.
    private mutating func checkJunctors(_ schema: Value, _ path: String) {
        for key: Text in ["allOf", "anyOf", "oneOf"] {
            for (index, branch) in (schema[key]?.array ?? []).enumerated() {
                checkBranch(branch, "\(path).\(key)[\(index)]", in: schema)
            }
        }
        if let branch = schema["not"] { checkBranch(branch, "\(path).not", in: schema) }
    }

    private mutating func checkBranch(_ branch: Value, _ path: String, in schema: Value) {
        let isIntOrString = schema["x-kubernetes-int-or-string"] == true
        for key: Text in ["type", "default", "additionalProperties", "description", "title", "nullable"]
        where branch.has(key) && branch[key] != false && branch[key] != "" {
            if key == "type", isIntOrString { continue }
            faults.forbidden(
                "\(path).\(key)",
                key == "type" ? "must be empty to be structural" : "must be undefined to be structural")
        }
        for property in branch["properties"]?.object ?? [:] {
            checkBranch(property.value, "\(path).properties[\(property.key)]", in: [:])
        }
    }

    private mutating func checkDefault(_ schema: Value, _ path: String) {
        guard let value = schema["default"] else { return }
        var validation = SchemaValidation()
        validation.check(value, StructuralSchema.shape(schema), "")
        for error in validation.faults.errors {
            var moved = error
            moved.field = "\(path).default" + (error.field.isEmpty ? "" : ".\(error.field)")
            faults.append([moved])
        }
    }
}
