import Document
import Glibc

extension GoNumber {
    /// `strconv.FormatFloat(value, verb, precision, 64)`; the shortest digits where the precision is nil.
    static func format(_ value: Double, _ verb: Unicode.Scalar, _ precision: Int?) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        switch verb {
        case "b": return binary(value)
        case "x", "X": return hexadecimal(value, verb, precision)
        case "E", "G":
            let lower: Unicode.Scalar = verb == "E" ? "e" : "g"
            return format(value, lower, precision).uppercased()
        default: break
        }
        guard let precision else { return shortest(value, verb) }
        return printed("%.*\(verb)", value, precision)
    }

    private static func shortest(_ value: Double, _ verb: Unicode.Scalar) -> String {
        switch verb {
        case "e": GoFloat.exponential(value)
        case "f": GoFloat.fixed(value)
        default: general(value)
        }
    }

    /// `FormatFloat(value, 'g', -1, 64)`, which is what `%v` prints: the shortest form counts as having precision 6, so
    /// that 1234567 is 1.234567e+06.
    static func general(_ value: Double) -> String {
        if !value.isFinite { return format(value, "g", nil) }
        let parts = GoFloat.Digits(value)
        let power = parts.digits.isEmpty ? 0 : parts.exponent - 1
        return power < -4 || power >= 6 ? GoFloat.exponential(value) : GoFloat.fixed(value)
    }

    private static func printed(_ format: String, _ value: Double, _ precision: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 400 + precision)
        let count = withVaList([Int32(clamping: precision), value]) {
            vsnprintf(&buffer, buffer.count, format, $0)
        }
        return String(decoding: buffer.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// `4503599627370496p-52`
    private static func binary(_ value: Double) -> String {
        var exponent = Int(value.exponentBitPattern)
        var mantissa = value.significandBitPattern
        if exponent == 0 { exponent = 1 } else { mantissa |= 1 << 52 }
        exponent -= 1023 + 52
        return (value.sign == .minus ? "-" : "") + String(mantissa) + "p" + (exponent < 0 ? "" : "+") + String(exponent)
    }

    /// `0x1.8p+01`: C's `%a` with an exponent of two digits at least.
    private static func hexadecimal(_ value: Double, _ verb: Unicode.Scalar, _ precision: Int?) -> String {
        let raw = precision.map { printed("%.*a", value, $0) } ?? printedShortest(value)
        if value.isSubnormal { return subnormal(value, verb, precision) }
        guard let p = raw.firstIndex(of: "p") else { return raw }
        // C leaves a leading 2 where rounding carries; Go counts the exponent up.
        let isCarried = raw.drop { $0 == "-" }.hasPrefix("0x2")
        let exponent = (Int(raw[raw.index(after: p)...]) ?? 0) + (isCarried ? 1 : 0)
        let digits = String(exponent.magnitude)
        var head = String(raw.prefix(through: p))
        if isCarried { head = head.replacing("0x2", with: "0x1", maxReplacements: 1) }
        let text = head + (exponent < 0 ? "-" : "+") + (digits.count < 2 ? "0" : "") + digits
        return verb == "X" ? text.uppercased() : text
    }

    /// Go writes every number with a leading 1, where C keeps the exponent of the smallest ones.
    private static func subnormal(_ value: Double, _ verb: Unicode.Scalar, _ precision: Int?) -> String {
        // Exact: the scaled value is a normal number with the same digits.
        let scaled = hexadecimal(value.sign == .minus ? -value.significand : value.significand, "x", precision)
        guard let p = scaled.firstIndex(of: "p") else { return scaled }
        let carried = Int(scaled[scaled.index(after: p)...]) ?? 0
        let exponent = Int(value.exponent) + carried
        let text = scaled[...p] + (exponent < 0 ? "-" : "+") + String(abs(exponent))
        return verb == "X" ? text.uppercased() : String(text)
    }

    private static func printedShortest(_ value: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%a", $0) }
        return String(decoding: buffer.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
