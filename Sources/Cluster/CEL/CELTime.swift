import API
import Calendar
import Document

/// Times and durations as expressions write them.
enum CELTime {
    /// From year 1 to 9999.
    static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// RFC 3339, as expressions write it.
    static func timestamp(_ text: String) -> CELValue? {
        guard let time = Time(text), range.contains(time.seconds) else { return nil }
        return .timestamp(seconds: time.seconds, nanos: Int64(time.nanoseconds))
    }

    /// `1h30m`, as Go reads it; nanoseconds.
    static func duration(_ text: String) -> Int64? { try? GoDuration.parse(text) }

    /// `5400s`, as protobuf writes it.
    static func text(_ nanos: Int64) -> String {
        let fraction = nanos.magnitude % 1_000_000_000
        var text = "\(nanos < 0 ? "-" : "")\(nanos.magnitude / 1_000_000_000)"
        if fraction > 0 {
            var digits = String(fraction)
            digits = String(repeating: "0", count: 9 - digits.count) + digits
            while digits.hasSuffix("0") { digits.removeLast() }
            text += ".\(digits)"
        }
        return text + "s"
    }

    /// What an object has there: a date alone too.
    static func declared(_ text: String) -> CELValue? {
        timestamp(text.utf8.count == 10 ? "\(text)T00:00:00Z" : text)
    }

    /// The place whose clock an expression asks for: a name of the time zone database, or an offset, `02:00`, `-05:30`.
    static func zone(_ name: String) throws(CELError) -> Zone {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            guard let zone = Zone.named(name) else { throw CELError("unknown time zone \(name)") }
            return zone
        }
        let (hours, minutes) = (try number(parts[0]), try number(parts[1]))
        guard (-23...23).contains(hours) else {
            throw CELError("timezone offset hours out of range [-23, 23]: \(name)")
        }
        guard (0...59).contains(minutes) else {
            throw CELError("timezone offset minutes out of range [0, 59]: \(name)")
        }
        let seconds = (hours * 60 + (name.hasPrefix("-") ? -minutes : minutes)) * 60
        return Zone("", Zone.Offset(seconds: seconds, name: ""))
    }

    private static func number(_ text: Substring) throws(CELError) -> Int {
        guard let number = Int(text) else {
            let quoted = GoQuote.quote(Text(String(text))).string
            throw CELError("strconv.Atoi: parsing \(quoted): invalid syntax")
        }
        return number
    }
}

extension Base64 {
    /// The bytes of a text that may lack its padding (cel-go's ext/encoders).
    static func decode(unpadded text: String) -> [UInt8]? {
        decode(text.utf8) ?? decode((text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)).utf8)
    }
}

/// A URL, taken apart (RFC 3986).
public struct WebAddress: Sendable, Hashable {
    let scheme: String
    let host: String
    let path: String
    let query: String

    /// Only absolute URLs and absolute paths are URLs here (Kubernetes documentation, "CEL in Kubernetes").
    init?(_ text: String) {
        guard text.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value != 127 }) else { return nil }
        var rest = text[...]
        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        var query = ""
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[mark...].dropFirst())
            rest = rest[..<mark]
        }
        self.query = query
        if rest.hasPrefix("/") {
            (scheme, host, path) = ("", "", String(rest))
            return
        }
        guard let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix("://"), colon > rest.startIndex,
            rest[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { return nil }
        scheme = rest[..<colon].lowercased()
        rest = rest[colon...].dropFirst(3)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty else { return nil }
        host = String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")
        path = String(rest.dropFirst(authority.count))
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
