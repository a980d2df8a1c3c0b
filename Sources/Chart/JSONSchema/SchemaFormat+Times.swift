import Calendar
import Document

// Dates, times and durations (RFC 3339).
extension SchemaFormat {
    static let date: @Sendable (Text) -> String? = { text in TimeParser.fault(text.string, layout: "2006-01-02") }

    static let dateTime: @Sendable (Text) -> String? = { text in
        let bytes = text.bytes
        if bytes.count < 20 { return "less than 20 characters long" }
        if bytes[10] | 0x20 != UInt8(ascii: "t") { return "11th character must be t or T" }
        if let words = date(Text(bytes: bytes[..<10])) { return "invalid date element: \(words)" }
        return time(Text(bytes: bytes[11...])).map { "invalid time element: \($0)" }
    }

    static let time: @Sendable (Text) -> String? = { text in
        let bytes = text.bytes
        if bytes.count < 9 { return "less than 9 characters long" }
        if bytes[2] != UInt8(ascii: ":") || bytes[5] != UInt8(ascii: ":") { return "missing colon in correct place" }
        var clock: [Int] = []
        for part in split(Text(bytes: bytes[..<8]), ":") {
            guard case .success(let number) = SchemaFormat.number(part) else { return "invalid hour/min/sec" }
            if number < 0 { return "non-positive hour/min/sec" }
            clock.append(number)
        }
        guard clock.count == 3 else { return "missing hour/min/sec" }
        if clock[0] > 23 || clock[1] > 59 || clock[2] > 60 { return "hour/min/sec out of range" }
        var rest = bytes[8...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            if digits.isEmpty { return "no digits in second fraction" }
            rest = rest.dropFirst(1 + digits.count)
        }
        switch offset(Text(bytes: rest)) {
        case .fault(let words): return words
        case .minutes(let offset):
            // A leap second ends a day in UTC; a time before midnight belongs to the day before.
            var minutes = clock[0] * 60 + clock[1] - offset
            if minutes < 0 { minutes += 24 * 60 }
            return clock[2] == 60 && (minutes / 60 != 23 || minutes % 60 != 59) ? "invalid leap second" : nil
        }
    }

    private enum Offset {
        case minutes(Int)
        case fault(String)
    }

    private static func offset(_ text: Text) -> Offset {
        if text == "z" || text == "Z" { return .minutes(0) }
        let bytes = text.bytes
        if bytes.count != 6 { return .fault("offset must be 6 characters long") }
        let sign: Int
        switch bytes[0] {
        case UInt8(ascii: "+"): sign = 1
        case UInt8(ascii: "-"): sign = -1
        default: return .fault("offset must begin with plus/minus")
        }
        if bytes[3] != UInt8(ascii: ":") { return .fault("missing colon in offset in correct place") }
        var parts: [Int] = []
        for part in [bytes[1..<3], bytes[4...]] {
            guard case .success(let number) = SchemaFormat.number(Text(bytes: part)) else {
                return .fault("invalid hour/min in offset")
            }
            if number < 0 { return .fault("non-positive hour/min in offset") }
            parts.append(number)
        }
        if parts[0] > 23 || parts[1] > 59 { return .fault("hour/min in offset out of range") }
        return .minutes(sign * (parts[0] * 60 + parts[1]))
    }

    static let duration: @Sendable (Text) -> String? = { text in
        guard text.hasPrefix("P") else { return "must start with P" }
        let rest = Text(bytes: text.bytes.dropFirst())
        if rest.isEmpty { return "nothing after P" }
        if rest.hasSuffix("W") {
            let digits = rest.bytes.dropLast()
            if digits.isEmpty { return "no number in week" }
            return digits.allSatisfy { (0x30...0x39).contains($0) } ? nil : "invalid week"
        }
        for (index, part) in split(rest, "T").enumerated() {
            if index != 0, part.isEmpty { return "no time elements" }
            if index > 1 { return "more than one T" }
            if let fault = durationFault(part, index == 0 ? "YMD" : "HMS") { return fault }
        }
        return nil
    }

    private static func durationFault(_ text: Text, _ units: String) -> String? {
        let all = Array(units.utf8)
        var left = all[...]
        var rest = text.bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            if digits.isEmpty { return "missing number" }
            rest = rest.dropFirst(digits.count)
            guard let unit = rest.popFirst() else { return "missing unit" }
            guard let place = left.firstIndex(of: unit) else {
                let name = quoted(Unicode.Scalar(unit))
                return all.contains(unit) ? "unit \(name) out of order" : "invalid unit \(name)"
            }
            left = left[(place + 1)...]
        }
        return nil
    }

    static let period: @Sendable (Text) -> String? = { text in
        guard let slash = text.bytes.firstIndex(of: UInt8(ascii: "/")) else { return "missing slash" }
        let (start, end) = (Text(bytes: text.bytes[..<slash]), Text(bytes: text.bytes[(slash + 1)...]))
        if start.hasPrefix("P") {
            if let words = duration(start) { return "invalid start duration: \(words)" }
            return dateTime(end).map { "invalid end date-time: \($0)" }
        }
        if let words = dateTime(start) { return "invalid start date-time: \(words)" }
        if end.hasPrefix("P") { return duration(end).map { "invalid end duration: \($0)" } }
        return dateTime(end).map { "invalid end date-time: \($0)" }
    }
}
