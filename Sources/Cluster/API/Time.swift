/// A point in time, counted from the Unix epoch, with the texts that Kubernetes gives it (RFC 3339, in UTC).
public struct Time: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    public var seconds: Int64
    /// 0 ..< 1_000_000_000, counted forward from `seconds`.
    public var nanoseconds: Int32

    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads RFC 3339 with any offset and fraction (nanoseconds at most); nil for anything else.
    public init?(_ text: String) {
        var scanner = DateScanner(text)
        guard let year = scanner.digits(4), scanner.take("-"), let month = scanner.digits(2), scanner.take("-"),
            let day = scanner.digits(2), scanner.take("T"), let hour = scanner.digits(2), scanner.take(":"),
            let minute = scanner.digits(2), scanner.take(":"), let second = scanner.digits(2),
            (1...12).contains(month), (1...Time.daysIn(month: month, year: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let days = Time.days(year: year, month: month, day: day)
        seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
        nanoseconds = Int32(fraction)
    }

    /// The form of metav1.Time: whole seconds, such as `2026-11-21T09:00:00Z`.
    public var description: String { "\(date)Z" }

    /// The form of metav1.MicroTime: always six digits of fraction.
    public var micro: String {
        let digits = String(nanoseconds / 1000)
        return "\(date).\(String(repeating: "0", count: 6 - digits.count))\(digits)Z"
    }

    /// Go's time.RFC3339Nano: nine digits of fraction without the zeros at their end.
    public var nano: String {
        guard nanoseconds != 0 else { return description }
        let digits = String(nanoseconds)
        var fraction = String(repeating: "0", count: 9 - digits.count) + digits
        while fraction.last == "0" { fraction.removeLast() }
        return "\(date).\(fraction)Z"
    }

    private var date: String {
        let civil = self.civil
        func pad(_ value: Int, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(civil.year, 4))-\(pad(civil.month))-\(pad(civil.day))"
            + "T\(pad(civil.hour)):\(pad(civil.minute)):\(pad(civil.second))"
    }

    public static func < (left: Time, right: Time) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Time: CustomStringConvertible {}

extension Time {
    /// The point that lies `duration` after (or, negative, before) this one.
    public static func + (time: Time, duration: Duration) -> Time {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int64(time.nanoseconds) + attoseconds / 1_000_000_000
        let carry = nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000
        return Time(seconds: time.seconds + seconds + carry, nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
    }

    /// The point that lies `duration` before this one.
    public static func - (time: Time, duration: Duration) -> Time { time + (.zero - duration) }

    /// How long after `right` the time `left` lies.
    public static func - (left: Time, right: Time) -> Duration {
        .seconds(left.seconds - right.seconds) + .nanoseconds(Int64(left.nanoseconds) - Int64(right.nanoseconds))
    }

    /// The same time without its fraction of a second, as metav1.Time stores it.
    public var wholeSeconds: Time { Time(seconds: seconds) }
}

extension Time {
    /// A date of the proleptic Gregorian calendar and a time of day, in UTC.
    public struct Civil: Sendable, Hashable {
        public var year, month, day, hour, minute, second: Int
        /// 0 is Sunday.
        public var weekday: Int
    }

    /// The date and time of day in UTC.
    public var civil: Civil {
        let days = Int((Double(seconds) / 86400).rounded(.down))
        let rest = Int(seconds - Int64(days) * 86400)
        // Days are counted from 0000-03-01, so that the leap day ends a year; see RFC 3339, appendix on days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Civil(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, hour: rest / 3600, minute: rest / 60 % 60,
            second: rest % 60, weekday: ((days % 7) + 11) % 7)
    }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads the fields of an RFC 3339 date one after the other.
private struct DateScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let byte = rest.first, byte &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            rest.removeFirst()
        }
        return value
    }

    /// Nanoseconds; 0 where no point follows, nil where no digit follows the point.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var places = 0
        while let digit = digits(1) {
            if places < 9 { value = value * 10 + digit }
            places += 1
        }
        guard places > 0 else { return nil }
        for _ in min(places, 9)..<9 { value *= 10 }
        return value
    }

    /// Seconds east of Greenwich.
    mutating func offset() -> Int? {
        if take("Z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
