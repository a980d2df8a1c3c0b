public import Document

/// A CRD's schema as Go prints upstream's internal struct of it in errors: with Go's names, and with what is not set.
public enum SchemaDump {
    /// What a field holds, for what it shows where it is not set, and what is inside.
    private enum Content {
        case text, flag, optional, schema, schemas, named, schemaOrArray, schemaOrBool, dependencies, documentation,
            rules
    }

    /// In the order of the struct (apiextensions' JSONSchemaProps).
    private static let fields: [(name: String, key: Text, content: Content)] = [
        ("ID", "id", .text), ("Schema", "$schema", .text), ("Ref", "$ref", .optional),
        ("Description", "description", .text), ("Type", "type", .text), ("Nullable", "nullable", .flag),
        ("Format", "format", .text), ("Title", "title", .text), ("Default", "default", .optional),
        ("Maximum", "maximum", .optional), ("ExclusiveMaximum", "exclusiveMaximum", .flag),
        ("Minimum", "minimum", .optional), ("ExclusiveMinimum", "exclusiveMinimum", .flag),
        ("MaxLength", "maxLength", .optional), ("MinLength", "minLength", .optional), ("Pattern", "pattern", .text),
        ("MaxItems", "maxItems", .optional), ("MinItems", "minItems", .optional),
        ("UniqueItems", "uniqueItems", .flag), ("MultipleOf", "multipleOf", .optional), ("Enum", "enum", .optional),
        ("MaxProperties", "maxProperties", .optional), ("MinProperties", "minProperties", .optional),
        ("Required", "required", .optional), ("Items", "items", .schemaOrArray), ("AllOf", "allOf", .schemas),
        ("OneOf", "oneOf", .schemas), ("AnyOf", "anyOf", .schemas), ("Not", "not", .schema),
        ("Properties", "properties", .named), ("AdditionalProperties", "additionalProperties", .schemaOrBool),
        ("PatternProperties", "patternProperties", .named), ("Dependencies", "dependencies", .dependencies),
        ("AdditionalItems", "additionalItems", .schemaOrBool), ("Definitions", "definitions", .named),
        ("ExternalDocs", "externalDocs", .documentation), ("Example", "example", .optional),
        ("XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", .optional),
        ("XEmbeddedResource", "x-kubernetes-embedded-resource", .flag),
        ("XIntOrString", "x-kubernetes-int-or-string", .flag),
        ("XListMapKeys", "x-kubernetes-list-map-keys", .optional), ("XListType", "x-kubernetes-list-type", .optional),
        ("XMapType", "x-kubernetes-map-type", .optional), ("XValidations", "x-kubernetes-validations", .rules),
    ]

    /// The names of fields that may be set at the root where status is written by itself.
    static let rootFields = [
        "Description", "Type", "Format", "Title", "Maximum", "ExclusiveMaximum", "Minimum", "ExclusiveMinimum",
        "MaxLength", "MinLength", "Pattern", "MaxItems", "MinItems", "UniqueItems", "MultipleOf", "Required", "Items",
        "Properties", "ExternalDocs", "Example", "XPreserveUnknownFields", "XValidations",
    ]

    /// The names of the fields that are set, in the order of the struct.
    static func namesOfSet(_ schema: Value) -> [String] {
        fields.filter { field in
            switch schema[field.key] {
            case nil, .null?,
                .bool(false)? where field.content == .flag, .string("")? where field.content == .text:
                false
            default: true
            }
        }.map(\.name)
    }

    static func text(_ schema: Value) -> String {
        let members = fields.map { "\"\($0.name)\":\(text(schema[$0.key], $0.content))" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func text(_ value: Value?, _ content: Content) -> String {
        let value = value.flatMap { $0.isNull ? nil : $0 }
        switch content {
        case .text: return JSON.text(value ?? "").string
        case .flag: return String(value == true)
        case .optional: return JSON.text(value ?? .null).string
        case .schema: return value.map { text($0) } ?? "null"
        case .schemas: return value?.array.map(list) ?? "null"
        case .named:
            guard let members = value?.object else { return "null" }
            return map(members) { text($0) }
        case .schemaOrArray:
            guard let value else { return "null" }
            return "{\"Schema\":\(value.object == nil ? "null" : text(value)),"
                + "\"JSONSchemas\":\(value.array.map(list) ?? "null")}"
        case .schemaOrBool:
            guard let value else { return "null" }
            return "{\"Allows\":\(value != false),\"Schema\":\(value.object == nil ? "null" : text(value))}"
        case .dependencies:
            guard let members = value?.object else { return "null" }
            return map(members) { part in
                "{\"Schema\":\(part.object == nil ? "null" : text(part)),"
                    + "\"Property\":\(part.array == nil ? "null" : JSON.text(part).string)}"
            }
        case .documentation:
            guard let value else { return "null" }
            return "{\"Description\":\(JSON.text(value["description"] ?? "").string),"
                + "\"URL\":\(JSON.text(value["url"] ?? "").string)}"
        case .rules: return value?.array.map { "[\($0.map(rule).joined(separator: ","))]" } ?? "null"
        }
    }

    private static func list(_ schemas: [Value]) -> String {
        "[\(schemas.map { text($0) }.joined(separator: ","))]"
    }

    private static func map(_ members: Object, _ text: (Value) -> String) -> String {
        let members = members.map { "\(JSON.text(.string($0.key)).string):\(text($0.value))" }
        return "{\(members.joined(separator: ","))}"
    }

    /// A rule of a schema.
    public static func rule(_ rule: Value) -> String {
        func text(_ key: Text) -> String { JSON.text(rule[key] ?? "").string }
        return "{\"Rule\":\(text("rule")),\"Message\":\(text("message")),\"MessageExpression\":"
            + "\(text("messageExpression")),\"Reason\":\(JSON.text(rule["reason"] ?? .null).string),"
            + "\"FieldPath\":\(text("fieldPath")),\"OptionalOldSelf\":"
            + "\(JSON.text(rule["optionalOldSelf"] ?? .null).string)}"
    }
}
