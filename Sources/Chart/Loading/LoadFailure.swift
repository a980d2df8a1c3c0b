/// Why a chart could not be read: a code, the file, and Helm's words.
public struct LoadFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What sort of failure this is; more may come.
    public enum Code: Sendable {
        /// There is no such file or folder.
        case notFound
        /// A file or folder cannot be read.
        case unreadable
        /// The archive is malformed, too large, or points outside of the chart.
        case archive
        /// A file of the chart is not what it should be.
        case malformed
        /// Chart.yaml misses what every chart has to say.
        case invalid
        /// The chart needs others that are not in charts/.
        case missingDependency
    }

    public let code: Code
    /// The file or folder.
    public let path: String
    /// The words that Helm prints.
    public let message: String
    /// The line at fault, where one is known.
    public let place: FailurePlace?

    public init(_ code: Code, _ path: String, _ message: String, at place: FailurePlace? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.place = place
    }

    public var description: String { message }
}
