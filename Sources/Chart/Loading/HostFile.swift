import Glibc

/// Files and folders of this machine, with errors in Go's words.
public enum HostFile {
    /// Reads a whole file.
    public static func read(_ path: String) throws(LoadFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        return try contents(of: file, path)
    }

    /// Reads standard input to its end.
    public static func readInput() throws(LoadFailure) -> [UInt8] { try contents(of: 0, "/dev/stdin") }

    private static func contents(of file: Int32, _ path: String) throws(LoadFailure) -> [UInt8] {
        var status = stat()
        let expected = fstat(file, &status) == 0 ? max(Int(status.st_size), 0) : 0
        var bytes: [UInt8] = []
        var isAtEnd = false
        while !isAtEnd {
            // One byte more than there should be, so that the end is seen without another piece.
            let size = bytes.isEmpty ? max(expected + 1, 4096) : bytes.count
            var status: Int32 = 0
            let piece = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
                (count, status) = fill(UnsafeMutableRawBufferPointer(memory), from: file)
            }
            if status != 0 {
                errno = status
                throw failure("read", path)
            }
            isAtEnd = piece.count < size
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        return bytes
    }

    /// Reads until the memory is full or the file ends.
    ///
    /// - Returns: how many bytes came, and the number of an error; 0 for none.
    private static func fill(_ memory: UnsafeMutableRawBufferPointer, from file: Int32) -> (count: Int, status: Int32) {
        var count = 0
        while count < memory.count {
            let got = Glibc.read(file, memory.baseAddress.map { $0 + count }, memory.count - count)
            if got < 0, errno == EINTR { continue }
            if got < 0 { return (count, errno) }
            if got == 0 { break }
            count += got
        }
        return (count, 0)
    }

    /// The names in a folder, sorted by byte.
    public static func names(in path: String) throws(LoadFailure) -> [String] {
        guard let folder = opendir(path) else { throw failure("open", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether a folder is there.
    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether anything is there.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Writes a whole file, which other users may read.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(LoadFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let got = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw failure("write", path) }
            written += got
        }
    }

    /// Puts a file in place of another in one step, so that whoever dies leaves the old one or the new one.
    public static func replace(_ path: String, with bytes: [UInt8]) throws(LoadFailure) {
        let temporary = "\(path).\(getpid()).tmp"
        do throws(LoadFailure) {
            try write(bytes, to: temporary)
            guard rename(temporary, path) == 0 else { throw failure("rename", path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Removes a file.
    public static func remove(_ path: String) throws(LoadFailure) {
        guard unlink(path) == 0 else { throw failure("remove", path) }
    }

    /// The folder that relative paths start from.
    public static func currentFolder() throws(LoadFailure) -> String {
        guard let path = getcwd(nil, 0) else { throw failure("getwd", ".") }
        defer { free(path) }
        return String(cString: path)
    }

    /// Go's `filepath.Abs`: the path from the root on, without `.` and `..`.
    static func absolute(_ path: String) -> String {
        var steps: [Substring] = []
        let full = path.hasPrefix("/") ? path : ((try? currentFolder()) ?? "") + "/" + path
        for step in full.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return "/" + steps.joined(separator: "/")
    }

    /// Makes a folder and those above it.
    public static func makeFolder(_ path: String) throws(LoadFailure) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, 0o755) != 0, errno != EEXIST { throw failure("mkdir", path) }
        }
    }

    private static func failure(_ call: String, _ path: String) -> LoadFailure {
        let code: LoadFailure.Code = errno == ENOENT ? .notFound : .unreadable
        // Go writes the reasons in lower case.
        let reason = String(cString: strerror(errno))
        return LoadFailure(code, path, "\(call) \(path): \(reason.prefix(1).lowercased())\(reason.dropFirst())")
    }
}
