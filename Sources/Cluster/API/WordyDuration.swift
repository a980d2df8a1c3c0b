/// A duration as CRDs with `format: duration` may have it beside Go's own form: numbers with the names of units, `1 day`,
/// `2weeks` (go-openapi's strfmt).
public struct WordyDuration: Sendable {
    /// The whole of it.
    public let nanoseconds: Int64

    /// Units by their names, of which the last of each row may go on.
    private static let units: [(names: [String], nanoseconds: Int64)] = [
        (["ns", "nano"], 1), (["us", "µs", "micro"], 1000), (["ms", "milli"], 1_000_000),
        (["s", "sec"], 1_000_000_000),
        (["m", "min"], 60_000_000_000), (["h", "hr", "hour"], 3_600_000_000_000),
        (["d", "day"], 86_400_000_000_000), (["w", "wk", "week"], 604_800_000_000_000),
    ]

    /// Nil where no unit is known.
    public init?(_ text: String) {
        var total: Int64?
        var rest = Substring(text.lowercased())
        while let start = rest.firstIndex(where: { $0.isASCII && $0.isNumber }) {
            let digits = rest[start...].prefix { $0.isASCII && $0.isNumber }
            guard let count = Int64(digits) else { return nil }
            rest = rest[digits.endIndex...].drop(while: \.isWhitespace)
            let unit = rest.prefix { $0.isASCII && $0.isLetter || $0 == "µ" }
            rest = rest[unit.endIndex...]
            let known = WordyDuration.units.first {
                $0.names.contains(String(unit)) || unit.hasPrefix($0.names.last ?? "")
            }
            if let known { total = (total ?? 0) &+ count &* known.nanoseconds }
        }
        guard let total else { return nil }
        nanoseconds = total
    }
}
