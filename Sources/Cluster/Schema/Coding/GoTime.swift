/// What Go's time package says of texts that are no time.
enum GoTime {
    /// time.ParseError's text for a text that does not follow a layout.
    static func parseFailure(_ text: String, layout: String) -> String {
        let (element, rest) = firstMismatch(text, layout: layout)
        return "parsing time \"\(text)\" as \"\(layout)\": cannot parse \"\(rest)\" as \"\(element)\""
    }

    /// Walks both as time.Parse does, element by element.
    private static func firstMismatch(_ text: String, layout: String) -> (element: String, rest: String) {
        var rest = Substring(text)
        for (element, digits) in [
            ("2006", 4), ("-", 0), ("01", 2), ("-", 0), ("02", 2), ("T", 0), ("15", 2), (":", 0), ("04", 2), (":", 0),
            ("05", 2),
        ] {
            if digits == 0 {
                guard rest.hasPrefix(element) else { return (element, String(rest)) }
                rest = rest.dropFirst()
            } else {
                let number = rest.prefix(digits)
                guard number.count == digits, number.utf8.allSatisfy({ (48...57).contains($0) }) else {
                    return (element, String(rest))
                }
                rest = rest.dropFirst(digits)
            }
        }
        if layout.contains(".000000"), !rest.hasPrefix(".") { return (".000000", String(rest)) }
        return ("Z07:00", String(rest))
    }
}

/// Go's time.Duration: nanoseconds, read and written as `1h30m`.
struct GoDuration: CustomStringConvertible {
    let nanoseconds: Int64

    private static let units: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// time.ParseDuration; nil for what is none.
    init?(_ text: String) {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
        if rest == "0" {
            nanoseconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0 == "." || ("0"..."9").contains($0) }
            guard let count = Double(number.hasPrefix(".") ? "0\(number)" : String(number)) else { return nil }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { $0 != "." && !("0"..."9").contains($0) }
            guard let scale = GoDuration.units.first(where: { $0.0 == unit })?.1 else { return nil }
            rest = rest[unit.endIndex...]
            total += count * scale
        }
        guard total < 9.2e18 else { return nil }
        nanoseconds = Int64(isNegative ? -total : total)
    }

    /// time.Duration.String
    var description: String {
        guard nanoseconds != 0 else { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        if magnitude < 1_000_000_000 {
            let (scale, unit): (UInt64, String) =
                magnitude < 1000 ? (1, "ns") : magnitude < 1_000_000 ? (1000, "µs") : (1_000_000, "ms")
            return "\(sign)\(GoDuration.decimal(magnitude, scale))\(unit)"
        }
        let minutes = magnitude / 60_000_000_000
        let seconds = GoDuration.decimal(magnitude % 60_000_000_000, 1_000_000_000)
        if minutes == 0 { return "\(sign)\(seconds)s" }
        return minutes < 60 ? "\(sign)\(minutes)m\(seconds)s" : "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)s"
    }

    private static func decimal(_ value: UInt64, _ scale: UInt64) -> String {
        let fraction = value % scale
        guard fraction != 0 else { return String(value / scale) }
        let digits = String(fraction + scale).dropFirst()
        return "\(value / scale).\(String(digits.reversed().drop { $0 == "0" }.reversed()))"
    }
}
