public import Document

/// A JSON tree whose structures keep the order of their members, as encoding/json writes a Go struct in the order of its
/// fields; everything inside `plain` is sorted, as Go's maps are.
public indirect enum OrderedJSON: Sendable {
    case plain(Value)
    case list([OrderedJSON])
    case structure([(name: String, value: OrderedJSON)])

    /// A structure without the members that are nil: Go's `omitempty` is decided by the caller.
    static func structure(omittingNil members: [(String, OrderedJSON?)]) -> OrderedJSON {
        .structure(members.compactMap { name, value in value.map { (name, $0) } })
    }

    /// A string, nil where it is empty.
    static func text(_ text: String) -> OrderedJSON? { text.isEmpty ? nil : .plain(.string(text)) }

    /// The bytes that `json.Marshal` gives.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return bytes
    }

    /// The same tree with all members sorted, as sigs.k8s.io/yaml writes it.
    public var sorted: Value {
        switch self {
        case .plain(let value): value
        case .list(let elements): .array(elements.map(\.sorted))
        case .structure(let members): .object(Object(members.map { (Text($0.name), $0.value.sorted) }))
        }
    }

    private func write(into bytes: inout [UInt8]) {
        switch self {
        case .plain(let value): JSON.write(value, into: &bytes)
        case .list(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .structure(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSON.write(string: Text(member.name), into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}

extension OrderedJSON {
    /// An object with the named members first and in that order, and what else it has behind them.
    ///
    /// So a record that a later Helm wrote keeps the fields that we do not know.
    static func object(_ value: Value, order: [String], members: [String: (Value) -> OrderedJSON] = [:]) -> OrderedJSON
    {
        guard let object = value.object else { return .plain(value) }
        let known = order.compactMap { name in object[Text(name)].map { (name, members[name]?($0) ?? .plain($0)) } }
        let others = object.filter { !order.contains($0.key.string) }
        return .structure(known + others.map { ($0.key.string, .plain($0.value)) })
    }
}
