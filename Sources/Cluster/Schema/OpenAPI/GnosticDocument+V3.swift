import Document

extension GnosticDocument {
    /// Version 3.
    static let v3: GnosticMessage = .init(
        [
            ("openapi", 1, .text), ("info", 2, .message { infoV3 }), ("paths", 4, .members(1, .message { pathV3 })),
            ("components", 5, .message { components }), ("security", 6, .each(requirement)),
        ], extensions: 9)

    private static let infoV3: GnosticMessage = .init(
        [("title", 1, .text), ("description", 2, .text), ("version", 6, .text)], extensions: 7)

    private static let components: GnosticMessage = .init(
        [
            ("schemas", 1, .members(1, schemaV3)),
            ("securitySchemes", 7, .members(1, .within(1, .message { securityScheme }))),
        ], extensions: 10)

    private static let securityScheme: GnosticMessage = .init(
        [("type", 1, .text), ("description", 2, .text), ("name", 3, .text), ("in", 4, .text)], extensions: 9)

    private static let pathV3: GnosticMessage = .init(
        [
            ("description", 3, .text), ("get", 4, .message { operationV3 }), ("put", 5, .message { operationV3 }),
            ("post", 6, .message { operationV3 }), ("delete", 7, .message { operationV3 }),
            ("options", 8, .message { operationV3 }), ("head", 9, .message { operationV3 }),
            ("patch", 10, .message { operationV3 }), ("parameters", 13, .each(.within(1, .message { parameterV3 }))),
        ], extensions: 14)

    private static let operationV3: GnosticMessage = .init(
        [
            ("tags", 1, .each(.text)), ("description", 3, .text), ("operationId", 5, .text),
            ("parameters", 6, .each(.within(1, .message { parameterV3 }))),
            ("requestBody", 7, .within(1, .message { requestBody })),
            ("responses", 8, .members(2, .within(1, .message { responseV3 }))),
        ], extensions: 13)

    private static let parameterV3: GnosticMessage = .init(
        [
            ("name", 1, .text), ("in", 2, .text), ("description", 3, .text), ("required", 4, .bool),
            ("schema", 10, schemaV3),
        ], extensions: 14)

    private static let requestBody: GnosticMessage = .init(
        [("description", 1, .text), ("content", 2, content), ("required", 3, .bool)], extensions: 4)

    private static let responseV3: GnosticMessage = .init(
        [("description", 1, .text), ("content", 3, content)], extensions: 5)

    private static let content: GnosticMessage.Form = .members(1, .message { mediaType })
    private static let mediaType: GnosticMessage = .init([("schema", 1, schemaV3)], extensions: 5)

    /// A schema, or where it stands.
    private static let schemaV3: GnosticMessage.Form = .choice { value in
        value["$ref"] == nil ? .within(1, .message { wholeSchema }) : .within(2, .message { referenceV3 })
    }
    private static let referenceV3: GnosticMessage = .init(
        [("$ref", 1, .text), ("summary", 2, .text), ("description", 3, .text)], extensions: 0)

    private static let wholeSchema: GnosticMessage = .init(
        [
            ("nullable", 1, .bool), ("externalDocs", 6, .message { externalDocs }), ("example", 7, .any),
            ("title", 9, .text), ("multipleOf", 10, .double), ("maximum", 11, .double), ("exclusiveMaximum", 12, .bool),
            ("minimum", 13, .double), ("exclusiveMinimum", 14, .bool), ("maxLength", 15, .integer),
            ("minLength", 16, .integer), ("pattern", 17, .text), ("maxItems", 18, .integer), ("minItems", 19, .integer),
            ("uniqueItems", 20, .bool), ("maxProperties", 21, .integer), ("minProperties", 22, .integer),
            ("required", 23, .each(.text)), ("enum", 24, .each(.any)), ("type", 25, .text),
            ("allOf", 26, .each(schemaV3)), ("oneOf", 27, .each(schemaV3)), ("anyOf", 28, .each(schemaV3)),
            ("not", 29, .message { wholeSchema }), ("items", 30, .within(1, schemaV3)),
            ("properties", 31, .members(1, schemaV3)), ("additionalProperties", 32, either(schemaV3)),
            ("default", 33, defaultValue), ("description", 34, .text), ("format", 35, .text),
        ], extensions: 36)

    private static let externalDocs: GnosticMessage = .init(
        [("description", 1, .text), ("url", 2, .text)], extensions: 3)

    /// DefaultType knows numbers, truths and texts; anything else is left empty.
    private static let defaultValue: GnosticMessage.Form = .choice { value in
        switch value {
        case .number: .within(1, .double)
        case .bool: .within(2, .bool)
        default: .within(3, .text)
        }
    }
}
