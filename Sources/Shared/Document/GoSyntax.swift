/// Go's `%#v` of a decoded YAML tree, which some of go-yaml's messages show.
enum GoSyntax {
    static func text(_ value: Value) -> String {
        switch value {
        case .null: "interface {}(nil)"
        case .bool(let flag): String(flag)
        case .number(let number): number.int64.map { String($0) } ?? GoFloat.general(number.double)
        case .string(let text): GoQuote.quote(text).string
        case .array(let elements): "[]interface {}{\(elements.map(text).joined(separator: ", "))}"
        case .object(let object):
            "map[interface {}]interface {}{"
                + object.map { "\(GoQuote.quote($0.key)):\(text($0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
