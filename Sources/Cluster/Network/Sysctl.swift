import Glibc

/// The kernel's settings below /proc/sys.
enum Sysctl {
    /// Sets a value, unless it is set already: some machines let these be read alone.
    static func set(_ path: String, _ value: String) throws(NetworkError) {
        let file = "/proc/sys/\(path)"
        if lines(of: file).first.map(String.init) == value { return }
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw NetworkError.system("open", file) }
        defer { close(descriptor) }
        guard write(descriptor, value, value.utf8.count) == value.utf8.count else {
            throw NetworkError.system("write", file)
        }
    }

    /// The lines of a small file of the kernel; none where it cannot be read.
    static func lines(of path: String) -> [Substring] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
