import Document

/// Reading of numbers as Go's package strconv does it.
enum GoNumber {
    /// `strconv.ParseInt(text, 0, 64)`: prefixes 0x, 0o, 0b and 0, underscores between digits.
    static func signed(_ text: some StringProtocol) -> Int64? {
        guard let (negative, magnitude) = parts(text) else { return nil }
        if negative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// `strconv.ParseUint(text, 0, 64)`.
    static func unsigned(_ text: some StringProtocol) -> UInt64? {
        guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return parts(text)?.magnitude
    }

    /// `strconv.ParseInt(text, 10, 64)`.
    static func decimal(_ text: some StringProtocol) -> Int64? {
        text.isEmpty || !text.utf8.allSatisfy({ isDigit($0) || $0 == 0x2B || $0 == 0x2D }) ? nil : Int64(text)
    }

    /// `strconv.Atoi(text)` with its error dropped: 0 for bad syntax, the nearest int for what is out of range.
    static func clamped(_ text: String) -> Int {
        if let value = decimal(text) { return Int(value) }
        let digits = text.utf8.first.map { $0 == 0x2B || $0 == 0x2D } ?? false ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return 0 }
        return text.hasPrefix("-") ? .min : .max
    }

    private static func parts(_ text: some StringProtocol) -> (negative: Bool, magnitude: UInt64)? {
        var digits = Array(text.utf8)
        var negative = false
        if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            negative = first == UInt8(ascii: "-")
            digits.removeFirst()
        }
        guard !digits.isEmpty, underscoresStandWell(digits) else { return nil }
        var radix: UInt64 = 10
        if digits.count > 1, digits[0] == UInt8(ascii: "0") {
            switch digits[1] | 0x20 {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "b"): radix = 2
            case UInt8(ascii: "o"): radix = 8
            default: radix = 8
            }
            let hasLetter = "xbo".utf8.contains(digits[1] | 0x20)
            digits.removeFirst(hasLetter ? 2 : 1)
        }
        return magnitude(digits.filter { $0 != UInt8(ascii: "_") }, radix).map { (negative, $0) }
    }

    private static func magnitude(_ digits: [UInt8], _ radix: UInt64) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = digit(byte), digit < radix else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x41...0x5A: UInt64(byte - 0x41 + 10)
        case 0x61...0x7A: UInt64(byte - 0x61 + 10)
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Underscores may stand between digits, or between a base prefix and a digit.
    private static func underscoresStandWell(_ text: [UInt8]) -> Bool {
        guard text.contains(UInt8(ascii: "_")) else { return true }
        var previous: UInt8 = UInt8(ascii: "^")
        var rest = text[...]
        var isHex = false
        if text.count >= 2, text[0] == UInt8(ascii: "0"), "box".utf8.contains(text[1] | 0x20) {
            isHex = text[1] | 0x20 == UInt8(ascii: "x")
            previous = UInt8(ascii: "0")
            rest = rest.dropFirst(2)
        }
        for byte in rest {
            if isDigit(byte) || isHex && (0x61...0x66).contains(byte | 0x20) {
                previous = UInt8(ascii: "0")
            } else if byte == UInt8(ascii: "_") {
                guard previous == UInt8(ascii: "0") else { return false }
                previous = byte
            } else {
                if previous == UInt8(ascii: "_") { return false }
                previous = UInt8(ascii: "!")
            }
        }
        return previous != UInt8(ascii: "_")
    }

    /// `strconv.ParseFloat(text, 64)`; nil for bad syntax and for what is out of range.
    static func float(_ text: some StringProtocol) -> Double? {
        var body = Array(text.utf8)
        let isNegative = body.first == UInt8(ascii: "-")
        if isNegative || body.first == UInt8(ascii: "+") { body.removeFirst() }
        let lowered = String(decoding: body, as: UTF8.self).lowercased()
        if lowered == "nan" { return body.count == text.utf8.count ? .nan : nil }
        if lowered == "inf" || lowered == "infinity" { return isNegative ? -.infinity : .infinity }
        guard let first = body.first, isDigit(first) || first == UInt8(ascii: "."), underscoresStandWell(body) else {
            return nil
        }
        let isHex = lowered.hasPrefix("0x")
        if isHex, !lowered.contains("p") { return nil }
        let plain = String(decoding: body.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        guard plain.utf8.allSatisfy({ isFloatByte($0, isHex) }), let value = Double(plain), value.isFinite else {
            return nil
        }
        return isNegative ? -value : value
    }

    private static func isFloatByte(_ byte: UInt8, _ isHex: Bool) -> Bool {
        if isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
            return true
        }
        let lower = byte | 0x20
        return isHex ? (0x61...0x66).contains(lower) || lower == 0x78 || lower == 0x70 : lower == 0x65
    }
}
