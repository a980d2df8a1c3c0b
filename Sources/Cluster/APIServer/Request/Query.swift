import API
import Document

/// The parameters of a request, decoded.
struct Query: Sendable {
    private var pairs: [(name: String, value: String)]

    init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    /// Reads the part of a URL after `?`.
    init(_ text: Substring) {
        pairs =
            text.isEmpty
            ? []
            : text.split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (
                    Percent.decode(parts[0], plusIsSpace: true),
                    parts.count > 1 ? Percent.decode(parts[1], plusIsSpace: true) : ""
                )
            }
    }

    /// The first value of that name; empty where there is none.
    subscript(name: String) -> String { pairs.first { $0.name == name }?.value ?? "" }

    /// Adds a parameter; text parameters that come twice are joined, as both have to hold.
    mutating func append(_ name: String, _ value: String) {
        let joined = self[name].isEmpty ? value : "\(self[name]),\(value)"
        pairs.removeAll { $0.name == name }
        pairs.append((name, joined))
    }

    func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Go's reading of a boolean parameter (apimachinery's Convert_Slice_string_To_bool): everything but `false` and `0`,
    /// the empty value included.
    func flag(_ name: String) -> Bool {
        guard has(name) else { return false }
        let value = self[name].lowercased()
        return value != "false" && value != "0"
    }
}

extension Query {
    /// A parameter that has to be a number (strconv.ParseInt); nil where it is missing.
    func number(_ name: String) throws(Status) -> Int? {
        guard has(name) else { return nil }
        let text = self[name]
        if let number = Int(text) { return number }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let isNumber =
            !digits.isEmpty && text.utf8.count - digits.count < 2
            && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        let why = isNumber ? "value out of range" : "invalid syntax"
        throw .badRequest("strconv.ParseInt: parsing \(GoQuote.quote(Text(text)).string): \(why)")
    }
}

/// Percent-encoding of URLs (RFC 3986).
enum Percent {
    static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(Substring(rest.prefix(2)), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
