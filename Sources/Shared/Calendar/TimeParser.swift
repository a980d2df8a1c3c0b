import Document

/// Reads a text by a layout: Go's `time.ParseInLocation`.
public struct TimeParser {
    /// Why a text does not fit its layout.
    public struct Malformed: Error {
        /// Go's words.
        public let message: String
    }

    private enum Fault: Error {
        case bad
        case range(String)
    }

    private let layout: String
    private let text: String
    private var value: Substring
    private var rest: Substring

    private var year = 0
    private var month: Int?
    private var day: Int?
    private var yearDay: Int?
    private var (hour, minute, second, nanoseconds) = (0, 0, 0, 0)
    private var isPM: Bool?
    private var offset: Int?
    private var zoneName: String?
    /// The hours of a zone named like `GMT+3`.
    private var namedOffset = 0

    private init(_ layout: String, _ text: String) {
        self.layout = layout
        self.text = text
        value = Substring(text)
        rest = Substring(layout)
    }

    /// Reads a text.
    ///
    /// - Parameter zone: where the clock stood, unless the text says so.
    public static func parse(_ layout: String, _ text: String, in zone: Zone) throws(Malformed) -> GoTime {
        var parser = TimeParser(layout, text)
        return try parser.run(zone)
    }

    /// What `time.Parse` says of a text; nil where it reads it.
    public static func fault(_ text: String, layout: String) -> String? {
        do throws(Malformed) {
            _ = try parse(layout, text, in: .utc)
            return nil
        } catch {
            return error.message
        }
    }

    private func failure(_ element: Substring, _ held: Substring) -> Malformed {
        func quoted(_ text: some StringProtocol) -> String { TimeParser.quoted(String(text)) }
        return Malformed(
            message:
                "parsing time \(quoted(text)) as \(quoted(layout)): cannot parse \(quoted(held)) as \(quoted(element))")
    }

    private func outOfRange(_ what: String) -> Malformed {
        Malformed(message: "parsing time \(TimeParser.quoted(text)): \(what)")
    }

