import Calendar

/// The times that a cron expression names ("CronJob", "Schedule syntax"), as robfig/cron reads it: five fields with ranges,
/// steps, lists and names, or `@hourly` and its kin, by the clock of a place.
public struct CronSchedule: Sendable {
    /// Why a text is no schedule.
    public struct Malformed: Error, Sendable {
        /// The library's words.
        public let message: String
    }

    private enum Form {
        case fields(minutes: CronField, hours: CronField, days: CronField, months: CronField, weekdays: CronField)
        /// `@every`: so many seconds after the last time.
        case interval(Int64)
    }

    private let form: Form
    private let zone: Zone

    private static let named = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Reads an expression, which may begin with `TZ=` and the name of a zone; UTC where it does not.
    public init(_ text: String) throws(Malformed) {
        let (zone, expression) = try Self.placed(text)
        self.zone = zone
        if expression.hasPrefix("@every ") {
            form = .interval(try Self.interval(expression))
            return
        }
        if expression.hasPrefix("@"), Self.named[expression] == nil {
            throw Malformed(message: "unrecognized descriptor: \(expression)")
        }
        let fields = (Self.named[expression] ?? expression).split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else {
            let words = fields.joined(separator: " ")
            throw Malformed(message: "expected exactly 5 fields, found \(fields.count): [\(words)]")
        }
        form = .fields(
            minutes: try CronField(fields[0], .minutes), hours: try CronField(fields[1], .hours),
            days: try CronField(fields[2], .days), months: try CronField(fields[3], .months),
            weekdays: try CronField(fields[4], .weekdays))
    }

    /// The zone that stands before an expression, and the expression.
    private static func placed(_ text: String) throws(Malformed) -> (Zone, String) {
        if text.isEmpty { throw Malformed(message: "empty spec string") }
        guard text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ="), let mark = text.firstIndex(of: "=") else {
            return (.utc, text)
        }
        let end = text.firstIndex(of: " ") ?? text.endIndex
        let name = String(text[text.index(after: mark)..<end])
        guard let zone = Zone.named(name) else {
            throw Malformed(message: "provided bad location \(name): unknown time zone \(name)")
        }
        return (zone, text[end...].split(separator: " ").joined(separator: " "))
    }

    private static func interval(_ text: String) throws(Malformed) -> Int64 {
        do throws(GoDuration.Malformed) {
            return max(1, try GoDuration.parse(String(text.dropFirst("@every ".count))) / 1_000_000_000)
        } catch {
            throw Malformed(message: "failed to parse duration \(text): \(error.message)")
        }
    }
}

extension CronSchedule {
    /// The first time after that one; nil where none comes within five years.
    public func next(after time: Time) -> Time? {
        switch form {
        case .interval(let seconds): return Time(seconds: time.seconds + seconds)
        case .fields(let minutes, let hours, let days, let months, let weekdays):
            var moment = GoTime(seconds: (time.seconds / 60 + 1) * 60, nanoseconds: 0, zone: zone)
            let lastYear = moment.civil.year + 5
            while true {
                let clock = moment.civil
                if clock.year > lastYear { return nil }
                if !months.holds(clock.month) {
                    moment = start(clock.year, clock.month + 1, 1)
                } else if !Self.isDay(clock, days, weekdays) {
                    moment = start(clock.year, clock.month, clock.day + 1)
                } else if !hours.holds(clock.hour) {
                    moment.seconds += Int64(60 - clock.minute) * 60
                } else if !minutes.holds(clock.minute) {
                    moment.seconds += 60
                } else {
                    return Time(seconds: moment.seconds)
                }
            }
        }
    }

    /// Where both a day of the month and one of the week are named, either will do.
    private static func isDay(_ clock: CivilTime, _ days: CronField, _ weekdays: CronField) -> Bool {
        let (day, weekday) = (days.holds(clock.day), weekdays.holds(clock.weekday))
        return days.isAny || weekdays.isAny ? day && weekday : day || weekday
    }

    /// When a day begins: at midnight, or later where the clock skips it for summer time.
    private func start(_ year: Int, _ month: Int, _ day: Int) -> GoTime {
        var moment = GoTime(CivilTime(year: year, month: month, day: day), nanoseconds: 0, zone: zone)
        let hour = moment.civil.hour
        if hour > 12 { moment.seconds += Int64(24 - hour) * 3600 }
        return moment
    }
}

/// The values that one field of a cron expression names.
private struct CronField {
    /// What may stand in a field.
    struct Bounds {
        let range: ClosedRange<Int>
        /// What its values may be called, the least one first.
        var names: [String] = []

        static let minutes = Bounds(range: 0...59)
        static let hours = Bounds(range: 0...23)
        static let days = Bounds(range: 1...31)
        static let months = Bounds(
            range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        static let weekdays = Bounds(range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
    }

    private var bits: UInt64 = 0
    /// Whether the field leaves its value open: `*` or `?`, alone or in a list.
    private(set) var isAny = false

    init(_ text: Substring, _ bounds: Bounds) throws(CronSchedule.Malformed) {
        for part in text.split(separator: ",") { try add(part, bounds) }
    }

    func holds(_ value: Int) -> Bool { bits & 1 << UInt64(value) != 0 }

    /// `4`, `1-5`, `*/15`, `mon-fri/2`; `4/2` goes on to the greatest value.
    private mutating func add(_ part: Substring, _ bounds: Bounds) throws(CronSchedule.Malformed) {
        let halves = part.split(separator: "/", omittingEmptySubsequences: false)
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        var (first, last) = (bounds.range.lowerBound, bounds.range.upperBound)
        let isStar = ends[0] == "*" || ends[0] == "?"
        if !isStar {
            first = try Self.value(ends[0], bounds)
            if ends.count > 2 { throw CronSchedule.Malformed(message: "too many hyphens: \(part)") }
            last = ends.count == 2 ? try Self.value(ends[1], bounds) : first
        }
        if halves.count > 2 { throw CronSchedule.Malformed(message: "too many slashes: \(part)") }
        let step = halves.count == 2 ? try Self.number(halves[1]) : 1
        if halves.count == 2, ends.count == 1 { last = bounds.range.upperBound }
        try Self.check(first, last, step, bounds.range, part)
        isAny = isAny || isStar && step == 1
        for value in stride(from: first, through: last, by: step) { bits |= 1 << UInt64(value) }
    }

    private static func check(
        _ first: Int, _ last: Int, _ step: Int, _ range: ClosedRange<Int>, _ part: Substring
    ) throws(CronSchedule.Malformed) {
        if first < range.lowerBound {
            throw .init(message: "beginning of range (\(first)) below minimum (\(range.lowerBound)): \(part)")
        }
        if last > range.upperBound {
            throw .init(message: "end of range (\(last)) above maximum (\(range.upperBound)): \(part)")
        }
        if first > last {
            throw .init(message: "beginning of range (\(first)) beyond end of range (\(last)): \(part)")
        }
        if step == 0 { throw .init(message: "step of range should be a positive number: \(part)") }
    }

    private static func value(_ text: Substring, _ bounds: Bounds) throws(CronSchedule.Malformed) -> Int {
        if let index = bounds.names.firstIndex(of: text.lowercased()) { return index + bounds.range.lowerBound }
        return try number(text)
    }

    private static func number(_ text: Substring) throws(CronSchedule.Malformed) -> Int {
        guard let number = Int(text) else {
            throw .init(message: "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax")
        }
        if number < 0 { throw .init(message: "negative number (\(number)) not allowed: \(text)") }
        return number
    }
}
