import Document

/// An OpenAPI v2 document as gnostic's protobuf messages (openapiv2/OpenAPIv2.proto), with its field numbers.
enum GnosticDocument {
    static func encode(_ document: Value) -> [UInt8] {
        var writer = WireMessage()
        writer.string(1, document["swagger"])
        writer.message(2) { info in
            info.string(1, document["info", "title"])
            info.string(2, document["info", "version"])
        }
        writer.message(8) { paths in
            for path in document["paths"]?.object ?? [:] {
                named(path.key, path.value, 2, &paths, pathItem)
            }
        }
        writer.message(9) { definitions in
            for definition in document["definitions"]?.object ?? [:] {
                named(definition.key, definition.value, 1, &definitions, schema)
            }
        }
        return writer.bytes
    }

    /// NamedPathItem, NamedSchema …: a name and a value.
    private static func named(
        _ name: Text, _ value: Value, _ number: Int, _ writer: inout WireMessage,
        _ write: (Value, inout WireMessage) -> Void
    ) {
        writer.message(number) { pair in
            pair.string(1, name)
            pair.message(2) { write(value, &$0) }
        }
    }

    private static func pathItem(_ item: Value, _ writer: inout WireMessage) {
        for (method, number): (Text, Int) in [
            ("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("options", 6), ("head", 7), ("patch", 8),
        ] {
            if let value = item[method] { writer.message(number) { operation(value, &$0) } }
        }
        for value in item["parameters"]?.array ?? [] { writer.message(9) { parameter(value, &$0) } }
    }

    private static func operation(_ operation: Value, _ writer: inout WireMessage) {
        writer.strings(1, operation["tags"])
        writer.string(5, operation["operationId"])
        writer.strings(6, operation["produces"])
        writer.strings(7, operation["consumes"])
        for value in operation["parameters"]?.array ?? [] { writer.message(8) { parameter(value, &$0) } }
        writer.message(9) { responses in
            for response in operation["responses"]?.object ?? [:] {
                named(response.key, response.value, 1, &responses) { value, writer in
                    writer.message(1) { body in
                        body.string(1, value["description"])
                        if let answer = value["schema"] { body.message(2) { $0.message(1) { schema(answer, &$0) } } }
                    }
                }
            }
        }
        writer.strings(10, operation["schemes"])
        extensions(operation, 13, &writer)
    }

    /// ParametersItem → Parameter → body, query or path parameter.
    private static func parameter(_ parameter: Value, _ writer: inout WireMessage) {
        writer.message(1) { item in
            switch parameter["in"] {
            case "body"?: item.message(1) { bodyParameter(parameter, &$0) }
            case "path"?:
                item.message(2) { $0.message(4) { plainParameter(parameter, typeNumber: 5, uniqueNumber: 19, &$0) } }
            default:
                item.message(2) { $0.message(3) { plainParameter(parameter, typeNumber: 6, uniqueNumber: 20, &$0) } }
            }
        }
    }

    private static func bodyParameter(_ parameter: Value, _ writer: inout WireMessage) {
        writer.string(2, parameter["name"])
        writer.string(3, parameter["in"])
        writer.bool(4, parameter["required"])
        if let value = parameter["schema"] { writer.message(5) { schema(value, &$0) } }
    }

    private static func plainParameter(
        _ parameter: Value, typeNumber: Int, uniqueNumber: Int, _ writer: inout WireMessage
    ) {
        writer.bool(1, parameter["required"])
        writer.string(2, parameter["in"])
        writer.string(4, parameter["name"])
        writer.string(typeNumber, parameter["type"])
        writer.bool(uniqueNumber, parameter["uniqueItems"])
    }

    static func schema(_ schema: Value, _ writer: inout WireMessage) {
        writer.string(1, schema["$ref"])
        writer.string(2, schema["format"])
        writer.string(4, schema["description"])
        if let value = schema["default"] { writer.message(5) { any(value, &$0) } }
        validations(schema, &writer)
        writer.strings(19, schema["required"])
        for value in schema["enum"]?.array ?? [] { writer.message(20) { any(value, &$0) } }
        if let value = schema["additionalProperties"] {
            writer.message(21) { item in
                if value.object != nil {
                    item.message(1) { GnosticDocument.schema(value, &$0) }
                } else {
                    item.bool(2, value)
                }
            }
        }
        if schema["type"] != nil { writer.message(22) { $0.string(1, schema["type"]) } }
        if let items = schema["items"] { writer.message(23) { $0.message(1) { GnosticDocument.schema(items, &$0) } } }
        for value in schema["allOf"]?.array ?? [] { writer.message(24) { GnosticDocument.schema(value, &$0) } }
        if let properties = schema["properties"]?.object {
            writer.message(25) { writer in
                for property in properties { named(property.key, property.value, 1, &writer, GnosticDocument.schema) }
            }
        }
        extensions(schema, 31, &writer)
    }

    private static func validations(_ schema: Value, _ writer: inout WireMessage) {
        writer.double(6, schema["multipleOf"])
        writer.double(7, schema["maximum"])
        writer.bool(8, schema["exclusiveMaximum"])
        writer.double(9, schema["minimum"])
        writer.bool(10, schema["exclusiveMinimum"])
        writer.integer(11, schema["maxLength"])
        writer.integer(12, schema["minLength"])
        writer.string(13, schema["pattern"])
        writer.integer(14, schema["maxItems"])
        writer.integer(15, schema["minItems"])
        writer.bool(16, schema["uniqueItems"])
        writer.integer(17, schema["maxProperties"])
        writer.integer(18, schema["minProperties"])
    }

    /// The `x-` members, each as a name and a text of YAML; JSON is YAML.
    private static func extensions(_ value: Value, _ number: Int, _ writer: inout WireMessage) {
        for member in value.object ?? [:] where member.key.hasPrefix("x-") {
            named(member.key, member.value, number, &writer, any)
        }
    }

    private static func any(_ value: Value, _ writer: inout WireMessage) {
        writer.string(2, JSON.text(value) + "\n")
    }
}
