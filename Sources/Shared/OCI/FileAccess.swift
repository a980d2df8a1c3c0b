import Glibc

/// The few calls on files that the store needs, each of which throws what errno says.
package enum FileAccess {
    static func failure(_ call: String, _ path: String) -> ImageError {
        ImageError(.system, path, "\(call): \(String(cString: strerror(errno)))")
    }

    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(ImageError) {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard !part.isEmpty else { continue }
            if mkdir(made, mode) != 0, errno != EEXIST { throw failure("mkdir", made) }
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The whole file; nil where there is none.
    static func read(_ path: String, limit: Int) throws(ImageError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw ImageError(.invalidImage, path, "it has more than \(limit) bytes")
            }
        }
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, _ path: String) throws(ImageError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(file, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Replaces a file so that a reader, or whoever comes after a crash, sees the old bytes or the new ones, whole.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ImageError) {
        let temporary = "\(path).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("create", temporary) }
        defer { close(file) }
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(ImageError) in try write(bytes, to: file, temporary) }
        }
        try result.get()
        guard fsync(file) == 0 else { throw failure("fsync", temporary) }
        guard rename(temporary, path) == 0 else { throw failure("rename", path) }
    }

    /// The names in a folder, sorted; none where there is no folder.
    package static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let item = readdir(stream) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder with all in it; links are removed, never followed.
    static func removeTree(_ path: String) throws(ImageError) {
        guard unlink(path) != 0, errno != ENOENT else { return }
        guard errno == EISDIR || errno == EPERM else { throw failure("remove", path) }
        for name in names(in: path) { try removeTree("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }
}
