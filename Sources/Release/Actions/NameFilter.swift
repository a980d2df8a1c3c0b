import Pattern

/// `list --filter`: a Go regular expression on the names of releases.
public enum NameFilter {
    /// Whether a name has a match of the expression anywhere.
    ///
    /// - Throws: ``ReleaseFailure`` in Go's words where the expression is none.
    public static func matching(_ expression: String) throws -> @Sendable (String) -> Bool {
        do {
            let pattern = try RegularExpression(Array(expression.utf8))
            return { pattern.matches(Array($0.utf8)) }
        } catch {
            throw ReleaseFailure(error.message)
        }
    }
}
