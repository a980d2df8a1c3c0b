import Calendar
public import Flags

/// Durations in Go's words, such as `5m0s` or `1.5h`.
extension Duration: FlagValue {
    public static var kind: String { "duration" }

    public init() { self = .zero }

    public mutating func take(_ text: String) throws(InvalidFlagValue) {
        do {
            self = .nanoseconds(try GoDuration.parse(text))
        } catch {
            throw InvalidFlagValue(error.message)
        }
    }

    public var shownDefault: String {
        let (seconds, attoseconds) = components
        return GoDuration.text(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
