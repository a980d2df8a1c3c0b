import Document

/// A decimal number of any length, compared and divided without rounding, as `big.Rat` in the library that Helm uses.
struct ExactNumber: Sendable, Hashable {
    /// The literal's sign; never set for zero.
    let isNegative: Bool
    /// 0…9, most significant first, without zeros at either end; empty for zero.
    let digits: [UInt8]
    /// The value is the digits as a whole number times ten to this power.
    let exponent: Int

    /// `big.Rat.SetString` refuses larger powers of ten.
    private static let maximumExponent = 1_000_000

    /// The number of a JSON literal; nil where its power of ten is out of all bounds.
    init?(_ number: Number) {
        if let value = number.int64 {
            self.init(value)
            return
        }
        var digits: [UInt8] = []
        var power = 0
        var isNegative = false
        let bytes = number.literal.bytes
        let mark = bytes.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? bytes.count
        var hasPoint = false
        for byte in bytes[..<mark] {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): hasPoint = true
            default:
                digits.append(byte &- UInt8(ascii: "0"))
                if hasPoint { power -= 1 }
            }
        }
        if mark < bytes.count {
            let text = String(decoding: bytes[(mark + 1)...], as: UTF8.self)
            guard let written = Int(text), written.magnitude <= ExactNumber.maximumExponent else { return nil }
            power += written
        }
        self.init(isNegative, digits, power)
    }

    /// The number of the shortest digits that read back as the float; nil for NaN and infinities.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let parts = GoFloat.Digits(value)
        let digits = parts.digits.map { $0 &- UInt8(ascii: "0") }
        self.init(parts.isNegative, digits, parts.exponent - digits.count)
    }

    init(_ value: Int64) {
        self.init(value < 0, String(value.magnitude).utf8.map { $0 &- UInt8(ascii: "0") }, 0)
    }

    private init(_ isNegative: Bool, _ written: [UInt8], _ power: Int) {
        var digits = written[...]
        while digits.first == 0 { digits.removeFirst() }
        var exponent = power
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = Array(digits)
        self.exponent = digits.isEmpty ? 0 : exponent
        self.isNegative = isNegative && !digits.isEmpty
    }

    /// Whether there is no fraction.
    var isInteger: Bool { exponent >= 0 }

    /// The nearest float64; infinite where it is out of range.
    var double: Double {
        if digits.isEmpty { return 0 }
        let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        return Double("\(isNegative ? "-" : "")\(text)e\(exponent)") ?? (isNegative ? -.infinity : .infinity)
    }

    /// The lowest 64 bits of a whole number, which is what `big.Int.Int64` gives.
    var lowBits: Int {
        var value: UInt64 = 0
        for digit in digits { value = value &* 10 &+ UInt64(digit) }
        // A power of two to the 64 divides ten to the 64.
        for _ in 0..<min(max(exponent, 0), 64) { value = value &* 10 }
        return Int(truncatingIfNeeded: isNegative ? 0 &- value : value)
    }

    // MARK: - Order

    static func < (left: ExactNumber, right: ExactNumber) -> Bool { left.compare(right) < 0 }

    /// -1, 0 or 1.
    func compare(_ other: ExactNumber) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = compareMagnitude(other)
        return isNegative ? -order : order
    }

    private func compareMagnitude(_ other: ExactNumber) -> Int {
        if digits.isEmpty || other.digits.isEmpty { return digits.count.signum() - other.digits.count.signum() }
        let (height, otherHeight) = (digits.count + exponent, other.digits.count + other.exponent)
        if height != otherHeight { return height < otherHeight ? -1 : 1 }
        if digits == other.digits { return 0 }
        return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
    }

    // MARK: - Division

    /// How many single digits a division touches at most.
    func divisionCost(by divisor: ExactNumber) -> Int {
        let (length, overflow) = max(exponent - divisor.exponent, 0).addingReportingOverflow(digits.count)
        if overflow || exponent < divisor.exponent { return 0 }
        let (cost, isHuge) = length.multipliedReportingOverflow(by: divisor.digits.count)
        return isHuge ? .max : cost
    }

    /// Whether this is a whole number of times `divisor`, which is not zero.
    func isMultiple(of divisor: ExactNumber) -> Bool {
        if digits.isEmpty { return true }
        // What is divided has no factor of ten, so that nothing can take away what the divisor has of them.
        if exponent < divisor.exponent { return false }
        var remainder: [UInt8] = []
        for place in 0..<(digits.count + exponent - divisor.exponent) {
            let digit = place < digits.count ? digits[place] : 0
            if !remainder.isEmpty || digit != 0 { remainder.append(digit) }
            while ExactNumber.reaches(remainder, divisor.digits) {
                ExactNumber.subtract(divisor.digits, from: &remainder)
            }
            if remainder.isEmpty, place >= digits.count { break }
        }
        return remainder.isEmpty
    }

    private static func reaches(_ number: [UInt8], _ other: [UInt8]) -> Bool {
        number.count != other.count ? number.count > other.count : !number.lexicographicallyPrecedes(other)
    }

    private static func subtract(_ other: [UInt8], from number: inout [UInt8]) {
        var borrow: UInt8 = 0
        for place in 1...number.count {
            let take = borrow + (place <= other.count ? other[other.count - place] : 0)
            let digit = number[number.count - place]
            borrow = digit < take ? 1 : 0
            number[number.count - place] = digit + 10 * borrow - take
        }
        number.removeFirst(number.prefix { $0 == 0 }.count)
    }
}
