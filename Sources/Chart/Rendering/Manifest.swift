public import Document

/// One rendered document.
public struct Manifest: Sendable, Hashable {
    /// The path of the template below the chart's parent folder.
    public var path: String
    /// The text of the document, as the template wrote it.
    public var content: Text
    /// `kind` and `apiVersion` of the document; empty where it has none.
    public var kind: String
    public var apiVersion: String
    /// `metadata.name`
    public var name: String
}

/// A document that Helm runs at a point of the release's life.
public struct Hook: Sendable, Hashable {
    /// A point of the release's life.
    public enum Event: String, Sendable, Hashable, CaseIterable {
        case preInstall = "pre-install"
        case postInstall = "post-install"
        case preDelete = "pre-delete"
        case postDelete = "post-delete"
        case preUpgrade = "pre-upgrade"
        case postUpgrade = "post-upgrade"
        case preRollback = "pre-rollback"
        case postRollback = "post-rollback"
        case test

        /// The event of an annotation; `test-success` is an old name of `test`.
        init?(annotation: String) {
            self.init(rawValue: annotation == "test-success" ? "test" : annotation)
        }
    }

    public var name: String
    public var kind: String
    /// The path of the template below the chart's parent folder.
    public var path: String
    /// The text of the document.
    public var manifest: Text
    public var events: [Event]
    /// Lower runs first.
    public var weight: Int
    /// When the object is removed: `before-hook-creation`, `hook-succeeded`, `hook-failed`.
    public var deletePolicies: [String]
    /// When its log is shown: `hook-succeeded`, `hook-failed`.
    public var outputLogPolicies: [String]
}
