import API

/// The times that a cron expression names ("CronJob: schedule syntax", as robfig/cron reads it): five fields, ranges,
/// steps, lists, names of months and days, `@hourly` and its kin. All in UTC.
struct CronSchedule: Sendable, Equatable {
    private var minutes: UInt64 = 0
    private var hours: UInt64 = 0
    private var days: UInt64 = 0
    private var months: UInt64 = 0
    private var weekdays: UInt64 = 0
    /// Where both a day of the month and of the week are named, either will do.
    private var isAnyDay = false
    private var isAnyWeekday = false
    /// `@every`: so long after the last time.
    private var interval: Int64?

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let named = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Nil for what is no expression.
    init?(_ text: String) {
        if text.hasPrefix("@every ") {
            guard let seconds = Self.seconds(String(text.dropFirst(7))), seconds > 0 else { return nil }
            interval = seconds
            return
        }
        let fields = (Self.named[text] ?? text).split(separator: " ").map { $0.lowercased() }
        guard fields.count == 5, let minutes = Self.field(fields[0], 0...59), let hours = Self.field(fields[1], 0...23),
            let days = Self.field(fields[2], 1...31),
            let months = Self.field(fields[3], 1...12, names: Self.monthNames, first: 1),
            let weekdays = Self.field(fields[4], 0...7, names: Self.dayNames, first: 0)
        else { return nil }
        (self.minutes, self.hours, self.days, self.months) = (minutes, hours, days, months)
        // 7 is Sunday too.
        self.weekdays = weekdays & (1 << 7) != 0 ? weekdays | 1 : weekdays
        isAnyDay = fields[2].hasPrefix("*") || fields[2].hasPrefix("?")
        isAnyWeekday = fields[4].hasPrefix("*") || fields[4].hasPrefix("?")
    }

    private static func field(
        _ text: String, _ range: ClosedRange<Int>, names: [String] = [], first: Int = 0
    ) -> UInt64? {
        func number(_ text: Substring) -> Int? {
            if let index = names.firstIndex(of: String(text)) { return index + first }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
        var bits: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let span = pieces.first, pieces.count <= 2 else { return nil }
            let step = pieces.count == 2 ? Int(pieces[1]) ?? 0 : 1
            guard step > 0 else { return nil }
            var ends = (range.lowerBound, range.upperBound)
            if span != "*", span != "?" {
                let bounds = span.split(separator: "-", omittingEmptySubsequences: false).map(number)
                guard bounds.count <= 2, let low = bounds[0], let high = bounds[bounds.count - 1] else { return nil }
                ends = (low, bounds.count == 1 && pieces.count == 2 ? range.upperBound : high)
            }
            guard ends.0 <= ends.1 else { return nil }
            for value in stride(from: ends.0, through: ends.1, by: step) { bits |= 1 << UInt64(value) }
        }
        return bits
    }

    /// Go's duration texts in whole seconds: `1h30m10s`.
    private static func seconds(_ text: String) -> Int64? {
        var total: Int64 = 0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let amount = Int64(digits), amount < 1_000_000_000,
                let unit = ["h": 3600, "m": 60, "s": 1][String(character)]
            else { return nil }
            total += amount * Int64(unit)
            digits = ""
        }
        return digits.isEmpty ? total : nil
    }

    /// The first time after that one; nil where none comes within five years.
    func next(after time: Time) -> Time? {
        if let interval { return Time(seconds: time.seconds + interval) }
        var candidate = Time(seconds: (time.seconds / 60 + 1) * 60)
        let end = time.seconds + 5 * 366 * 86400
        while candidate.seconds < end {
            let date = candidate.civil
            if months & (1 << UInt64(date.month)) == 0 || !isDay(date) {
                candidate = Time(seconds: (candidate.seconds / 86400 + 1) * 86400)
            } else if hours & (1 << UInt64(date.hour)) == 0 {
                candidate = Time(seconds: (candidate.seconds / 3600 + 1) * 3600)
            } else if minutes & (1 << UInt64(date.minute)) == 0 {
                candidate.seconds += 60
            } else {
                return candidate
            }
        }
        return nil
    }

    private func isDay(_ date: Time.Civil) -> Bool {
        let (day, weekday) = (days & (1 << UInt64(date.day)) != 0, weekdays & (1 << UInt64(date.weekday)) != 0)
        return isAnyDay || isAnyWeekday ? day && weekday : day || weekday
    }
}
