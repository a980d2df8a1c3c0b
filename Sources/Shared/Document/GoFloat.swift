/// The texts that Go's `strconv.FormatFloat` gives a float64, from the shortest digits that read back as the same value.
public enum GoFloat {
    /// The decimal digits of a finite float and the place of its point: value = 0.d₁d₂… × 10^exponent.
    public struct Digits: Sendable {
        public var isNegative: Bool
        /// ASCII digits without leading or trailing zeros; empty for zero.
        public var digits: [UInt8]
        public var exponent: Int

        /// The shortest digits that read back as `value`, which has to be finite.
        public init(_ value: Double) { self.init(isNegative: value.sign == .minus, value.magnitude.description) }

        /// The shortest digits that read back as this float32.
        public init(_ value: Float) { self.init(isNegative: value.sign == .minus, value.magnitude.description) }

        /// Swift prints the shortest digits too; only its layout differs from Go's.
        private init(isNegative: Bool, _ description: String) {
            self.isNegative = isNegative
            digits = []
            exponent = 0
            var fraction = 0
            var sawPoint = false
            var power = 0
            let text = Array(description.utf8)
            if let e = text.firstIndex(of: UInt8(ascii: "e")) {
                power = Int(String(decoding: text[(e + 1)...], as: UTF8.self)) ?? 0
            }
            for byte in text.prefix(while: { $0 != UInt8(ascii: "e") }) {
                if byte == UInt8(ascii: ".") {
                    sawPoint = true
                } else {
                    digits.append(byte)
                    if sawPoint { fraction += 1 }
                }
            }
            exponent = digits.count - fraction + power
            let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
            digits.removeFirst(zeros)
            exponent = digits.isEmpty ? 0 : exponent - zeros
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        }
    }

    /// encoding/json's text: 'f', or 'e' below 1e-6 and from 1e21 on, with `e-9` for `e-09`.
    public static func json(_ value: Double) -> String {
        let magnitude = value.magnitude
        guard magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 else { return fixed(value) }
        return exponential(value, minimumExponentDigits: 1)
    }

    /// `FormatFloat(value, 'f', -1, 64)`.
    public static func fixed(_ value: Double) -> String { fixed(Digits(value)) }

    private static func fixed(_ parts: Digits) -> String {
        var text = parts.isNegative ? "-" : ""
        let whole = parts.digits.prefix(max(parts.exponent, 0))
        text += whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self)
        text += String(repeating: "0", count: max(0, parts.exponent - parts.digits.count))
        let fraction = parts.digits.dropFirst(max(parts.exponent, 0))
        if !fraction.isEmpty {
            text += "." + String(repeating: "0", count: max(0, -parts.exponent))
            text += String(decoding: fraction, as: UTF8.self)
        }
        return text
    }

    /// `FormatFloat(value, 'e', -1, 64)`, with at least that many digits in the exponent (Go's own rule is 2).
    public static func exponential(_ value: Double, minimumExponentDigits: Int = 2) -> String {
        exponential(Digits(value), minimumExponentDigits)
    }

    private static func exponential(_ parts: Digits, _ minimumExponentDigits: Int = 2) -> String {
        var text = parts.isNegative ? "-" : ""
        text += parts.digits.isEmpty ? "0" : String(decoding: parts.digits.prefix(1), as: UTF8.self)
        if parts.digits.count > 1 { text += "." + String(decoding: parts.digits.dropFirst(), as: UTF8.self) }
        let power = parts.digits.isEmpty ? 0 : parts.exponent - 1
        let digits = String(power.magnitude)
        let padding = String(repeating: "0", count: max(0, minimumExponentDigits - digits.count))
        return text + (power < 0 ? "e-" : "e+") + padding + digits
    }

    /// `FormatFloat(value, 'g', -1, 64)`, which is what fmt's `%v` prints.
    public static func general(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return general(Digits(value))
    }

    /// `FormatFloat(value, 'g', -1, 32)` of a finite value.
    public static func general(_ value: Float) -> String { general(Digits(value)) }

    private static func general(_ parts: Digits) -> String {
        let power = parts.digits.isEmpty ? 0 : parts.exponent - 1
        // For the shortest form strconv decides as if the precision were 6.
        return power < -4 || power >= 6 ? exponential(parts) : fixed(parts)
    }
}
