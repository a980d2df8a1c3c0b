/// The pieces of Go's time layouts, which show how Mon Jan 2 15:04:05 MST 2006 would be written.
enum TimeLayout {
    enum Piece: Equatable {
        case longMonth, month, numMonth, zeroMonth
        case longWeekday, weekday
        case day, underDay, zeroDay, underYearDay, zeroYearDay
        case hour, hour12, zeroHour12
        case minute, zeroMinute, second, zeroSecond
        case longYear, year
        case upperPM, lowerPM
        case zone
        /// `-0700` and its kin: `Z` for UTC, colons, and down to seconds or only hours.
        case offset(utcIsZ: Bool, colons: Bool, seconds: Bool, short: Bool)
        /// `.000` keeps trailing zeros, `.999` drops them.
        case fraction(separator: Character, digits: Int, dropsZeros: Bool)
    }

    private static let fixed: [(String, Piece)] = [
        ("January", .longMonth), ("Jan", .month), ("Monday", .longWeekday), ("Mon", .weekday), ("MST", .zone),
        ("002", .zeroYearDay), ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute),
        ("05", .zeroSecond), ("06", .year), ("15", .hour), ("1", .numMonth), ("2006", .longYear), ("2", .day),
        ("__2", .underYearDay), ("_2006", .longYear), ("_2", .underDay), ("3", .hour12), ("4", .minute),
        ("5", .second), ("PM", .upperPM), ("pm", .lowerPM),
        ("-07:00:00", .offset(utcIsZ: false, colons: true, seconds: true, short: false)),
        ("-070000", .offset(utcIsZ: false, colons: false, seconds: true, short: false)),
        ("-07:00", .offset(utcIsZ: false, colons: true, seconds: false, short: false)),
        ("-0700", .offset(utcIsZ: false, colons: false, seconds: false, short: false)),
        ("-07", .offset(utcIsZ: false, colons: false, seconds: false, short: true)),
        ("Z07:00:00", .offset(utcIsZ: true, colons: true, seconds: true, short: false)),
        ("Z070000", .offset(utcIsZ: true, colons: false, seconds: true, short: false)),
        ("Z07:00", .offset(utcIsZ: true, colons: true, seconds: false, short: false)),
        ("Z0700", .offset(utcIsZ: true, colons: false, seconds: false, short: false)),
        ("Z07", .offset(utcIsZ: true, colons: false, seconds: false, short: true)),
    ]

    /// The text before the first piece, the piece, its text and what follows.
    static func next(
        _ layout: Substring
    ) -> (prefix: Substring, piece: Piece, text: Substring, rest: Substring)? {
        var index = layout.startIndex
        while index < layout.endIndex {
            let tail = layout[index...]
            if let (piece, count) = piece(at: tail) {
                var start = index
                var length = count
                // "_2006" is an underscore and a year.
                if piece == .longYear, tail.hasPrefix("_") {
                    start = layout.index(after: index)
                    length = 4
                }
                let end = layout.index(start, offsetBy: length)
                return (layout[..<start], piece, layout[start..<end], layout[end...])
            }
            index = layout.index(after: index)
        }
        return nil
    }

    private static func piece(at tail: Substring) -> (Piece, Int)? {
        if let found = fraction(at: tail) { return found }
        for (text, piece) in fixed where tail.hasPrefix(text) {
            // "Jan" and "Mon" are parts of longer words where a lower case letter follows.
            if piece == .month || piece == .weekday, let after = tail.dropFirst(3).first, after.isASCII,
                after.isLowercase
            {
                continue
            }
            return (piece, text.count)
        }
        return nil
    }

    private static func fraction(at tail: Substring) -> (Piece, Int)? {
        guard let separator = tail.first, separator == "." || separator == ",",
            let digit = tail.dropFirst().first, digit == "0" || digit == "9"
        else { return nil }
        let digits = tail.dropFirst().prefix { $0 == digit }
        if let after = digits.endIndex < tail.endIndex ? tail[digits.endIndex] : nil, after.isASCII, after.isNumber {
            return nil
        }
        return (.fraction(separator: separator, digits: digits.count, dropsZeros: digit == "9"), digits.count + 1)
    }
}

extension GoTime {
    /// `Time.Format`
    public func format(_ layout: String) -> String {
        let civil = civil
        var out = ""
        var rest = Substring(layout)
        while let (prefix, piece, _, tail) = TimeLayout.next(rest) {
            out += prefix
            out += text(piece, civil)
            rest = tail
        }
        return out + rest
    }

    private func text(_ piece: TimeLayout.Piece, _ civil: CivilTime) -> String {
        func padded(_ number: Int, _ width: Int = 2, _ pad: String = "0") -> String {
            let digits = String(number)
            return String(repeating: pad, count: max(0, width - digits.count)) + digits
        }
        let hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12
        switch piece {
        case .longMonth: return CivilTime.monthNames[civil.month - 1]
        case .month: return String(CivilTime.monthNames[civil.month - 1].prefix(3))
        case .numMonth: return String(civil.month)
        case .zeroMonth: return padded(civil.month)
        case .longWeekday: return CivilTime.dayNames[civil.weekday]
        case .weekday: return String(CivilTime.dayNames[civil.weekday].prefix(3))
        case .day: return String(civil.day)
        case .underDay: return padded(civil.day, 2, " ")
        case .zeroDay: return padded(civil.day)
        case .underYearDay: return padded(civil.yearDay, 3, " ")
        case .zeroYearDay: return padded(civil.yearDay, 3)
        case .hour: return padded(civil.hour)
        case .hour12: return String(hour12)
        case .zeroHour12: return padded(hour12)
        case .minute: return String(civil.minute)
        case .zeroMinute: return padded(civil.minute)
        case .second: return String(civil.second)
        case .zeroSecond: return padded(civil.second)
        case .longYear: return civil.year < 0 ? "-" + padded(-civil.year, 4) : padded(civil.year, 4)
        case .year: return padded((civil.year % 100 + 100) % 100)
        case .upperPM: return civil.hour >= 12 ? "PM" : "AM"
        case .lowerPM: return civil.hour >= 12 ? "pm" : "am"
        case .zone: return offset.name.isEmpty ? offsetText(false, false, false) : offset.name
        case .offset(let utcIsZ, let colons, let seconds, let short):
            if utcIsZ, offset.seconds == 0 { return "Z" }
            return offsetText(colons, seconds, short)
        case .fraction(let separator, let digits, let dropsZeros):
            var text = String(padded(nanoseconds, 9).prefix(digits))
            if dropsZeros { while text.hasSuffix("0") { text.removeLast() } }
            return text.isEmpty ? "" : String(separator) + text
        }
    }

    private func offsetText(_ colons: Bool, _ seconds: Bool, _ short: Bool) -> String {
        let total = abs(offset.seconds)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let separator = colons ? ":" : ""
        var text = (offset.seconds < 0 ? "-" : "+") + two(total / 3600)
        if !short { text += separator + two(total / 60 % 60) }
        if seconds { text += separator + two(total % 60) }
        return text
    }
}
