import Document

/// OpenAPI documents as gnostic's protobuf messages (google/gnostic-models, OpenAPIv2.proto and OpenAPIv3.proto), as far
/// as documents of Kubernetes go.
enum GnosticDocument {
    /// Version 2.
    static let v2: GnosticMessage = .init(
        [
            ("swagger", 1, .text), ("info", 2, .message { info }), ("paths", 8, .members(2, .message { path })),
            ("definitions", 9, .members(1, .message { schema })),
            ("parameters", 10, .members(1, parameter)), ("security", 12, .each(requirement)),
            ("securityDefinitions", 13, .members(1, .within(2, .message { key }))),
        ], extensions: 16)

    private static let info: GnosticMessage = .init([("title", 1, .text), ("version", 2, .text)], extensions: 7)

    private static let key: GnosticMessage = .init(
        [("type", 1, .text), ("name", 2, .text), ("in", 3, .text), ("description", 4, .text)], extensions: 5)

    /// SecurityRequirement, whose pairs hold lists of texts.
    static let requirement: GnosticMessage.Form = .members(1, .within(1, .each(.text)))

    private static let path: GnosticMessage = .init(
        [
            ("get", 2, .message { operation }), ("put", 3, .message { operation }), ("post", 4, .message { operation }),
            ("delete", 5, .message { operation }), ("options", 6, .message { operation }),
            ("head", 7, .message { operation }), ("patch", 8, .message { operation }),
            ("parameters", 9, .each(parameterItem)),
        ], extensions: 10)

    private static let operation: GnosticMessage = .init(
        [
            ("tags", 1, .each(.text)), ("description", 3, .text), ("operationId", 5, .text),
            ("produces", 6, .each(.text)), ("consumes", 7, .each(.text)), ("parameters", 8, .each(parameterItem)),
            ("responses", 9, .members(1, .within(1, .message { response }))), ("schemes", 10, .each(.text)),
        ], extensions: 13)

    private static let response: GnosticMessage = .init(
        [("description", 1, .text), ("schema", 2, .within(1, .message { schema }))], extensions: 5)

    private static let parameterItem: GnosticMessage.Form = .choice { value in
        value["$ref"] == nil ? .within(1, parameter) : .within(2, .message { reference })
    }
    private static let reference: GnosticMessage = .init(
        [("$ref", 1, .text), ("description", 2, .text)], extensions: 0)

    /// A parameter by its place: body, path or query.
    private static let parameter: GnosticMessage.Form = .choice { value in
        switch value["in"] {
        case "body"?: .within(1, .message { bodyParameter })
        case "path"?: .within(2, .within(4, .message { pathParameter }))
        default: .within(2, .within(3, .message { queryParameter }))
        }
    }

    private static let bodyParameter: GnosticMessage = .init(
        [
            ("description", 1, .text), ("name", 2, .text), ("in", 3, .text), ("required", 4, .bool),
            ("schema", 5, .message { schema }),
        ], extensions: 6)

    private static let pathParameter: GnosticMessage = .init(
        [
            ("required", 1, .bool), ("in", 2, .text), ("description", 3, .text), ("name", 4, .text),
            ("type", 5, .text), ("uniqueItems", 19, .bool),
        ], extensions: 22)

    private static let queryParameter: GnosticMessage = .init(
        [
            ("required", 1, .bool), ("in", 2, .text), ("description", 3, .text), ("name", 4, .text),
            ("type", 6, .text), ("uniqueItems", 20, .bool),
        ], extensions: 23)

    /// Schemas of both versions allow either any others or such as this one.
    static func either(_ schema: GnosticMessage.Form) -> GnosticMessage.Form {
        .choice { $0.bool == nil ? .within(1, schema) : .within(2, .bool) }
    }

    static let schema: GnosticMessage = .init(
        [
            ("$ref", 1, .text), ("format", 2, .text), ("title", 3, .text), ("description", 4, .text),
            ("default", 5, .any), ("multipleOf", 6, .double), ("maximum", 7, .double), ("exclusiveMaximum", 8, .bool),
            ("minimum", 9, .double), ("exclusiveMinimum", 10, .bool), ("maxLength", 11, .integer),
            ("minLength", 12, .integer), ("pattern", 13, .text), ("maxItems", 14, .integer), ("minItems", 15, .integer),
            ("uniqueItems", 16, .bool), ("maxProperties", 17, .integer), ("minProperties", 18, .integer),
            ("required", 19, .each(.text)), ("enum", 20, .each(.any)),
            ("additionalProperties", 21, either(.message { schema })), ("type", 22, .within(1, .text)),
            ("items", 23, .within(1, .message { schema })), ("allOf", 24, .each(.message { schema })),
            ("properties", 25, .members(1, .message { schema })),
        ], extensions: 31)
}
