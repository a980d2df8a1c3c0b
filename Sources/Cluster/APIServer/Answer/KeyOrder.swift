import Document

/// The order in which Go writes the fields of a struct, which is the one that people know a Status by.
struct KeyOrder {
    private let keys: [(key: Text, inside: KeyOrder?)]

    /// metav1.Status.
    static let status = KeyOrder([
        ("kind", nil), ("apiVersion", nil), ("metadata", nil), ("status", nil), ("message", nil), ("reason", nil),
        ("details", details), ("code", nil),
    ])
    private static let details = KeyOrder([
        ("name", nil), ("group", nil), ("kind", nil), ("uid", nil), ("causes", cause), ("retryAfterSeconds", nil),
    ])
    private static let cause = KeyOrder([("reason", nil), ("message", nil), ("field", nil)])

    private init(_ keys: [(key: Text, inside: KeyOrder?)]) { self.keys = keys }

    /// Appends an object as JSON, or a list of such.
    func append(_ value: Value, to output: inout [UInt8]) {
        switch value {
        case .object(let object):
            var isFirst = true
            output.append(UInt8(ascii: "{"))
            for (key, inside) in keys {
                guard let member = object[key] else { continue }
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                JSON.write(string: key, into: &output)
                output.append(UInt8(ascii: ":"))
                if let inside { inside.append(member, to: &output) } else { JSON.write(member, into: &output) }
            }
            output.append(UInt8(ascii: "}"))
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                append(element, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        default: JSON.write(value, into: &output)
        }
    }
}
