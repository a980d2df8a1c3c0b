import API
import Document

/// Times and durations as expressions write them.
enum CELTime {
    /// RFC 3339, or a date alone.
    static func timestamp(_ text: String) -> CELValue? {
        let whole = text.count == 10 ? "\(text)T00:00:00Z" : text
        guard let time = Time(whole) else { return nil }
        var nanos: Int64 = 0
        if let dot = whole.firstIndex(of: ".") {
            let digits = whole[dot...].dropFirst().prefix(while: \.isNumber).prefix(9)
            nanos = Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
        }
        return .timestamp(seconds: time.seconds, nanos: nanos)
    }

    private static let units: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// `1h30m`, as Go reads it; nanoseconds.
    static func duration(_ text: String) -> Int64? {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            guard let number = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !$0.isNumber && $0 != "." }
            guard let factor = units.first(where: { $0.0 == unit })?.1 else { return nil }
            rest = rest.dropFirst(unit.count)
            total += number * factor
        }
        guard total < 9.2e18 else { return nil }
        return isNegative ? -Int64(total) : Int64(total)
    }

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

    /// The parts of a time in UTC: year, month (from 1), day, hour, minute, second.
    static func parts(_ seconds: Int64) -> (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let text = Time(seconds: seconds).description
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count >= 6 else { return (1970, 1, 1, 0, 0, 0) }
        return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
    }
}

extension CELTime {
    /// From 0.
    static func dayOfYear(_ seconds: Int64) -> Int64 {
        let date = parts(seconds)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
        return Int64(lengths.prefix(date.month - 1).reduce(date.day - 1, +) + (isLeap && date.month > 2 ? 1 : 0))
    }

    /// The seconds that a zone is before UTC: `UTC`, `02:00`, `-05:30`.
    static func offset(_ zone: String) throws(CELError) -> Int64 {
        if zone.isEmpty || zone == "UTC" { return 0 }
        let isNegative = zone.hasPrefix("-")
        let digits = isNegative || zone.hasPrefix("+") ? zone.dropFirst() : zone[...]
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 2, let hours = parts[0], let minutes = parts[1], (0...59).contains(minutes) else {
            throw CELError("unknown time zone \(zone)")
        }
        return (isNegative ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

/// base64 with or without padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") && byte != 10 && byte != 13 {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            group = group << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                bytes += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
                group = 0
            }
        }
        switch count % 4 {
        case 2: bytes.append(UInt8(group >> 4 & 255))
        case 3: bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        case 1: return nil
        default: break
        }
        return bytes
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
