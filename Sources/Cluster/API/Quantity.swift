public import Document

/// An amount of a resource, such as `100m` CPUs or `64Mi` bytes, exact to a nano-unit.
///
/// The text forms and the canonical one are those of apimachinery's `resource.Quantity` ("Resource units in
/// Kubernetes").
public struct Quantity: Sendable, Hashable, Comparable {
    /// The family of suffixes that the amount was written with, and is written with again.
    public enum Format: Sendable, Hashable {
        /// `Ki`, `Mi`, `Gi` …
        case binarySI
        /// `m`, `k`, `M` …
        case decimalSI
        /// `e3` …
        case decimalExponent
    }

    /// Why a text is no quantity, in apimachinery's words.
    public struct ParseFailure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        static let form = ParseFailure(
            description: "quantities must match the regular expression "
                + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
        static let suffix = ParseFailure(description: "unable to parse quantity's suffix")
    }

    /// The amount in thousand-millionths.
    public let nanos: Int128
    public let format: Format
    /// The power of ten that the digits were written with; what counts is ``nanos``.
    public let scale: Int
    /// Whether upstream keeps the amount as a decimal number of any length, not as 64 bits and a scale.
    public let isLong: Bool
    /// How it was written, where that is shown as it is.
    public let written: String?

    public init(nanos: Int128, format: Format = .decimalSI) {
        self.nanos = nanos
        self.format = format
        scale = -9
        isLong = false
        written = nil
    }

    /// A whole amount.
    public init(_ value: Int64, format: Format = .decimalSI) {
        self.init(nanos: Int128(value) * 1_000_000_000, format: format)
    }

    /// Reads a quantity; nil where apimachinery's parser refuses.
    public init?(_ text: String) {
        do throws(ParseFailure) { try self.init(parsing: text) } catch { return nil }
    }

    /// Reads a quantity as apimachinery's resource.ParseQuantity does: amounts finer than a nano-unit are rounded up,
    /// binary ones beyond 2⁶³-1 are capped, and what nearly has its canonical form stays as it was written.
    public init(parsing text: String) throws(ParseFailure) {
        guard !text.isEmpty else { throw .form }
        let parts = try Parts(text)
        guard let unit = Unit(parts.suffix) else { throw .suffix }
        let digits = parts.whole + parts.fraction
        isLong = Quantity.isLong(parts, unit, digits)
        scale = unit.format == .binarySI ? 0 : unit.exponent - parts.fraction.count
        let most = unit.format == .binarySI ? Quantity.most : Quantity.mostDecimal
        let magnitude = Quantity.scaled(digits, parts.fraction.count, unit, most: most)
        nanos = parts.isNegative ? -magnitude : magnitude
        let isBelowOne = isLong && magnitude > 0 && magnitude < 1_000_000_000
        format = unit.format == .binarySI && isBelowOne ? .decimalSI : unit.format
        let stays = text == "0" || !isLong && Quantity.isKept(digits, unit, scale)
        written = stays ? text : nil
    }

    /// What a text consists of, in the order that it is looked for.
    private struct Parts {
        var isNegative = false
        /// Without leading zeros; a zero where there is nothing else.
        var whole: [UInt8] = []
        var fraction: [UInt8] = []
        var suffix = ""

