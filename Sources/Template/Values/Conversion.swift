public import Document

extension GoValue {
    /// The value that Helm's YAML or JSON reader would make: numbers are float64, objects new maps.
    public init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .number(let number): self = .float(number.double)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(GoList(elements.map { GoValue($0) }, .grown))
        case .object(let object): self = .map(GoMap(object))
        }
    }
}

extension GoMap {
    /// A new map, with new maps below, of a document's object.
    public convenience init(_ object: Object, kind: Kind = .any) {
        self.init(sorted: object.map { Entry(key: $0.key, value: GoValue($0.value)) }, kind: kind)
    }
}

/// A value that encoding/json refuses.
struct Unencodable: Error {
    /// The words after `json: `.
    let reason: String
}

extension GoValue {
    /// The tree that encoding/json writes for this value.
    func document(depth: Int = 0) throws(Unencodable) -> Value {
        // encoding/json looks for cycles below depth 1000; a map that holds itself is the only way to get there.
        if depth > 10_000 {
            throw Unencodable(reason: "unsupported value: encountered a cycle via \(typeName)")
        }
        switch self {
        case .invalid, .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .number(Number(Int64(int)))
        case .int64(let int): return .number(Number(int))
        case .uint8(let int): return .number(Number(Int64(int)))
        case .uint64(let int): return .number(Number(literal: Text(String(int))))
        case .float(let double):
            guard let number = Number(double) else {
                throw Unencodable(reason: "unsupported value: " + GoFloat.general(double))
            }
            return .number(number)
        case .complex: throw Unencodable(reason: "unsupported type: complex128")
        case .string(let text): return .string(text)
        case .bytes(let text): return .string(Text(bytes: Base64.encode(text.bytes)))
        case .list(let list): return list.isNil ? .null : .array(try list.documents(depth: depth))
        case .map(let map): return map.isNil ? .null : .object(try map.document(depth: depth))
        case .object(let object): return try object.underlying?.document(depth: depth + 1) ?? object.json
        }
    }
}

extension GoList {
    fileprivate func documents(depth: Int) throws(Unencodable) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(try element.document(depth: depth + 1)) }
        return values
    }
}

extension GoMap {
    fileprivate func document(depth: Int) throws(Unencodable) -> Object {
        var members: [Object.Member] = []
        members.reserveCapacity(count)
        for entry in entries {
            members.append(Object.Member(key: entry.key, value: try entry.value.document(depth: depth + 1)))
        }
        return Object(sorted: members)
    }
}

extension GoMap {
    /// The object that encoding/json writes for the map; nil where a value in it cannot be written.
    public var object: Object? { try? document(depth: 0) }
}

extension Value {
    /// What is written for a struct, its members in the order of declaration.
    static func declared(_ fields: [(Text, Value)]) -> Value {
        .object(Object(declared: fields.map { Object.Member(key: $0.0, value: $0.1) }))
    }
}
