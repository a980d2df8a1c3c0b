public import API
public import Document
import Glibc

/// The logs of a container, as `kubectl logs` asks for them.
public struct PodLogs: Sendable {
    /// Which part of a log is wanted, and how.
    public struct Options: Sendable {
        /// Go on with what comes, until the container ends.
        public var follow: Bool
        /// The run before the current one.
        public var previous: Bool
        /// Begin every line with its time.
        public var timestamps: Bool
        /// Nothing from before that time; nil for all.
        public var since: Time?
        /// The last lines alone; nil for all.
        public var tail: Int?
        /// Stop after that many bytes; nil for all.
        public var limitBytes: Int?

        public init(
            follow: Bool = false, previous: Bool = false, timestamps: Bool = false, since: Time? = nil,
            tail: Int? = nil, limitBytes: Int? = nil
        ) {
            self.follow = follow
            self.previous = previous
            self.timestamps = timestamps
            self.since = since
            self.tail = tail
            self.limitBytes = limitBytes
        }
    }

    private let pods: String
    private let cluster: String

    /// - Parameters:
    ///   - cluster: the cluster's id.
    ///   - folder: the node's folder, as in ``NodeConfiguration``.
    public init(cluster: String, folder: String) {
        pods = "\(folder)/pods"
        self.cluster = cluster
    }

    /// The log of a container, piece by piece.
    ///
    /// - Parameter pod: the whole Pod.
    /// - Throws: ``NodeError`` of code `notFound` where the container has no log (yet).
    public func read(
        _ pod: Value, container: String, _ options: Options = Options()
    ) throws -> AsyncThrowingStream<[UInt8], any Error> {
        let folder = PodFolder(pods, uid: pod.uid, cluster: cluster)
        let attempts = folder.attempts(of: container)
        guard let last = attempts.last else {
            throw NodeError(
                .notFound, "container \"\(container)\" in pod \"\(pod.name)\" is waiting to start: ContainerCreating")
        }
        guard !options.previous || attempts.contains(last - 1) else {
            throw NodeError(
                .notFound, "previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
        }
        let attempt = options.previous ? last - 1 : last
        let (path, run) = (folder.log(of: container, attempt), folder.run(of: container, attempt))
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
        let task = Task {
            var reader = LogReader(path, options)
            await reader.run(options.follow ? run : nil) { continuation.yield($0) }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}

extension ContainerFolder {
    /// Whether more may come into the log: the shim, which writes it, still lives, or is about to be started.
    var isAttended: Bool {
        guard Files.exists(path), ending == nil else { return false }
        guard let running else { return true }
        return startTicks(of: running.shim) == running.shimTicks
    }
}
