import Document

/// A CRD's schema, read once: what it says of a value and of the value's parts (apiextensions-apiserver's structural
/// schema). Branches (`allOf` and the others) are schemas of their own.
final class Structural: Sendable {
    /// What may stand beside the properties (`additionalProperties`).
    enum Additional: Sendable {
        case unspecified
        case allowed(Bool)
        case schema(Structural)
    }

    /// `integer`, `object` …; empty where the schema says none.
    let type: String
    let isNullable: Bool
    /// Nil too where null is the default.
    let defaultValue: Value?
    let format: String
    let limits: Limits
    let enumeration: [Value]
    let required: [Text]

    /// Sorted by name.
    let properties: [(name: Text, schema: Structural)]
    let items: Structural?
    let additional: Additional
    let allOf, anyOf, oneOf: [Structural]
    let not: Structural?

    /// `x-kubernetes-preserve-unknown-fields`
    let preservesUnknown: Bool
    /// An object with apiVersion, kind and metadata of its own (`x-kubernetes-embedded-resource`).
    let isEmbeddedResource: Bool
    /// `x-kubernetes-int-or-string`
    let isIntOrString: Bool
    /// `x-kubernetes-list-type`
    let list: ListMerge
    /// The schema itself, for OpenAPI.
    let schema: Value

    /// - Parameter isRoot: whether the value is a whole custom resource, with apiVersion, kind and metadata of its own.
    init(_ schema: Value, isRoot: Bool = false, preservesUnknown: Bool = false) {
        self.schema = schema
        type = schema["type"]?.string ?? ""
        isNullable = schema["nullable"] == true
        defaultValue = schema["default"].flatMap { $0.isNull ? nil : $0 }
        format = schema["format"]?.string ?? ""
        limits = Limits(schema)
        enumeration = schema["enum"]?.array ?? []
        required = schema["required"]?.array?.compactMap(\.text) ?? []
        properties = (schema["properties"]?.object ?? [:]).map { ($0.key, Structural($0.value)) }
        items = Structural.part(schema["items"])
        switch schema["additionalProperties"] {
        case .bool(let isAllowed)?: additional = .allowed(isAllowed)
        case .object?:
            additional = Structural.part(schema["additionalProperties"]).map(Additional.schema) ?? .unspecified
        default: additional = .unspecified
        }
        func branches(_ key: Text) -> [Structural] { (schema[key]?.array ?? []).map { Structural($0) } }
        allOf = branches("allOf")
        anyOf = branches("anyOf")
        oneOf = branches("oneOf")
        not = Structural.part(schema["not"])
        self.preservesUnknown = preservesUnknown || schema["x-kubernetes-preserve-unknown-fields"] == true
        isEmbeddedResource = isRoot || schema["x-kubernetes-embedded-resource"] == true
        isIntOrString = schema["x-kubernetes-int-or-string"] == true
        list = Structural.merge(schema)
    }

    private static func part(_ schema: Value?) -> Structural? {
        schema.flatMap { $0.object == nil ? nil : Structural($0) }
    }

    private static func merge(_ schema: Value) -> ListMerge {
        switch schema["x-kubernetes-list-type"] {
        case "set"?: .set
        case "map"?: .map((schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.text))
        default: .atomic
        }
    }

    /// The schema of the property of that name.
    func property(_ name: Text) -> Structural? {
        var low = 0
        var high = properties.count
        while low < high {
            let middle = (low + high) / 2
            let order = properties[middle].name.compare(name)
            if order == 0 { return properties[middle].schema }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The schema of values of names that are no properties.
    var additionalSchema: Structural? { if case .schema(let schema) = additional { schema } else { nil } }

    /// The schema of the member of that name, whether it is a property or not.
    func member(_ name: Text) -> Structural? { property(name) ?? additionalSchema }

    /// Whether members that are no properties are kept.
    var takesAdditional: Bool { if case .unspecified = additional { false } else { true } }

    /// The parts of an object that are not the schema's to say.
    static func isOwn(_ name: Text) -> Bool { name == "apiVersion" || name == "kind" || name == "metadata" }
}

extension Structural {
    /// What a schema demands of a value beyond its type, by number.
    struct Limits: Sendable {
        let minimum, maximum: Double?
        let exclusiveMinimum, exclusiveMaximum: Bool
        let multipleOf: Double?
        let minLength, maxLength, minItems, maxItems, minProperties, maxProperties: Int?
        let pattern: String
        let uniqueItems: Bool

        init(_ schema: Value) {
            minimum = schema["minimum"]?.number?.double
            maximum = schema["maximum"]?.number?.double
            exclusiveMinimum = schema["exclusiveMinimum"] == true
            exclusiveMaximum = schema["exclusiveMaximum"] == true
            multipleOf = schema["multipleOf"]?.number?.double
            minLength = schema["minLength"]?.int
            maxLength = schema["maxLength"]?.int
            minItems = schema["minItems"]?.int
            maxItems = schema["maxItems"]?.int
            minProperties = schema["minProperties"]?.int
            maxProperties = schema["maxProperties"]?.int
            pattern = schema["pattern"]?.string ?? ""
            uniqueItems = schema["uniqueItems"] == true
        }
    }
}
