import Document

/// Durations in nanoseconds as Go's public time reads and writes them.
public enum GoDuration {
    static let units: [(name: String, nanoseconds: UInt64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// Why a text is no duration.
    public struct Malformed: Error {
        /// Go's words.
        public let message: String
    }

    /// `time.ParseDuration`
    public static func parse(_ text: String) throws(Malformed) -> Int64 {
        let quoted = quoted(text)
        let invalid = Malformed(message: "time: invalid duration \(quoted)")
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return 0 }
        if rest.isEmpty { throw invalid }
        var total: UInt64 = 0
        while !rest.isEmpty {
            let whole = digits(&rest)
            var fraction = Substring()
            if rest.first == "." {
                rest.removeFirst()
                fraction = digits(&rest)
            }
            if whole.isEmpty, fraction.isEmpty { throw invalid }
            let unit = rest.prefix { $0 != "." && !($0.isASCII && $0.isNumber) }
            rest = rest[unit.endIndex...]
            if unit.isEmpty { throw Malformed(message: "time: missing unit in duration \(quoted)") }
            guard let scale = units.first(where: { $0.name == unit })?.nanoseconds else {
                throw Malformed(message: "time: unknown unit \(self.quoted(unit)) in duration \(quoted)")
            }
            guard let part = amount(whole, fraction, scale), total + part <= 1 << 63 else { throw invalid }
            total += part
        }
        if isNegative { return Int64(truncatingIfNeeded: 0 &- total) }
        guard let result = Int64(exactly: total) else { throw invalid }
        return result
    }

    /// As package time quotes: byte by byte, and nothing beyond ASCII as it is.
    private static func quoted(_ text: some StringProtocol) -> String {
        let inner = text.utf8.map { byte -> String in
            switch byte {
            case 0x22, 0x5C: "\\" + String(UnicodeScalar(byte))
            case 0x20..<0x80: String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return "\"\(inner.joined())\""
    }

    private static func digits(_ rest: inout Substring) -> Substring {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest[digits.endIndex...]
        return digits
    }

    private static func amount(_ whole: Substring, _ fraction: Substring, _ scale: UInt64) -> UInt64? {
        guard let value = UInt64(whole.isEmpty ? "0" : whole) else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: scale)
        guard !overflow, product <= 1 << 63 else { return nil }
        var part = Double(scale)
        var sum = 0.0
        for digit in fraction {
            part /= 10
            sum += part * Double(digit.wholeNumberValue ?? 0)
        }
        return product + UInt64(sum.rounded(.towardZero) + (fraction.isEmpty ? 0 : 0))
    }

    /// `Duration.String`
    public static func text(_ nanoseconds: Int64) -> String {
        if nanoseconds == 0 { return "0s" }
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        if magnitude < 1000 { return "\(sign)\(magnitude)ns" }
        if magnitude < 1_000_000 { return sign + decimal(magnitude, 1000) + "µs" }
        if magnitude < 1_000_000_000 { return sign + decimal(magnitude, 1_000_000) + "ms" }
        let minutes = magnitude / 60_000_000_000
        let seconds = decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
        if minutes == 0 { return sign + seconds }
        let hours = minutes / 60
        return sign + (hours > 0 ? "\(hours)h" : "") + "\(minutes % 60)m" + seconds
    }

    private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
        let fraction = value % unit
        if fraction == 0 { return String(value / unit) }
        let width = String(unit).count - 1
        var digits = String(fraction)
        digits = String(repeating: "0", count: width - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(value / unit).\(digits)"
    }
}