        init(_ text: String) throws(ParseFailure) {
            var rest = Substring(text).utf8
            isNegative = rest.first == UInt8(ascii: "-")
            if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            rest = rest.drop { $0 == UInt8(ascii: "0") }
            whole = Array(rest.prefix { $0 &- 48 < 10 })
            rest = rest.dropFirst(whole.count)
            if whole.isEmpty { whole = [48] }
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                fraction = Array(rest.prefix { $0 &- 48 < 10 })
                rest = rest.dropFirst(fraction.count)
            }
            suffix = String(Substring(rest))
            rest = rest.drop { "eEinumkKMGTP".utf8.contains($0) }
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard rest.allSatisfy({ $0 &- 48 < 10 }) else { throw .form }
        }
    }

    /// What a suffix multiplies by (base to the power of exponent), and its family.
    private struct Unit {
        var base: Int128 = 10
        var exponent = 0
        var format = Format.decimalSI

        init?(_ suffix: String) {
            if let index = Quantity.smallSuffixes.firstIndex(of: suffix) {
                exponent = index * 3 - 9
            } else if let index = Quantity.decimalSuffixes.firstIndex(of: suffix) {
                exponent = index * 3
            } else if let index = Quantity.binarySuffixes.firstIndex(of: suffix), index > 0 {
                (base, exponent, format) = (2, index * 10, .binarySI)
            } else if let first = suffix.first, first == "e" || first == "E", let power = Int(suffix.dropFirst()) {
                (exponent, format) = (min(max(power, -1000), 1000), .decimalExponent)
            } else {
                return nil
            }
        }
    }

    private static let smallSuffixes = ["n", "u", "m"]
    private static let decimalSuffixes = ["", "k", "M", "G", "T", "P", "E"]
    private static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    private static let most = Int128(Int64.max) * 1_000_000_000
    /// What 128 bits hold with room to add.
    private static let mostDecimal = (0..<36).reduce(Int128(1)) { power, _ in power * 10 }

    /// Whether 64 bits and a scale are not enough, as upstream guesses it by the number of digits.
    private static func isLong(_ parts: Parts, _ unit: Unit, _ digits: [UInt8]) -> Bool {
        guard unit.format == .binarySI else {
            return digits.count > 18 || unit.exponent - parts.fraction.count < -9
        }
        guard parts.fraction.isEmpty, 15 - digits.count - unit.exponent * 3 / 10 - 1 >= 0 else { return true }
        return value(digits).multipliedReportingOverflow(by: 1 << Int64(unit.exponent)).overflow
    }

    private static func value(_ digits: [UInt8]) -> Int64 { digits.reduce(0) { $0 &* 10 &+ Int64($1 - 48) } }

    /// Whether the text counts as canonical already: also with a sign, or a fraction of three digits.
    private static func isKept(_ digits: [UInt8], _ unit: Unit, _ scale: Int) -> Bool {
        if unit.format == .binarySI { return value(digits) & 7 != 0 }
        return scale % 3 == 0 && digits[0] != 48 && !(digits.count > 2 && digits.suffix(3).allSatisfy { $0 == 48 })
    }

    private static func scaled(_ digits: [UInt8], _ places: Int, _ unit: Unit, most: Int128) -> Int128 {
        // Digits beyond what an Int128 holds are beyond the cap as well.
        var value: Int128 = 0
        var power = 9 - places
        var lost = false
        for (index, digit) in digits.enumerated() {
            if value > most / 10 {
                power += digits.count - index
                break
            }
            value = value * 10 + Int128(digit - 48)
        }
        if unit.base == 10 {
            power += unit.exponent
        } else {
            for _ in 0..<unit.exponent where value <= mostDecimal { value *= 2 }
        }
        while power > 0, value != 0, value <= most {
            value *= 10
            power -= 1
        }
        while power < 0, value != 0 {
            lost = lost || value % 10 != 0
            value /= 10
            power += 1
        }
        // What was cut off rounds up, as also an amount below a nano-unit does.
        return min(lost || (value == 0 && digits.contains { $0 != 48 }) ? value + 1 : value, most)
    }

    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }
    public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }

    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(nanos: left.nanos + right.nanos, format: left.nanos == 0 ? right.format : left.format)
    }

    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(nanos: left.nanos - right.nanos, format: left.nanos == 0 ? right.format : left.format)
    }

    /// The amount in whole units, rounded up (`Quantity.Value()`).
    public var value: Int64 { rounded(to: 1_000_000_000) }

    /// The amount in thousandths, rounded up (`Quantity.MilliValue()`).
    public var milliValue: Int64 { rounded(to: 1_000_000) }

    /// Away from zero; long ones always up.
    private func rounded(to unit: Int128) -> Int64 {
        let (quotient, rest) = nanos.quotientAndRemainder(dividingBy: unit)
        guard rest != 0 else { return Int64(clamping: quotient) }
        return Int64(clamping: rest > 0 || isLong ? quotient + 1 : quotient - 1)
    }
}

extension Quantity: CustomStringConvertible {
    /// As it was written where that is nearly canonical, or else the canonical text: no fraction, the largest suffix
    /// that keeps the amount exact.
    public var description: String {
        if let written { return written }
        guard nanos != 0 else { return "0" }
        let unit: Int128 = 1_000_000_000
        if format == .binarySI, nanos.magnitude >= UInt128(1024 * unit), nanos % unit == 0 { return binaryText }
        var number = nanos
        var exponent = -9
        while number % 1000 == 0 {
            number /= 1000
            exponent += 3
        }
        if format == .decimalExponent { return exponent == 0 ? "\(number)" : "\(number)e\(exponent)" }
        if exponent < 0 { return "\(number)\(Quantity.smallSuffixes[(exponent + 9) / 3])" }
        // Upstream has no suffix beyond E, and leaves it out.
        return "\(number)\(exponent > 18 ? "" : Quantity.decimalSuffixes[exponent / 3])"
    }

    private var binaryText: String {
        var number = Int128(value)
        var power = 0
        while number % 1024 == 0, power < 6 {
            number /= 1024
            power += 1
        }
        return "\(number)\(Quantity.binarySuffixes[power])"
    }
}

extension Value {
    /// The quantity of a string or number; nil for anything else and for what does not parse.
    public var quantity: Quantity? {
        switch self {
        case .string(let text): Quantity(text.string)
        case .number(let number): Quantity(number.literal.string)
        default: nil
        }
    }
}
