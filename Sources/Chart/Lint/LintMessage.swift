/// One remark of a lint.
public struct LintMessage: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: Int, Sendable, Comparable {
        case info = 1
        case warning
        case error

        public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

        var name: String {
            switch self {
            case .info: "INFO"
            case .warning: "WARNING"
            case .error: "ERROR"
            }
        }
    }

    public let severity: Severity
    /// The file inside the chart.
    public let path: String
    public let message: String

    public var description: String { "[\(severity.name)] \(path): \(message)" }
}
