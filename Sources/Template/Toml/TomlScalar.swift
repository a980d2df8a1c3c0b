import Calendar
import Document

/// The values of TOML that stand without quotes: booleans, numbers, dates and times.
enum TomlScalar {
    /// Reads one value; `end` closes what surrounds it.
    static func read(_ scanner: inout TomlScanner, _ end: Unicode.Scalar?) throws(TomlScanner.Fault) -> GoValue {
        guard let first = scanner.peek else { throw scanner.fault("unexpected EOF; expected value") }
        let isNumber = ("0"..."9").contains(first) || first == "+" || first == "-"
        if isNumber { return try number(&scanner) }
        let word = scanner.run { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "inf": return .float(.infinity)
        case "nan": return .float(.nan)
        case "":
            if first == "." { throw scanner.fault("floats must start with a digit, not '.'") }
            throw scanner.fault("expected value but found \(TomlScanner.shown(first)) instead")
        default: throw scanner.fault("expected value but found \(GoQuote.quote(Text(word)).string) instead")
        }
    }

    private static func number(_ scanner: inout TomlScanner) throws(TomlScanner.Fault) -> GoValue {
        var word = scanner.run { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "+-_.:".unicodeScalars.contains(scalar)
        }
        // A blank may stand between a date and its time.
        if word.utf8.count == 10, word.utf8.dropFirst(4).first == UInt8(ascii: "-") {
            var ahead = scanner
            if ahead.take(" "), let digit = ahead.peek, ("0"..."9").contains(digit) {
                scanner = ahead
                word += "T" + scanner.run { ("0"..."9").contains($0) || "+-.:Zz".unicodeScalars.contains($0) }
            }
        }
        try scanner.checkCharacter()
        if let time = time(word) { return time }
        switch word {
        case "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "+nan": return .float(.nan)
        case "-nan": return .float(-.nan)
        default: break
        }
        return try plain(word, scanner)
    }

    private static func plain(_ word: String, _ scanner: TomlScanner) throws(TomlScanner.Fault) -> GoValue {
        let isPrefixed = ["0x", "0o", "0b"].contains { word.hasPrefix($0) }
        if let sign = word.first, sign == "+" || sign == "-",
            ["0x", "0o", "0b"].contains(word.dropFirst().prefix(2))
        {
            throw scanner.fault("cannot use sign with non-decimal numbers: '\(word.prefix(3))'")
        }
        let isFloat = !isPrefixed && word.unicodeScalars.contains { $0 == "." || $0 == "e" || $0 == "E" }
        let kind = isFloat ? "float" : "integer"
        if !underscoresStandWell(word) {
            throw scanner.fault("Invalid \(kind) \(quoted(word)): underscores must be surrounded by digits")
        }
        let body = word.drop { $0 == "+" || $0 == "-" }
        if word.contains(":") || word.dropFirst(4).first == "-" && word.prefix(4).allSatisfy(\.isNumber) {
            throw scanner.fault("invalid datetime: \(quoted(word))")
        }
        if isFloat, hasBarePoint(body) {
            throw scanner.fault("Invalid float \(quoted(word)): '.' must be followed by one or more digits")
        }
        if !isPrefixed, body.count > 1, body.first == "0", body.dropFirst().first.map(\.isNumber) ?? false {
            throw scanner.fault("Invalid \(kind) \(quoted(word)): cannot have leading zeroes")
        }
        let digits = word.filter { $0 != "_" }
        if isFloat {
            if let value = GoNumber.float(digits) { return .float(value) }
            throw scanner.fault("Invalid float value: \(quoted(word))")
        }
        if let value = GoNumber.signed(digits) { return .int64(value) }
        if digits.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }) {
            throw scanner.fault("\(word) is out of range for int64")
        }
        let kinds = ["0x": "a hexadecimal", "0o": "an octal", "0b": "a binary"]
        if isPrefixed, let kind = kinds[String(word.prefix(2))] {
            throw scanner.fault("not \(kind) number: '\(word)'")
        }
        throw scanner.fault("expected a digit but got \(quoted(word))")
    }

    /// Whether no digit follows the point of a number.
    private static func hasBarePoint(_ number: Substring) -> Bool {
        let bytes = Array(number.utf8)
        return bytes.indices.contains { index in
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            return bytes[index] == UInt8(ascii: ".") && !(0x30...0x39).contains(next)
        }
    }

    private static func quoted(_ word: String) -> String { GoQuote.quote(Text(word)).string }

    private static func underscoresStandWell(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        func isDigit(_ index: Int) -> Bool {
            bytes.indices.contains(index) && Character(Unicode.Scalar(bytes[index])).isHexDigit
        }
        return bytes.indices.allSatisfy { bytes[$0] != UInt8(ascii: "_") || isDigit($0 - 1) && isDigit($0 + 1) }
    }

    // MARK: - Times

    /// The layouts with the place that a time without an offset is said to be in.
    private static let layouts: [(layout: String, zone: Zone?)] = [
        ("2006-01-02T15:04:05.999999999Z07:00", nil), ("2006-01-02T15:04:05.999999999", .tomlMoment),
        ("2006-01-02", .tomlDate), ("15:04:05.999999999", .tomlClock),
        ("2006-01-02T15:04Z07:00", nil), ("2006-01-02T15:04", .tomlMoment), ("15:04", .tomlClock),
    ]

    private static func time(_ word: String) -> GoValue? {
        guard word.contains(":") || word.utf8.count == 10 && word.utf8.dropFirst(4).first == UInt8(ascii: "-") else {
            return nil
        }
        let upper = word.replacing("t", with: "T").replacing("z", with: "Z")
        for (layout, zone) in layouts {
            guard var time = try? TimeParser.parse(layout, upper, in: .utc) else { continue }
            if let zone { time = GoTime(time.civil, nanoseconds: time.nanoseconds, zone: zone) }
            return .object(TimeObject(time))
        }
        return nil
    }
}

extension Zone {
    /// The places that BurntSushi gives to times without an offset, so that they are written as they were read.
    static let tomlMoment = Zone("datetime-local", Offset(seconds: 0, name: "datetime-local"))
    static let tomlDate = Zone("date-local", Offset(seconds: 0, name: "date-local"))
    static let tomlClock = Zone("time-local", Offset(seconds: 0, name: "time-local"))
}

extension TimeObject {
    /// The time as TOML writes it.
    var tomlText: String {
        switch time.zone.name {
        case "datetime-local": time.format("2006-01-02T15:04:05.999999999")
        case "date-local": time.format("2006-01-02")
        case "time-local": time.format("15:04:05.999999999")
        default: time.format("2006-01-02T15:04:05.999999999Z07:00")
        }
    }
}
