import Document

/// A URL, taken apart (RFC 3986).
public struct WebAddress: Sendable, Hashable {
    let scheme: String
    let host: String
    let path: String
    let query: String

    /// Why a text is no URL, as Go's net/url says it.
    struct Malformed: Error {
        let message: String
    }

    /// Only absolute URLs and absolute paths are URLs here (Kubernetes documentation, "CEL in Kubernetes").
    init(_ text: String) throws(Malformed) {
        if text.utf8.contains(where: { $0 < 32 || $0 == 127 }) {
            throw Malformed(message: "net/url: invalid control character in URL")
        }
        if text.isEmpty { throw Malformed(message: "empty url") }
        var rest = text[...]
        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        var query = ""
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[mark...].dropFirst())
            rest = rest[..<mark]
        }
        self.query = query
        if rest == "*" {
            (scheme, host, path) = ("", "", "*")
            return
        }
        var scheme = ""
        if let colon = rest.firstIndex(of: ":"), let first = rest.first, first.isASCII, first.isLetter,
            rest[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[colon...].dropFirst()
        }
        self.scheme = scheme
        guard rest.hasPrefix("/") else {
            if scheme.isEmpty { throw Malformed(message: "invalid URI for request") }
            (host, path) = ("", "")
            return
        }
        if rest.hasPrefix("//"), !scheme.isEmpty || !rest.hasPrefix("///") {
            rest = rest.dropFirst(2)
            let authority = rest.prefix { $0 != "/" }
            host = try Self.host(authority)
            rest = rest.dropFirst(authority.count)
        } else {
            host = ""
        }
        try Self.checkEscapes(rest)
        path = String(rest)
    }

    private static func host(_ authority: Substring) throws(Malformed) -> String {
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if let wrong = host.first(where: { " <>\"\\^`{|}".contains($0) }) {
            throw Malformed(message: "invalid character \(GoQuote.quote(Text(String(wrong))).string) in host name")
        }
        try checkEscapes(host)
        let behind =
            host.hasPrefix("[")
            ? host.drop { $0 != "]" }.dropFirst() : host[(host.firstIndex(of: ":") ?? host.endIndex)...]
        if !behind.isEmpty, behind.first != ":" || !behind.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) {
            throw Malformed(message: "invalid port \(GoQuote.quote(Text(String(behind))).string) after host")
        }
        return String(host)
    }

    private static func checkEscapes(_ text: Substring) throws(Malformed) {
        for place in text.indices where text[place] == "%" {
            let escape = text[place...].prefix(3)
            guard escape.count == 3, escape.dropFirst().allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                throw Malformed(message: "invalid URL escape \(GoQuote.quote(Text(String(escape))).string)")
            }
        }
    }

    /// What the query says, by name; a name that comes twice has both values.
    var parameters: [(name: String, values: [String])] {
        var found: [(name: String, values: [String])] = []
        for part in query.split(separator: "&") where !part.contains(";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
            guard let name = pair[0], let value = pair.count == 2 ? pair[1] : "" else { continue }
            if let index = found.firstIndex(where: { $0.name == name }) {
                found[index].values.append(value)
            } else {
                found.append((name, [value]))
            }
        }
        return found
    }

    /// With `+` for a blank and `%41` for an A.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            guard rest.count > 1, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The host without its port and brackets.
    var hostname: String {
        if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
        return String(host.prefix { $0 != ":" })
    }

    var port: String {
        let rest = host.hasPrefix("[") ? host.drop { $0 != "]" }.dropFirst() : host.drop { $0 != ":" }
        return String(rest.dropFirst())
    }
}
