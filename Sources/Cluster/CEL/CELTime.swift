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

    /// `5400s`: the seconds as the float64 that Go makes of them.
    static func text(_ nanos: Int64) -> String {
        let (seconds, rest) = nanos.quotientAndRemainder(dividingBy: 1_000_000_000)
        return GoFloat.fixed(Double(seconds) + Double(rest) / 1e9) + "s"
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
