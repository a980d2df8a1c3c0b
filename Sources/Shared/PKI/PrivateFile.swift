import Glibc

/// Files that hold secrets: only their owner may read them, and a reader finds the old content or the new, never a part.
public enum PrivateFile {
    /// Writes the text with mode 0600 and moves it into place.
    public static func write(_ text: String, to path: String) throws(PKIFailure) {
        var temporary = Array("\(path).XXXXXX".utf8CString)
        // mkstemp makes the file with mode 0600, so that it is never readable by others.
        let file = mkstemp(&temporary)
        guard file >= 0 else { throw failure(path) }
        var isDone = false
        defer {
            close(file)
            if !isDone { unlink(temporary) }
        }
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure(path) }
            written += max(count, 0)
        }
        guard fsync(file) == 0, rename(temporary, path) == 0 else { throw failure(path) }
        isDone = true
    }

    /// Reads a whole file; nil where there is none.
    public static func read(_ path: String) throws(PKIFailure) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 && errno == ENOENT { return nil }
        guard file >= 0 else { throw failure(path, "read") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "read") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    private static func failure(_ path: String, _ verb: String = "write") -> PKIFailure {
        PKIFailure("\(verb) \(path)", String(cString: strerror(errno)))
    }
}
