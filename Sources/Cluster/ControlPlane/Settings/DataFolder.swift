import Glibc
import PKI

/// A cluster's folder, and the names of what lies in it.
public struct DataFolder: Sendable, Hashable {
    /// Absolute, without a slash at its end.
    public let path: String

    public init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// A short name for the cluster, for interfaces, tables and control groups: what the kernel shows bears it.
    public var id: String { Digest.short(path) }

    /// What the daemon and its parts say.
    public var log: String { "\(path)/helmctl.log" }
    /// The daemon's process id, for people and scripts; the lock is what counts.
    public var processFile: String { "\(path)/helmctl.pid" }
    /// Where a kubeconfig for administrators is written.
    public var kubeconfig: String { "\(path)/kubeconfig" }
    /// Where the node keeps its pods, and the network what it has to remember.
    var node: String { "\(path)/node" }
    var network: String { "\(path)/network" }
    /// The images of containers.
    var images: String { "\(path)/images" }
    var lock: String { "\(path)/helmctl.lock" }
    var store: String { "\(path)/store.db" }
    /// The cluster's ranges of addresses, chosen at its first start.
    var ranges: String { "\(path)/ranges" }
    /// Where the API listens, written once it does.
    var server: String { "\(path)/server" }

    /// The file that a store's URL names; nil where it is no `sqlite:///PATH`.
    func storePath(_ url: String) -> String? {
        url.hasPrefix("sqlite:///") ? String(url.dropFirst("sqlite://".count)) : nil
    }

    func pki(_ name: String) -> String { "\(path)/pki/\(name)" }

    /// Makes the folder, which only its owner may look into.
    func make() throws(ClusterFailure) {
        var parts = ""
        for part in path.split(separator: "/").map(String.init) + ["pki"] {
            parts += "/\(part)"
            if mkdir(parts, 0o700) != 0 && errno != EEXIST { throw failure("make", parts) }
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else { throw failure("use", path) }
    }

    /// What to do where the disk is full; empty where it is not.
    var spaceAdvice: String {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0, UInt64(disk.f_bavail) * UInt64(disk.f_frsize) < 1 << 20 else { return "" }
        return "; make room on the disk of \(path), or choose another folder with --data-dir"
    }

    private func failure(_ verb: String, _ path: String) -> ClusterFailure {
        let reason = String(cString: strerror(errno))
        return ClusterFailure(
            .badFolder, "cannot \(verb) the data folder \(path): \(reason); choose another one with --data-dir")
    }
}

/// The lock that says whose a data folder is. The kernel gives it back when its process ends, however that happens.
final class FolderLock: Sendable {
    private let file: Int32

    /// Takes the lock; nil where another process has it.
    init?(_ folder: DataFolder) throws(ClusterFailure) {
        file = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ClusterFailure(.badFolder, "cannot open \(folder.lock): \(String(cString: strerror(errno)))")
        }
        var request = FolderLock.request(F_WRLCK)
        if fcntl(file, F_SETLK, &request) != 0 {
            close(file)
            return nil
        }
    }

    deinit { close(file) }

    private static func request(_ type: Int32) -> flock {
        flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    }

    /// The process that has the lock of that folder; nil where nobody has it.
    static func owner(of folder: DataFolder) -> pid_t? {
        let file = open(folder.lock, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var request = request(F_RDLCK)
        guard fcntl(file, F_GETLK, &request) == 0, request.l_type != Int16(F_UNLCK) else { return nil }
        return request.l_pid
    }
}
