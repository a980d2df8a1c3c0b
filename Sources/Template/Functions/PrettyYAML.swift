import Document

/// Values as go-yaml v3 marshals them by itself, without JSON in between.
enum PrettyYAML {
    /// The tree to write; a nil map is `{}` and a nil list `[]`, floats stand as Go's `%v` with its shortest digits.
    static func tree(_ value: GoValue, depth: Int = 0) throws(CallFailure) -> Value {
        // Go would use up its stack on a map that holds itself.
        if depth > Extent.mostDepth { throw .limit("a value nests deeper than \(Extent.mostDepth)") }
        switch value {
        case .invalid, .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .number(Number(Int64(int)))
        case .int64(let int): return .number(Number(int))
        case .uint8(let int): return .number(Number(Int64(int)))
        case .uint64(let int): return .number(Number(literal: Text(String(int))))
        case .float(let double): return .number(Number(literal: Text(literal(double))))
        case .complex: throw .text("cannot marshal type: complex128")
        case .string(let text): return .string(text)
        case .bytes(let text): return .array(text.bytes.map { .number(Number(Int64($0))) })
        case .list(let list):
            return .array(try list.elements.map { element throws(CallFailure) in try tree(element, depth: depth + 1) })
        case .map(let map):
            var members: [Object.Member] = []
            for entry in map.entries {
                members.append(Object.Member(key: entry.key, value: try tree(entry.value, depth: depth + 1)))
            }
            return .object(Object(unsorted: members))
        case .object(let object):
            // A time is no string to go-yaml, so that it needs no quotes.
            if object is TimeObject, case .string(let text) = object.json { return .number(Number(literal: text)) }
            if let underlying = object.underlying { return try tree(underlying, depth: depth + 1) }
            return try object.declaredFields.map { names throws(CallFailure) in
                try fields(names, of: object, depth)
            } ?? object.json
        }
    }

    /// The fields of a struct, to which go-yaml gives keys in lower case.
    private static func fields(_ names: [Text], of object: any GoObject, _ depth: Int) throws(CallFailure) -> Value {
        var members: [(Text, Value)] = []
        for name in names {
            guard let value = object.field(name) else { continue }
            members.append((Text(name.string.lowercased()), try tree(value, depth: depth + 1)))
        }
        return .declared(members)
    }

    private static func literal(_ double: Double) -> String {
        if double.isNaN { return ".nan" }
        if double.isInfinite { return double < 0 ? "-.inf" : ".inf" }
        return GoNumber.general(double)
    }
}
