/// Why an action on a release failed: what kind of failure, what was being done, and what lies beneath.
public struct ReleaseFailure: Error, Sendable, CustomStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: Sendable, Hashable {
        /// No record of that name (or of that revision) exists.
        case notFound
        /// Records exist, but none is deployed.
        case noDeployedReleases
        /// The record exists already.
        case alreadyExists
        /// The newest revision is pending: another client is at work, or one died.
        case pending
        /// The cluster did not answer.
        case unreachable
        /// The time for the operation is over.
        case timedOut
        case other
    }

    public var code: Code
    /// Helm's words for what was being done.
    public var message: String
    /// What to do about it, or what was found: our addition, on lines after Helm's words.
    public var advice: String
    public var cause: (any Error)?

    public init(_ message: String, code: Code = .other, advice: String = "", cause: (any Error)? = nil) {
        self.message = message
        self.code = code
        self.advice = advice
        self.cause = cause
    }

    /// The same failure with words before it, as Go's `fmt.Errorf("…: %w")` puts them; code and advice are kept.
    static func wrapping(_ error: any Error, _ words: String) -> ReleaseFailure {
        let failure = error as? ReleaseFailure
        return ReleaseFailure(
            "\(words): \(Cancellation.words(error))", code: failure?.code ?? .other,
            advice: failure?.advice ?? "", cause: error)
    }

    public var description: String { advice.isEmpty ? message : "\(message)\n\(advice)" }
}

extension ReleaseFailure {
    static let releaseNotFound = ReleaseFailure("release: not found", code: .notFound)

    static func noDeployed(_ name: String) -> ReleaseFailure {
        ReleaseFailure("\"\(name)\" has no deployed releases", code: .noDeployedReleases)
    }
}
