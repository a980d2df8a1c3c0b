import Document

extension Function {
    /// The methods of `common.Values`, the type of `.Values` and of the dot.
    static func valuesMethod(_ name: Text) -> Function? {
        switch name {
        case "AsMap": asMap
        case "Encode": encode
        case "PathValue": pathValue
        case "Table": table
        case "YAML": yaml
        default: nil
        }
    }

    private static let asMap = Function(method: "AsMap") { receiver, _ in
        receiver.map.map { .map($0.copy(kind: .any)) } ?? .map(GoMap())
    }

    /// No template has a writer to hand over.
    private static let encode = Function(method: "Encode", .writer) { _, _ throws(CallFailure) in
        throw .text("runtime error: invalid memory address or nil pointer dereference")
    }

    private static let pathValue = Function(method: "PathValue", .string) { receiver, arguments throws(CallFailure) in
        let path = arguments[0].text ?? ""
        if path.isEmpty { throw .text("YAML path cannot be empty") }
        var keys = GoStrings.split(path.bytes, [UInt8(ascii: ".")]).map { Text(bytes: $0) }
        let last = keys.removeLast()
        guard case .success(let map) = descend(receiver, keys), let value = map[last], value.map == nil else {
            throw .text("\(Quoting.string(last)) is not a value")
        }
        return value
    }

    private static let table = Function(method: "Table", .string) { receiver, arguments throws(CallFailure) in
        let path = arguments[0].text ?? ""
        let keys = GoStrings.split(path.bytes, [UInt8(ascii: ".")]).map { Text(bytes: $0) }
        switch descend(receiver, keys) {
        case .success(let map): return .map(map.asValues)
        case .failure(let missing): throw .text("\(Quoting.string(missing.key)) is not a table")
        }
    }

    private static let yaml = Function(method: "YAML") { receiver, _ throws(CallFailure) in
        .string(try Encoding.yaml(receiver, trimmed: false))
    }

    /// The key that leads no further.
    private struct Missing: Error {
        let key: Text
    }

    private static func descend(_ value: GoValue, _ keys: [Text]) -> Result<GoMap, Missing> {
        var map = value.map ?? GoMap()
        for key in keys {
            guard let inner = map[key]?.map else { return .failure(Missing(key: key)) }
            map = inner
        }
        return .success(map)
    }
}
