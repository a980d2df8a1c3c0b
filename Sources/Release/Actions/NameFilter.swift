/// `list --filter`: a Go regular expression on the names of releases.
public enum NameFilter {
    /// - Throws: where the expression is none.
    public static func matching(_ expression: String) throws -> @Sendable (String) -> Bool {
        throw ReleaseFailure("--filter is not supported yet")
    }
}
