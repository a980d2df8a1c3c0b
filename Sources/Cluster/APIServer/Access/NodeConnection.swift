public import Document

/// How the API reaches what runs on a node: by HTTPS to its agent, or by a call into this process.
public protocol NodeConnection: Sendable {
    /// The log of a container, to its end or for as long as it is followed.
    ///
    /// - Parameters:
    ///   - pod: the whole Pod, bound to a node.
    ///   - options: what of the log is wanted.
    /// - Throws: an API `Status` where the node refuses.
    func log(of pod: Value, _ options: LogOptions) async throws -> AsyncThrowingStream<[UInt8], any Error>
}

/// Which part of a container's log is wanted (core's PodLogOptions).
public struct LogOptions: Sendable {
    public var container: String
    public var isFollowed: Bool
    /// Whether the log of the container's last run is meant.
    public var isPrevious: Bool
    public var hasTimestamps: Bool
    public var sinceSeconds: Int?
    /// RFC 3339.
    public var sinceTime: String?
    public var tailLines: Int?
    public var limitBytes: Int?

    /// All of a container's log so far.
    public init(container: String) {
        self.container = container
        isFollowed = false
        isPrevious = false
        hasTimestamps = false
    }

    init(_ query: Query, container: String) {
        self.init(container: container)
        isFollowed = query.flag("follow")
        isPrevious = query.flag("previous")
        hasTimestamps = query.flag("timestamps")
        sinceSeconds = Int(query["sinceSeconds"])
        sinceTime = query["sinceTime"].isEmpty ? nil : query["sinceTime"]
        tailLines = Int(query["tailLines"])
        limitBytes = Int(query["limitBytes"])
    }
}
