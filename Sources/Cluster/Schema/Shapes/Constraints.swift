import Document

/// What a CRD's schema demands of a value beyond its type (the value validations of JSON Schema that CRDs may use).
final class Constraints: Sendable {
    let minimum: Double?
    let maximum: Double?
    let exclusiveMinimum: Bool
    let exclusiveMaximum: Bool
    let multipleOf: Double?
    let minLength: Int?
    let maxLength: Int?
    let pattern: String?
    let format: String?
    let minItems: Int?
    let maxItems: Int?
    let uniqueItems: Bool
    let minProperties: Int?
    let maxProperties: Int?
    let enumeration: [Value]?
    let required: [Text]
    let isNullable: Bool
    /// An object with apiVersion, kind and metadata of its own (`x-kubernetes-embedded-resource`).
    let isEmbeddedResource: Bool
    let isIntOrString: Bool
    /// The type as the schema says it: `integer`, `object` …; empty where it says none.
    let type: String
    let allOf, anyOf, oneOf: [Shape]
    let not: Shape?
    /// What is said of apiVersion, kind and metadata, where the value is a whole object.
    let ownParts: [Text: Shape]
    /// `x-kubernetes-validations`, for the CEL room.
    let rules: [Value]
    /// The schema itself, for OpenAPI.
    let schema: Value

    /// - Parameter isRoot: whether the value is the custom resource itself.
    init(schema: Value, branch: (Value) -> Shape, isRoot: Bool = false) {
        self.schema = schema
        minimum = schema["minimum"]?.number?.double
        maximum = schema["maximum"]?.number?.double
        exclusiveMinimum = schema["exclusiveMinimum"]?.bool ?? false
        exclusiveMaximum = schema["exclusiveMaximum"]?.bool ?? false
        multipleOf = schema["multipleOf"]?.number?.double
        minLength = schema["minLength"]?.int
        maxLength = schema["maxLength"]?.int
        pattern = schema["pattern"]?.string
        format = schema["format"]?.string
        minItems = schema["minItems"]?.int
        maxItems = schema["maxItems"]?.int
        uniqueItems = schema["uniqueItems"]?.bool ?? false
        minProperties = schema["minProperties"]?.int
        maxProperties = schema["maxProperties"]?.int
        enumeration = schema["enum"]?.array
        required = schema["required"]?.array?.compactMap(\.text) ?? []
        isNullable = schema["nullable"]?.bool ?? false
        isEmbeddedResource = schema["x-kubernetes-embedded-resource"]?.bool ?? false
        isIntOrString = schema["x-kubernetes-int-or-string"]?.bool ?? false
        type = schema["type"]?.string ?? ""
        allOf = schema["allOf"]?.array?.map(branch) ?? []
        anyOf = schema["anyOf"]?.array?.map(branch) ?? []
        oneOf = schema["oneOf"]?.array?.map(branch) ?? []
        not = schema["not"].map(branch)
        ownParts =
            isRoot || isEmbeddedResource
            ? Constraints.ownParts(schema["properties"]?.object ?? [:], branch) : [:]
        rules = schema["x-kubernetes-validations"]?.array ?? []
    }

    private static func ownParts(_ properties: Object, _ branch: (Value) -> Shape) -> [Text: Shape] {
        var parts: [Text: Shape] = [:]
        for key: Text in ["apiVersion", "kind", "metadata"] { parts[key] = properties[key].map(branch) }
        return parts
    }
}
