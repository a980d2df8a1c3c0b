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

    /// The amount in thousand-millionths.
    public let nanos: Int128
    public let format: Format

    public init(nanos: Int128, format: Format = .decimalSI) {
        self.nanos = nanos
        self.format = format
    }

    /// A whole amount.
    public init(_ value: Int64, format: Format = .decimalSI) {
        self.init(nanos: Int128(value) * 1_000_000_000, format: format)
    }

    /// Reads a quantity; nil where apimachinery's parser refuses. Amounts finer than a nano-unit are rounded up and
    /// those beyond 2⁶³-1 are capped, as there.
    public init?(_ text: String) {
        var rest = Substring(text).utf8
        let negative = rest.first == UInt8(ascii: "-")
        if negative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix { $0 &- 48 < 10 }
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix { $0 &- 48 < 10 }
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        guard let (base, exponent, format) = Quantity.suffix(String(Substring(rest))) else { return nil }
        let digits = Array(whole) + Array(fraction)
        guard let magnitude = Quantity.scaled(digits, fraction.count, base, exponent) else { return nil }
        self.init(nanos: negative ? -magnitude : magnitude, format: format)
    }

    /// What a suffix multiplies by (base to the power of exponent), and its family.
    private static func suffix(_ text: String) -> (base: Int128, exponent: Int, format: Format)? {
        switch text {
        case "": return (10, 0, .decimalSI)
        case "n": return (10, -9, .decimalSI)
        case "u": return (10, -6, .decimalSI)
        case "m": return (10, -3, .decimalSI)
        default: break
        }
        if let index = decimalSuffixes.firstIndex(of: text) { return (10, index * 3, .decimalSI) }
        if let index = binarySuffixes.firstIndex(of: text) { return (1024, index, .binarySI) }
        guard text.first == "e" || text.first == "E", let exponent = Int(text.dropFirst()),
            abs(exponent) < 1000
        else { return nil }
        return (10, exponent, .decimalExponent)
    }

    private static let decimalSuffixes = ["", "k", "M", "G", "T", "P", "E"]
    private static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    private static let most = Int128(Int64.max) * 1_000_000_000

    private static func scaled(_ digits: [UInt8], _ places: Int, _ base: Int128, _ exponent: Int) -> Int128? {
        // Digits beyond what an Int128 holds are beyond the cap as well.
        var value: Int128 = 0
        var power = 9 - places
        var lost = false
        for (index, digit) in digits.enumerated() {
            if value > most { power += digits.count - index; break }
            value = value * 10 + Int128(digit - 48)
        }
        if base == 10 { power += exponent } else { for _ in 0..<exponent { value = min(value * 1024, most * 1024) } }
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

    private func rounded(to unit: Int128) -> Int64 {
        let (quotient, rest) = nanos.quotientAndRemainder(dividingBy: unit)
        return Int64(clamping: rest > 0 ? quotient + 1 : quotient)
    }
}

extension Quantity: CustomStringConvertible {
    /// The canonical text: no fraction, the largest suffix that keeps the amount exact.
    public var description: String {
        guard nanos != 0 else { return "0" }
        let unit: Int128 = 1_000_000_000
        if format == .binarySI, nanos.magnitude >= UInt128(1024 * unit) { return binaryText }
        var number = nanos
        var exponent = -9
        while number % 1000 == 0, exponent < 18 {
            number /= 1000
            exponent += 3
        }
        if format == .decimalExponent { return exponent == 0 ? "\(number)" : "\(number)e\(exponent)" }
        let suffix = exponent < 0 ? ["n", "u", "m"][(exponent + 9) / 3] : Quantity.decimalSuffixes[exponent / 3]
        return "\(number)\(suffix)"
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
