import Document

/// Schemas of common keywords alone, each with a value of its plain shape.
///
/// They fit the metaschema of every edition, which then need not be compiled and asked: that took a tenth of the time of
/// a small chart. What is not plain is not wrong; it is for ``Metaschema`` to judge.
enum PlainSchema {
    /// Whether nothing in the schema of a document can be against any metaschema.
    static func isPlain(_ document: Value) -> Bool { isPlain(document, depth: 0) }

    /// Every edition takes an object for a schema; the oldest takes `true` and `false` in few places only.
    private static func isPlain(_ value: Value, depth: Int) -> Bool {
        guard case .object(let object) = value, depth < 100 else { return false }
        return object.allSatisfy { isPlain($0.key, $0.value, depth) }
    }

    private static func isPlain(_ keyword: Text, _ value: Value, _ depth: Int) -> Bool {
        switch keyword {
        case "type": isType(value)
        case "title", "description", "$comment", "format": value.text != nil
        case "default", "const": true
        case "properties", "definitions", "$defs":
            value.object?.allSatisfy { isPlain($0.value, depth: depth + 1) } ?? false
        case "items", "not", "if", "then", "else": isPlain(value, depth: depth + 1)
        case "additionalProperties": isBool(value) || isPlain(value, depth: depth + 1)
        case "anyOf", "allOf", "oneOf":
            value.array.map { !$0.isEmpty && $0.allSatisfy { isPlain($0, depth: depth + 1) } } ?? false
        case "required", "enum": areNames(value)
        case "minimum", "maximum": if case .number = value { true } else { false }
        case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties": isCount(value)
        case "uniqueItems", "readOnly", "writeOnly", "deprecated": isBool(value)
        case "examples": value.array != nil
        case "$ref": value.text.map(isLocal) ?? false
        // What it names decides of the metaschema that would be asked.
        case "$schema": depth == 0 && value.text != nil
        default: !others.contains(keyword)
        }
    }

    /// The keywords of any edition that are left to the metaschema; words that no edition knows may say what they like.
    private static let others: Set<Text> = [
        "$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveAnchor", "$recursiveRef", "$vocabulary",
        "additionalItems", "contains", "contentEncoding", "contentMediaType", "contentSchema", "dependencies",
        "dependentRequired", "dependentSchemas", "exclusiveMaximum", "exclusiveMinimum", "id", "maxContains",
        "minContains", "multipleOf", "pattern", "patternProperties", "prefixItems", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties",
    ]

    private static let types: Set<Text> = ["array", "boolean", "integer", "null", "number", "object", "string"]

    private static func isType(_ value: Value) -> Bool {
        if let name = value.text { return types.contains(name) }
        return areNames(value) && (value.array ?? []).allSatisfy { types.contains($0.text ?? "") }
    }

    /// An array of texts, at least one, no two the same.
    private static func areNames(_ value: Value) -> Bool {
        guard let array = value.array, !array.isEmpty else { return false }
        let names = Set(array.compactMap(\.text))
        return names.count == array.count
    }

    private static func isBool(_ value: Value) -> Bool { if case .bool = value { true } else { false } }

    private static func isCount(_ value: Value) -> Bool {
        guard case .number(let number) = value, let count = number.int64 else { return false }
        return count >= 0
    }

    /// A reference that needs no reading as a URL.
    private static func isLocal(_ reference: Text) -> Bool {
        reference.hasPrefix("#/")
            && reference.withBytes { bytes in
                bytes.dropFirst().allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "/"): true
                    case UInt8(ascii: "."), UInt8(ascii: "-"): true
                    default: false
                    }
                }
            }
    }
}
