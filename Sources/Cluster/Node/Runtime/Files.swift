import Glibc
import OCI

/// The calls on files that the node needs, each of which throws what errno says.
enum Files {
    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, mode) != 0, errno != EEXIST { throw NodeError.system("mkdir", made) }
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The whole file; nil where it cannot be read.
    static func read(_ path: String, limit: Int = 64 << 20) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return read(file, limit: limit)
    }

    /// What is left to read of a descriptor, up to `limit` bytes.
    static func read(_ file: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let count = Glibc.read(file, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    static func text(_ path: String) -> String? { read(path).map { String(decoding: $0, as: UTF8.self) } }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw NodeError.system("create", path) }
        defer { close(file) }
        try write(bytes, to: file, path)
        guard fchmod(file, mode) == 0 else { throw NodeError.system("chmod", path) }
    }

    static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress?.advanced(by: done), $0.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw NodeError.system("write", path) }
            done += count
        }
    }

    /// Replaces a file at once: whoever reads sees the old bytes or the new ones, whole.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600) throws {
        try write(bytes, to: "\(path).new", mode: mode)
        guard rename("\(path).new", path) == 0 else { throw NodeError.system("rename", path) }
    }

    /// Removes a folder with all in it; links are removed and not followed, other file systems are left alone.
    static func removeTree(_ path: String) throws {
        if unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR { return }
        guard errno == EISDIR || errno == EPERM else { throw NodeError.system("remove", path) }
        for name in FileAccess.names(in: path) { try removeTree("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw NodeError.system("remove", path) }
    }
}
