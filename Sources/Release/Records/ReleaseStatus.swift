/// The states of a revision, in the words in which Helm stores and prints them.
public struct ReleaseStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let unknown = ReleaseStatus(rawValue: "unknown")
    public static let deployed = ReleaseStatus(rawValue: "deployed")
    public static let uninstalled = ReleaseStatus(rawValue: "uninstalled")
    public static let superseded = ReleaseStatus(rawValue: "superseded")
    public static let failed = ReleaseStatus(rawValue: "failed")
    public static let uninstalling = ReleaseStatus(rawValue: "uninstalling")
    public static let pendingInstall = ReleaseStatus(rawValue: "pending-install")
    public static let pendingUpgrade = ReleaseStatus(rawValue: "pending-upgrade")
    public static let pendingRollback = ReleaseStatus(rawValue: "pending-rollback")

    /// Whether an operation has begun and has not told its end: it is at work, or its client died.
    public var isPending: Bool {
        self == .pendingInstall || self == .pendingUpgrade || self == .pendingRollback
    }

    public var description: String { rawValue }
}
