/// The proleptic Gregorian calendar as Go's package time counts it.
public struct CivilTime: Sendable, Hashable {
    public var year: Int
    /// 1 for January.
    public var month: Int
    /// 1 for the first of the month.
    public var day: Int
    public var hour = 0
    public var minute = 0
    public var second = 0

    /// The date and time of seconds since 1970, without zone.
    public init(seconds: Int64) {
        // Go counts from 106,751,991,073,400 days before 1970, and goes over from the last second to the first.
        let absolute = UInt64(bitPattern: seconds &+ 9_223_372_028_741_760_000)
        let days = Int(absolute / 86400) - 106_751_991_073_400
        let rest = Int(absolute % 86400)
        (year, month, day) = CivilTime.date(days: days)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// A date and time of day; parts beyond their ranges carry over in ``seconds``.
    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// Seconds since 1970; parts beyond their ranges carry over, as in `time.Date`.
    public var seconds: Int64 {
        let months = month &- 1
        let carried = months >= 0 ? months / 12 : (months &- 11) / 12
        let days = CivilTime.days(year: year &+ carried, month: months - carried * 12 + 1) &+ day &- 1
        return Int64(days) &* 86400 &+ Int64(hour) &* 3600 &+ Int64(minute) &* 60 &+ Int64(second)
    }

    /// The days from 1970-01-01 to the first of a month (Howard Hinnant's `days_from_civil`).
    public static func days(year: Int, month: Int) -> Int {
        let y = month <= 2 ? year &- 1 : year
        let era = (y >= 0 ? y : y &- 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era &* 146097 &+ dayOfEra &- 719468
    }

    /// The date of days since 1970 (`civil_from_days`).
    private static func date(days: Int) -> (Int, Int, Int) {
        let z = days + 719468
        let era = (z >= 0 ? z : z - 146096) / 146097
        let dayOfEra = z - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }

    /// Whether the year has 366 days.
    public static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// The days of a month.
    public static func daysIn(_ month: Int, of year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// 0 for Sunday.
    public var weekday: Int { ((CivilTime.days(year: year, month: month) + day - 1 + 4) % 7 + 7) % 7 }

    /// 1 for the first of January.
    public var yearDay: Int { CivilTime.days(year: year, month: month) - CivilTime.days(year: year, month: 1) + day }

    /// In English, January first.
    public static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// In English, Sunday first.
    public static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
