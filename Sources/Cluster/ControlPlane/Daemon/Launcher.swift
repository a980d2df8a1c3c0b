import CLinux
import Glibc
import Node
import PKI

/// Starts and stops the daemon of a cluster: the same binary, run again in a session of its own.
public struct Launcher: Sendable {
    /// How a cluster stands.
    public struct State: Sendable, Hashable {
        /// Nil where no daemon runs.
        public var process: Int32?
        /// Where the API listens; nil until it does.
        public var server: String?
    }

    private let folder: DataFolder

    public init(_ folder: DataFolder) { self.folder = folder }

    /// How the cluster stands now.
    public var state: State {
        let owner = FolderLock.owner(of: folder)
        let text = owner == nil ? nil : (try? PrivateFile.read(folder.server)) ?? nil
        return State(process: owner, server: text.map { String($0.prefix { $0 != "\n" }) })
    }

    /// The daemon that runs and goes on; nil where none does. One that was killed just now still has the lock for as long
    /// as its threads come to their end: that is waited for.
    public func settledProcess() -> Int32? {
        guard let owner = FolderLock.owner(of: folder) else { return nil }
        // What cannot be read is gone.
        guard ProcessState(of: owner)?.isEnding ?? true else { return owner }
        let pidfd = helmctl_pidfd_open(owner)
        if pidfd >= 0 {
            _ = Launcher.hasEnded(pidfd)
            close(pidfd)
        }
        return FolderLock.owner(of: folder)
    }

    /// Whether the process of the descriptor ends while it is waited for, half a minute at most.
    private static func hasEnded(_ pidfd: Int32) -> Bool {
        var entry = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 30_000) > 0
    }

    /// Starts the daemon and waits until its API is ready.
    ///
    /// - Parameters:
    ///   - arguments: the words after the program's name that make it the daemon.
    ///   - seconds: how long it may take.
    /// - Returns: the server's URL.
    public func start(_ arguments: [String], seconds: Int) throws(ClusterFailure) -> String {
        try folder.make()
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw failure("make a pipe") }
        defer { close(ends[0]) }
        let process = try spawn(arguments, report: ends[1])
        let report = try read(ends[0], seconds: seconds, process)
        if report.hasPrefix(Self.readyMark) { return String(report.dropFirst(Self.readyMark.count)) }
        if report.isEmpty {
            throw ClusterFailure(.startFailed, "the cluster's daemon ended before it was ready; see \(folder.log)")
        }
        throw ClusterFailure(.startFailed, report)
    }

    /// What the daemon says to the one who started it, on the descriptor that it inherits for this alone.
    private static let readyMark = "ready "
    private static let reportDescriptor: Int32 = 3

    /// Tells the one who started this daemon how that went. Without one (in a foreground run) nobody is told.
    public static func report(_ outcome: Result<String, ClusterFailure>) {
        let text =
            switch outcome {
            case .success(let url): readyMark + url
            case .failure(let failure): failure.message
            }
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(reportDescriptor, $0.baseAddress, $0.count) }
        close(reportDescriptor)
    }

    private func spawn(_ arguments: [String], report: Int32) throws(ClusterFailure) -> pid_t {
        let log = open(folder.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else {
            close(report)
            throw failure("open \(folder.log)")
        }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for file in [log, null, report] { close(file) } }
        var words = ([CommandLine.arguments.first ?? "helmctl"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        var pidfd: Int32 = -1
        // The daemon gets these four and nothing else: whatever the caller had open stays with the caller.
        let started = helmctl_spawn(
            "/proc/self/exe", &words, environ, [null, log, log, report], 4, &process, &pidfd)
        guard started == 0 else { throw failure("start the daemon") }
        close(pidfd)
        return process
    }

    private func failure(_ attempt: String) -> ClusterFailure {
        ClusterFailure(.startFailed, "cannot \(attempt): \(String(cString: strerror(errno)))")
    }

    /// Reads the daemon's report to its end; a daemon that takes too long is ended.
    private func read(_ file: Int32, seconds: Int, _ process: pid_t) throws(ClusterFailure) -> String {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = (deadline - clock.now).components
            var entry = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            let wait = max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000)
            let found = poll(&entry, 1, Int32(wait))
            if found < 0 && errno == EINTR { continue }
            guard found > 0 else {
                kill(process, SIGTERM)
                throw ClusterFailure(.tooSlow, "the API was not ready within \(seconds) s; see \(folder.log)")
            }
            let count = Glibc.read(file, &chunk, chunk.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// Ends the daemon and removes what it may have left. Does nothing where none runs and nothing is left.
    ///
    /// - Returns: whether one was running.
    public func stop() async throws -> Bool {
        let owner = FolderLock.owner(of: folder)
        if let owner { end(owner) }
        try await ClusterParts.removeRemains(folder)
        for file in [folder.processFile, folder.server] { unlink(file) }
        return owner != nil
    }

    /// The kernel gives the lock back before it tells of the process' end.
    private func end(_ process: pid_t) {
        let pidfd = helmctl_pidfd_open(process)
        guard pidfd >= 0 else { return }
        defer { close(pidfd) }
        // The number may be another process' by now: the lock says whether it is still the daemon's.
        guard FolderLock.owner(of: folder) == process else { return }
        for signal in [SIGTERM, SIGKILL] {
            helmctl_pidfd_signal(pidfd, signal)
            if Launcher.hasEnded(pidfd) { return }
        }
    }
}
