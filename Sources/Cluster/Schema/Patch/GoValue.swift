import Document

/// How Go prints the maps, lists and scalars that JSON is read into.
enum GoValue {
    /// As `%v` does.
    static func text(_ value: Value) -> String {
        switch value {
        case .null: "<nil>"
        case .bool(let bool): String(bool)
        case .number(let number): number.int64.map(String.init) ?? GoFloat.general(number.double)
        case .string(let text): text.string
        case .array(let elements): "[\(elements.map(text).joined(separator: " "))]"
        case .object(let object): "map[\(object.map { "\($0.key):\(text($0.value))" }.joined(separator: " "))]"
        }
    }

    /// As `%s` does, which complains of what is no text.
    static func string(_ value: Value) -> String {
        switch value {
        case .null: "%!s(<nil>)"
        case .bool, .number: "%!s(\(kind(value))=\(text(value)))"
        case .string(let text): text.string
        case .array(let elements): "[\(elements.map(string).joined(separator: " "))]"
        case .object(let object): "map[\(object.map { "\($0.key):\(string($0.value))" }.joined(separator: " "))]"
        }
    }

    /// As `%#v` does.
    static func syntax(_ value: Value) -> String {
        switch value {
        case .null: "interface {}(nil)"
        case .bool, .number: text(value)
        case .string(let text): GoQuote.quote(text).string
        case .array(let elements): "[]interface {}{\(elements.map(syntax).joined(separator: ", "))}"
        case .object(let object):
            "map[string]interface {}{"
                + object.map { "\(GoQuote.quote($0.key)):\(syntax($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// The name of its reflect.Kind.
    static func kind(_ value: Value) -> String {
        switch value {
        case .null: "invalid"
        case .bool: "bool"
        case .number(let number): number.int64 == nil ? "float64" : "int64"
        case .string: "string"
        case .array: "slice"
        case .object: "map"
        }
    }

    /// The name of its reflect.Type.
    static func type(_ value: Value) -> String {
        switch value {
        case .null: "%!s(<nil>)"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        default: kind(value)
        }
    }
}
