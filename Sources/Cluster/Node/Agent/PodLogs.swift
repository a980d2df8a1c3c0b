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
    fileprivate var isAttended: Bool {
        guard Files.exists(path), ending == nil else { return false }
        guard let running else { return true }
        return startTicks(of: running.shim) == running.shimTicks
    }
}

/// Reads one log file from where the options say to its end, through its rotation.
struct LogReader {
    private let path: String
    private let options: PodLogs.Options
    private var left: Int
    private var rest: [UInt8] = []
    private let since: [UInt8]?

    /// How often a followed log is looked at: its writer is another process.
    private static let pause = Duration.milliseconds(50)

    init(_ path: String, _ options: PodLogs.Options) {
        self.path = path
        self.options = options
        left = options.limitBytes ?? .max
        // Times in logs are of one length, so that they compare as texts.
        since = options.since.map { time in
            let digits = String(time.nanoseconds)
            let text = time.description.dropLast() + "." + String(repeating: "0", count: 9 - digits.count) + digits
            return Array("\(text)Z".utf8)
        }
    }

    /// - Parameter writer: the run that writes the log; nil where the log is not followed.
    mutating func run(_ writer: ContainerFolder?, _ emit: ([UInt8]) -> Void) async {
        if options.tail == nil { pass(Files.read("\(path).1", limit: .max) ?? [], emit) }
        var file = open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        if let tail = options.tail { emitTail(tail, file, emit) }
        while left > 0, !Task.isCancelled {
            let goesOn = writer?.isAttended ?? false
            let bytes = file >= 0 ? Files.read(file, limit: 1 << 20) ?? [] : []
            pass(bytes, emit)
            guard bytes.isEmpty else { continue }
            if isRotated(file) {
                if file >= 0 { close(file) }
                file = open(path, O_RDONLY | O_CLOEXEC)
            } else if !goesOn {
                return
            } else {
                try? await Task.sleep(for: LogReader.pause)
            }
        }
    }

    /// Whether the file of that name is another one by now.
    private func isRotated(_ file: Int32) -> Bool {
        var (mine, named) = (stat(), stat())
        guard stat(path, &named) == 0 else { return false }
        return file < 0 || fstat(file, &mine) == 0 && mine.st_ino != named.st_ino
    }

    /// Shows the last lines of what is there, and leaves the file at its end.
    private mutating func emitTail(_ count: Int, _ file: Int32, _ emit: ([UInt8]) -> Void) {
        let old = Files.read("\(path).1", limit: .max) ?? []
        let bytes = old + (file >= 0 ? Files.read(file, limit: .max) ?? [] : [])
        let end = bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let lines = bytes[..<end].split(separator: 10)
        for line in lines.suffix(count) { show(line, emit) }
        rest = Array(bytes[end...])
    }

    /// Takes further bytes of the file and shows the lines that are whole.
    private mutating func pass(_ bytes: [UInt8], _ emit: ([UInt8]) -> Void) {
        rest += bytes
        guard let end = rest.lastIndex(of: 10) else { return }
        for line in rest[..<end].split(separator: 10) { show(line, emit) }
        rest.removeSubrange(...end)
    }

    private mutating func show(_ bytes: ArraySlice<UInt8>, _ emit: ([UInt8]) -> Void) {
        guard left > 0, let line = LogFile.Line(bytes) else { return }
        if let since, line.time.lexicographicallyPrecedes(since) { return }
        let output = line.output(withTime: options.timestamps).prefix(left)
        left -= output.count
        if !output.isEmpty { emit(Array(output)) }
    }
}
