/// A rule of POSIX's TZ variable, as `EST5EDT,M3.2.0,M11.1.0`, which TZif files end with.
struct ZoneRule: Sendable {
    private struct Change: Sendable {
        enum Day: Sendable {
            case julian(Int), zeroBased(Int), weekday(month: Int, week: Int, day: Int)
        }

        var day: Day
        var seconds = 7200
    }

    private var standard: Zone.Offset
    private var daylight: Zone.Offset?
    private var starts: Change?
    private var ends: Change?

    /// Reads a rule; nil where it is none.
    init?(_ text: String) {
        var rest = Substring(text)
        guard let name = ZoneRule.name(&rest), let offset = ZoneRule.time(&rest) else { return nil }
        standard = Zone.Offset(seconds: -offset, name: name)
        guard !rest.isEmpty, rest.first != ",", let other = ZoneRule.name(&rest) else { return }
        var seconds = standard.seconds + 3600
        if rest.first != ",", let offset = ZoneRule.time(&rest) { seconds = -offset }
        daylight = Zone.Offset(seconds: seconds, name: other)
        guard rest.popFirst() == ",", let first = ZoneRule.change(&rest), rest.popFirst() == ",",
            let second = ZoneRule.change(&rest)
        else { return nil }
        (starts, ends) = (first, second)
    }

    private static func name(_ rest: inout Substring) -> String? {
        if rest.first == "<" {
            guard let end = rest.firstIndex(of: ">") else { return nil }
            defer { rest = rest[rest.index(after: end)...] }
            return String(rest[rest.index(after: rest.startIndex)..<end])
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest[name.endIndex...]
        return name.count >= 3 ? String(name) : nil
    }

    /// `[+-]hh[:mm[:ss]]`
    private static func time(_ rest: inout Substring) -> Int? {
        var sign = 1
        if let first = rest.first, first == "-" || first == "+" {
            sign = first == "-" ? -1 : 1
            rest.removeFirst()
        }
        guard let hours = number(&rest) else { return nil }
        var total = hours * 3600
        for unit in [60, 1] where rest.first == ":" {
            rest.removeFirst()
            guard let value = number(&rest) else { return nil }
            total += value * unit
        }
        return sign * total
    }

    private static func number(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest[digits.endIndex...]
        return Int(digits)
    }

    private static func change(_ rest: inout Substring) -> Change? {
        let day: Change.Day
        switch rest.first {
        case "J":
            rest.removeFirst()
            guard let number = number(&rest) else { return nil }
            day = .julian(number)
        case "M":
            rest.removeFirst()
            guard let month = number(&rest), rest.popFirst() == ".", let week = number(&rest),
                rest.popFirst() == ".", let weekday = number(&rest)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        default:
            guard let number = number(&rest) else { return nil }
            day = .zeroBased(number)
        }
        var change = Change(day: day)
        if rest.first == "/" {
            rest.removeFirst()
            guard let seconds = time(&rest) else { return nil }
            change.seconds = seconds
        }
        return change
    }

    /// The offset at a moment.
    func offset(at seconds: Int64) -> Zone.Offset {
        guard let daylight, let starts, let ends else { return standard }
        let year = CivilTime(seconds: seconds &+ Int64(standard.seconds)).year
        let begin = moment(starts, year) &- Int64(standard.seconds)
        let end = moment(ends, year) &- Int64(daylight.seconds)
        let isDaylight = begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end
        return isDaylight ? daylight : standard
    }

    private func moment(_ change: Change, _ year: Int) -> Int64 {
        let first = CivilTime.days(year: year, month: 1)
        let days: Int
        switch change.day {
        case .zeroBased(let day): days = first + day
        case .julian(let day): days = first + day - 1 + (CivilTime.isLeap(year) && day >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let start = CivilTime(year: year, month: month, day: 1)
            var day = 1 + (weekday - start.weekday + 7) % 7 + (week - 1) * 7
            while day > CivilTime.daysIn(month, of: year) { day -= 7 }
            days = CivilTime.days(year: year, month: month) + day - 1
        }
        return Int64(days) &* 86400 &+ Int64(change.seconds)
    }
}
