import Document

extension Function {
    /// The methods of `common.Values`, the type of `.Values` and of the dot.
    static func valuesMethod(_ name: Text) -> Function? {
        switch name {
        case "AsMap": asMap
        case "PathValue": pathValue
        case "Table": table
        case "YAML": yaml
        default: nil
        }
    }

    private static let asMap = Function(method: "AsMap") { receiver, _ in
        receiver.map.map { .map($0.copy(kind: .any)) } ?? .map(GoMap())
    }

    private static let pathValue = Function(method: "PathValue", .string) { receiver, arguments throws(CallFailure) in
        let path = arguments[0].text ?? ""
        if path.isEmpty { throw .text("YAML path cannot be empty") }
        var keys = GoStrings.split(path.bytes, [UInt8(ascii: ".")]).map { Text(bytes: $0) }
        let last = keys.removeLast()
        guard let map = descend(receiver, keys), let value = map[last], value.map == nil else {
            throw .text("\(Quoting.string(path)) is not a value")
        }
        return value
    }

    private static let table = Function(method: "Table", .string) { receiver, arguments throws(CallFailure) in
        let path = arguments[0].text ?? ""
        let keys = GoStrings.split(path.bytes, [UInt8(ascii: ".")]).map { Text(bytes: $0) }
        guard let map = descend(receiver, keys) else { throw .text("\(Quoting.string(path)) is not a table") }
        return .map(map)
    }

    private static let yaml = Function(method: "YAML") { receiver, _ throws(CallFailure) in
        .string(try Encoding.yaml(receiver, trimmed: false))
    }

    private static func descend(_ value: GoValue, _ keys: [Text]) -> GoMap? {
        var map = value.map
        for key in keys { map = map?[key]?.map }
        return map
    }
}
