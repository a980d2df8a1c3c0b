import Document

extension PathElement {
    /// `f:spec`, `k:{"name":"a"}`, `v:"x"`, `i:0`: the key in fieldsV1.
    var serialized: Text {
        switch self {
        case .field(let name): "f:" + name
        case .key(let fields): "k:" + JSON.text(.object(fields), JSON.Format(escapesHTML: false))
        case .value(let value): "v:" + JSON.text(value, JSON.Format(escapesHTML: false))
        case .index(let index): Text("i:\(index)")
        }
    }

    /// The element of a fieldsV1 key; nil for what is none.
    init?(serialized: Text) {
        let bytes = serialized.bytes
        guard bytes.count >= 2, bytes[1] == UInt8(ascii: ":") else { return nil }
        let rest = Text(bytes: bytes.dropFirst(2))
        switch bytes[0] {
        case UInt8(ascii: "f"): self = .field(rest)
        case UInt8(ascii: "k"):
            guard let fields = (try? JSON.parse(rest))?.object else { return nil }
            self = .key(fields)
        case UInt8(ascii: "v"):
            guard let value = try? JSON.parse(rest) else { return nil }
            self = .value(value)
        case UInt8(ascii: "i"):
            guard let index = Int(rest.string) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    /// As error messages write it: `.name`, `[name="a"]`, `[="x"]`, `[0]`.
    var shown: String {
        switch self {
        case .field(let name): ".\(name)"
        case .key(let fields): "[\(fields.map { "\($0.key)=\(JSON.text($0.value))" }.joined(separator: ","))]"
        case .value(let value): "[=\(JSON.text(value))]"
        case .index(let index): "[\(index)]"
        }
    }
}

extension PathElement {
    /// Whether a key of a fieldsV1 can be read; of a sort that nobody knows yet, it is passed over.
    static func isReadable(_ key: Text) -> Bool {
        let bytes = key.bytes
        guard bytes.count >= 2, bytes[1] == UInt8(ascii: ":") else { return false }
        let known = "fkvi".utf8.contains(bytes[0])
        return !known || PathElement(serialized: key) != nil
    }
}

extension FieldSet {
    /// Whether a `fieldsV1` can be read.
    static func isReadable(_ value: Value) -> Bool {
        guard let members = value.object else { return false }
        return members.allSatisfy { $0.key == "." || PathElement.isReadable($0.key) && isReadable($0.value) }
    }

    /// The set of a `fieldsV1`; what is not understood is left out.
    init(fieldsV1 value: Value) {
        let members = value.object ?? [:]
        var nodes: [Node] = []
        nodes.reserveCapacity(members.count)
        for member in members {
            guard let element = PathElement(serialized: member.key) else { continue }
            let inside = member.value.object ?? [:]
            // A leaf is written as {}, a member with others below it has a dot.
            let isMember = inside.isEmpty || inside["."] != nil
            nodes.append(Node(element: element, isMember: isMember, children: FieldSet(fieldsV1: member.value)))
        }
        self.init(unsorted: nodes)
    }

    /// The `fieldsV1` of the set.
    var fieldsV1: Value {
        .object(
            Object(
                nodes.map { node -> (Text, Value) in
                    var inside = node.children.fieldsV1
                    if node.isMember, !node.children.isEmpty { inside["."] = [:] }
                    return (node.element.serialized, inside)
                }))
    }
}
