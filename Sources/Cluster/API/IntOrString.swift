public import Document

/// A field that holds either a whole number or text: a port's number or name, a count or a percentage.
public enum IntOrString: Sendable, Hashable, CustomStringConvertible {
    case int(Int)
    case string(String)

    /// Nil for anything but a whole number or a string.
    public init?(_ value: Value?) {
        switch value {
        case .number(let number)?:
            guard let int = number.int64 else { return nil }
            self = .int(Int(int))
        case .string(let text)?: self = .string(text.string)
        default: return nil
        }
    }

    public var description: String {
        switch self {
        case .int(let value): String(value)
        case .string(let text): text
        }
    }

    /// The number, or that percentage of `total` (`GetScaledValueFromIntOrPercent`); nil for text that is none.
    public func scaled(of total: Int, roundUp: Bool) -> Int? {
        switch self {
        case .int(let value): return value
        case .string(let text):
            guard text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return nil }
            let (quotient, rest) = (percent * total).quotientAndRemainder(dividingBy: 100)
            return roundUp && rest > 0 ? quotient + 1 : quotient
        }
    }
}
