import Document

/// A line for whoever runs a command, beside its output: Helm's slog records.
public struct LogRecord: Sendable, Hashable {
    /// How much a line matters.
    public enum Level: String, Sendable {
        case debug = "DEBUG"
        case info = "INFO"
        case warn = "WARN"
        case error = "ERROR"
    }

    public var level: Level
    public var message: String
    public var attributes: [Attribute]

    /// One `key=value` of a record.
    public struct Attribute: Sendable, Hashable {
        public var key: String
        public var value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    public init(_ level: Level, _ message: String, _ attributes: [Attribute] = []) {
        self.level = level
        self.message = message
        self.attributes = attributes
    }

    /// The line of Go's slog.TextHandler, without its time.
    public var text: String {
        let fields = [Attribute("level", level.rawValue), Attribute("msg", message)] + attributes
        return fields.map { "\($0.key)=\(Self.quoted($0.value))" }.joined(separator: " ")
    }

    /// slog quotes, as Go's strconv does, what is empty or holds blanks, quotes, `=` or what does not print.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                ? scalar.value > 0x20 && scalar != "\"" && scalar != "="
                : scalar != "\u{FFFD}" && GoQuote.isPrintable(scalar)
        }
        return isPlain && !text.isEmpty ? text : GoQuote.quote(Text(text)).string
    }
}