    /// The quotes of Go's package time, which knows hexadecimal escapes only.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for byte in text.utf8 {
            switch byte {
            case 0x20..<0x80:
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result += "\\" }
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return result + "\""
    }

    private mutating func run(_ zone: Zone) throws(Malformed) -> GoTime {
        while let (prefix, piece, element, tail) = TimeLayout.next(rest) {
            guard skip(prefix) else { throw failure(prefix, value) }
            let held = value
            rest = tail
            do throws(Fault) {
                try read(piece)
            } catch {
                switch error {
                case .bad: throw failure(element, held)
                case .range(let what): throw outOfRange("\(what) out of range")
                }
            }
        }
        guard skip(rest) else { throw failure(rest, value) }
        if !value.isEmpty { throw outOfRange("extra text: " + GoQuote.quote(Text(String(value))).string) }
        return try result(zone)
    }

    private mutating func skip(_ prefix: Substring) -> Bool {
        var prefix = prefix
        while let first = prefix.first {
            if first == " " {
                if let next = value.first, next != " " { return false }
                prefix = prefix.drop { $0 == " " }
                value = value.drop { $0 == " " }
                continue
            }
            guard value.first == first else { return false }
            prefix.removeFirst()
            value.removeFirst()
        }
        return true
    }

    // MARK: - Pieces

    private func isDigit(_ character: Character?) -> Bool { character.map { $0.isASCII && $0.isNumber } ?? false }

    private mutating func number(fixed: Bool) throws(Fault) -> Int {
        guard isDigit(value.first) else { throw .bad }
        if !isDigit(value.dropFirst().first) {
            if fixed { throw .bad }
            return Int(String(value.removeFirst())) ?? 0
        }
        return try digits(2)
    }

    private mutating func digits(_ count: Int) throws(Fault) -> Int {
        let part = value.prefix(count)
        guard part.count == count, part.allSatisfy({ isDigit($0) }), let number = Int(part) else { throw .bad }
        value = value.dropFirst(count)
        return number
    }

    private mutating func bounded(_ range: ClosedRange<Int>, _ what: String, fixed: Bool) throws(Fault) -> Int {
        let number = try number(fixed: fixed)
        guard range.contains(number) else { throw .range(what) }
        return number
    }

    private mutating func name(_ names: [String], _ length: Int?) throws(Fault) -> Int {
        for (index, name) in names.enumerated() {
            let wanted = length.map { String(name.prefix($0)) } ?? name
            if value.prefix(wanted.count).lowercased() == wanted.lowercased() {
                value = value.dropFirst(wanted.count)
                return index + 1
            }
        }
        throw .bad
    }

    private mutating func read(_ piece: TimeLayout.Piece) throws(Fault) {
        switch piece {
        case .year:
            let number = try digits(2)
            year = number >= 69 ? number + 1900 : number + 2000
        case .longYear: year = try digits(4)
        case .month: month = try name(CivilTime.monthNames, 3)
        case .longMonth: month = try name(CivilTime.monthNames, nil)
        case .numMonth: month = try bounded(1...12, "month", fixed: false)
        case .zeroMonth: month = try bounded(1...12, "month", fixed: true)
        case .weekday: _ = try name(CivilTime.dayNames, 3)
        case .longWeekday: _ = try name(CivilTime.dayNames, nil)
        case .day, .underDay, .zeroDay:
            if piece == .underDay, value.first == " " { value.removeFirst() }
            day = try number(fixed: piece == .zeroDay)
        case .underYearDay, .zeroYearDay:
            if piece == .underYearDay { while value.first == " " { value.removeFirst() } }
            yearDay = try digits(piece == .zeroYearDay ? 3 : min(3, value.prefix { isDigit($0) }.count))
        case .hour: hour = try bounded(0...23, "hour", fixed: false)
        case .hour12: hour = try bounded(0...12, "hour", fixed: false)
        case .zeroHour12: hour = try bounded(0...12, "hour", fixed: true)
        case .minute: minute = try bounded(0...59, "minute", fixed: false)
        case .zeroMinute: minute = try bounded(0...59, "minute", fixed: true)
        case .second, .zeroSecond: try readSecond(fixed: piece == .zeroSecond)
        case .upperPM, .lowerPM:
            let word = value.prefix(2)
            guard word == (piece == .upperPM ? "PM" : "pm") || word == (piece == .upperPM ? "AM" : "am") else {
                throw .bad
            }
            isPM = word.lowercased() == "pm"
            value = value.dropFirst(2)
        case .offset(let utcIsZ, let colons, let seconds, let short):
            try readOffset(utcIsZ, colons, seconds, short)
        case .zone: try readZone()
        case .fraction(_, let count, let dropsZeros): try readFraction(dropsZeros ? nil : count)
        }
    }

    private mutating func readSecond(fixed: Bool) throws(Fault) {
        second = try bounded(0...59, "second", fixed: fixed)
        // A fraction may follow even where the layout has none.
        guard let mark = value.first, mark == "." || mark == ",", isDigit(value.dropFirst().first) else { return }
        if let (prefix, piece, _, _) = TimeLayout.next(rest), prefix.isEmpty, case .fraction = piece { return }
        try readFraction(nil)
    }

    private mutating func readFraction(_ count: Int?) throws(Fault) {
        guard let mark = value.first, mark == "." || mark == ",", isDigit(value.dropFirst().first) else {
            if count != nil { throw .bad }
            return
        }
        let digits = value.dropFirst().prefix { isDigit($0) }
        let taken = count.map { digits.prefix($0) } ?? digits
        if let count, taken.count < count { throw .bad }
        value = value.dropFirst(1 + taken.count)
        let nine = String(taken.prefix(9))
        nanoseconds = Int(nine + String(repeating: "0", count: 9 - nine.count)) ?? 0
    }

    private mutating func readOffset(_ utcIsZ: Bool, _ colons: Bool, _ seconds: Bool, _ short: Bool) throws(Fault) {
        if utcIsZ, value.first == "Z" {
            value.removeFirst()
            offset = 0
            return
        }
        guard let sign = value.popFirst(), sign == "+" || sign == "-" else { throw .bad }
        var total = try digits(2) * 3600
        if total > 24 * 3600 { throw .range("time zone offset hour") }
        for unit in short ? [] : seconds ? [60, 1] : [60] {
            if colons { guard value.popFirst() == ":" else { throw .bad } }
            let part = try digits(2)
            if part > 60 { throw .range("time zone offset " + (unit == 60 ? "minute" : "second")) }
            total += part * unit
        }
        offset = sign == "-" ? -total : total
    }

    private mutating func readZone() throws(Fault) {
        if value.hasPrefix("UTC") {
            value = value.dropFirst(3)
            offset = 0
            zoneName = "UTC"
            return
        }
        if let sign = value.first, sign == "+" || sign == "-" { return try readUnnamedZone() }
        guard let length = zoneLength() else { throw .bad }
        let name = value.prefix(length)
        zoneName = String(name)
        if name.hasPrefix("GMT"), let hours = Int(name.dropFirst(3)) { namedOffset = hours * 3600 }
        value = value.dropFirst(length)
    }

    /// How many characters of the text name a zone (Go's parseTimeZone): most names have three letters, those of four or
    /// five end with T.
    private func zoneLength() -> Int? {
        if value.hasPrefix("ChST") || value.hasPrefix("MeST") { return 4 }
        if value.hasPrefix("GMT") {
            guard let sign = value.dropFirst(3).first, sign == "+" || sign == "-" else { return 3 }
            let digits = value.dropFirst(4).prefix { isDigit($0) }
            return (Int(digits) ?? 24) < 24 ? 4 + digits.count : 3
        }
        let letters = value.prefix(6).prefix { $0.isASCII && $0.isUppercase }
        switch letters.count {
        case 3: return 3
        case 4: return letters.last == "T" || letters == "WITA" ? 4 : nil
        case 5: return letters.last == "T" ? 5 : nil
        default: return nil
        }
    }

    /// A place without a name is known by the hours of its offset, which then count for nothing.
    private mutating func readUnnamedZone() throws(Fault) {
        let digits = value.dropFirst().prefix { isDigit($0) }
        guard let hours = Int(digits), hours <= 23 else { throw .bad }
        zoneName = String(value.prefix(1 + digits.count))
        value = value.dropFirst(1 + digits.count)
    }

    // MARK: - Result

    private mutating func result(_ zone: Zone) throws(Malformed) -> GoTime {
        if let isPM { hour = isPM && hour < 12 ? hour + 12 : !isPM && hour == 12 ? 0 : hour }
        if let yearDay, month == nil {
            let first = CivilTime.days(year: year, month: 1)
            guard yearDay >= 1, yearDay <= (CivilTime.isLeap(year) ? 366 : 365) else {
                throw outOfRange("day-of-year out of range")
            }
            let date = CivilTime(seconds: Int64(first + yearDay - 1) * 86400)
            (month, day) = (date.month, date.day)
        }
        let (month, day) = (month ?? 1, day ?? 1)
        guard day >= 1, day <= CivilTime.daysIn(month, of: year) else { throw outOfRange("day out of range") }
        let civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard let offset else {
            if let zoneName {
                // Go reads the clock as that of UTC, and shows it at the place.
                let place = Zone(zoneName, Zone.Offset(seconds: namedOffset, name: zoneName))
                return GoTime(seconds: civil.seconds, nanoseconds: nanoseconds, zone: place)
            }
            return GoTime(civil, nanoseconds: nanoseconds, zone: zone)
        }
        let seconds = civil.seconds - Int64(offset)
        let local = zone.offset(at: seconds)
        let name = zoneName ?? ""
        if offset == 0, name == "UTC" || name.isEmpty && zone === Zone.utc {
            return GoTime(seconds: seconds, nanoseconds: nanoseconds, zone: .utc)
        }
        if local.seconds == offset, name.isEmpty || local.name == name {
            return GoTime(seconds: seconds, nanoseconds: nanoseconds, zone: zone)
        }
        let place = Zone(name, Zone.Offset(seconds: offset, name: name))
        return GoTime(seconds: seconds, nanoseconds: nanoseconds, zone: place)
    }
}
