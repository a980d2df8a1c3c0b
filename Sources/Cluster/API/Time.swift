public import Calendar

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
            (1...12).contains(month), (1...CivilTime.daysIn(month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        seconds = civil.seconds - Int64(offset)
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
    /// The date and time of day in UTC.
    public var civil: CivilTime { CivilTime(seconds: seconds) }
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
