import Document

/// A decimal number of any length: sign, digits and exponent, as shopspring/decimal counts.
struct DecimalNumber {
    /// Digits 0…9, most significant first, without leading zeros; empty for zero.
    private var digits: [UInt8]
    private var exponent: Int
    private var isNegative: Bool

    /// The number of the shortest digits that read back as the float; nil for NaN and infinities.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let parts = GoFloat.Digits(value)
        digits = parts.digits.map { $0 - UInt8(ascii: "0") }
        exponent = parts.digits.isEmpty ? 0 : parts.exponent - parts.digits.count
        isNegative = parts.isNegative && !parts.digits.isEmpty
    }

    private init(_ digits: [UInt8], _ exponent: Int, _ isNegative: Bool) {
        self.digits = Array(digits.drop { $0 == 0 })
        self.exponent = exponent
        self.isNegative = isNegative && !self.digits.isEmpty
    }

    /// The nearest float.
    var double: Double {
        let text = digits.map(String.init).joined()
        return Double((isNegative ? "-" : "") + (text.isEmpty ? "0" : text) + "e\(exponent)") ?? 0
    }

    // MARK: - Digits

    private func aligned(to target: Int) -> [UInt8] {
        digits.isEmpty ? [] : digits + [UInt8](repeating: 0, count: exponent - target)
    }

    private static func compare(_ a: [UInt8], _ b: [UInt8]) -> Int {
        if a.count != b.count { return a.count < b.count ? -1 : 1 }
        for (x, y) in zip(a, b) where x != y { return x < y ? -1 : 1 }
        return 0
    }

    private static func sum(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var carry: UInt8 = 0
        for place in 0..<max(a.count, b.count) {
            let total = digit(a, place) + digit(b, place) + carry
            out.append(total % 10)
            carry = total / 10
        }
        if carry > 0 { out.append(carry) }
        return out.reversed()
    }

    /// `a - b`, for `a` that is not smaller.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var borrow: UInt8 = 0
        for place in 0..<a.count {
            let minuend = digit(a, place) + 10 - borrow - digit(b, place)
            out.append(minuend % 10)
            borrow = minuend < 10 ? 1 : 0
        }
        return Array(out.reversed().drop { $0 == 0 })
    }

    private static func digit(_ digits: [UInt8], _ place: Int) -> UInt8 {
        place < digits.count ? digits[digits.count - 1 - place] : 0
    }

    // MARK: - Operations

    static func + (left: DecimalNumber, right: DecimalNumber) -> DecimalNumber {
        let exponent = min(left.exponent, right.exponent)
        let (a, b) = (left.aligned(to: exponent), right.aligned(to: exponent))
        if left.isNegative == right.isNegative { return DecimalNumber(sum(a, b), exponent, left.isNegative) }
        return compare(a, b) >= 0
            ? DecimalNumber(difference(a, b), exponent, left.isNegative)
            : DecimalNumber(difference(b, a), exponent, right.isNegative)
    }

    static func - (left: DecimalNumber, right: DecimalNumber) -> DecimalNumber {
        left + DecimalNumber(right.digits, right.exponent, !right.isNegative)
    }

    static func * (left: DecimalNumber, right: DecimalNumber) -> DecimalNumber {
        var places = [Int](repeating: 0, count: left.digits.count + right.digits.count)
        for (i, a) in left.digits.reversed().enumerated() {
            for (j, b) in right.digits.reversed().enumerated() { places[i + j] += Int(a) * Int(b) }
        }
        var carry = 0
        for index in places.indices {
            let total = places[index] + carry
            places[index] = total % 10
            carry = total / 10
        }
        let digits = places.reversed().map { UInt8($0) }
        return DecimalNumber(digits, left.exponent + right.exponent, left.isNegative != right.isNegative)
    }

    /// The quotient with 16 digits after the point, half rounded away from zero; nil for division by zero.
    func divided(by divisor: DecimalNumber) -> DecimalNumber? {
        if divisor.digits.isEmpty { return nil }
        let precision = 16
        let shift = exponent - divisor.exponent + precision
        let numerator = shift > 0 ? digits + [UInt8](repeating: 0, count: shift) : digits
        let denominator = shift < 0 ? divisor.digits + [UInt8](repeating: 0, count: -shift) : divisor.digits
        var quotient: [UInt8] = []
        var rest: [UInt8] = []
        for digit in numerator {
            rest = Array((rest + [digit]).drop { $0 == 0 })
            var count: UInt8 = 0
            while DecimalNumber.compare(rest, denominator) >= 0 {
                rest = DecimalNumber.difference(rest, denominator)
                count += 1
            }
            quotient.append(count)
        }
        if DecimalNumber.compare(DecimalNumber.sum(rest, rest), denominator) >= 0 {
            quotient = DecimalNumber.sum(quotient, [1])
        }
        return DecimalNumber(quotient, -precision, isNegative != divisor.isNegative)
    }
}
