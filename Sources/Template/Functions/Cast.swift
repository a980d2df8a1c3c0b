import Document

/// Conversions of spf13/cast, which never fail: what cannot be converted is zero.
enum Cast {
    static func int64(_ value: GoValue) -> Int64 {
        switch value {
        case .bool(let bool): bool ? 1 : 0
        case .float(let double): truncated(double)
        case .uint64(let int): Int64(truncatingIfNeeded: int)
        case .string(let text): GoNumber.signed(withoutZeroFraction(text.string)) ?? 0
        case .invalid, .null: 0
        case .object(let object): named(object) ?? 0
        default: value.integer ?? 0
        }
    }

    static func double(_ value: GoValue) -> Double {
        switch value {
        case .bool(let bool): bool ? 1 : 0
        case .float(let double): double
        case .uint64(let int): Double(int)
        case .string(let text): GoNumber.float(text.string) ?? 0
        case .invalid, .null: 0
        case .object(let object): Double(named(object) ?? 0)
        default: Double(value.integer ?? 0)
        }
    }

    /// Months and days of the week count; durations do not.
    private static func named(_ object: any GoObject) -> Int64? { (object as? NamedNumber)?.number?.integer }

    /// A float as int64 as the amd64 processor converts it: what does not fit is the least number.
    private static func truncated(_ double: Double) -> Int64 { Int64(exactly: double.rounded(.towardZero)) ?? .min }

    /// `1.00` counts as `1`.
    private static func withoutZeroFraction(_ text: String) -> String {
        guard let point = text.lastIndex(of: "."), point != text.index(before: text.endIndex),
            text[text.index(after: point)...].allSatisfy({ $0 == "0" })
        else { return text }
        return String(text[..<point])
    }
}
