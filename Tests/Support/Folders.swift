import Glibc

/// A folder of a test's own, removed when the value goes away, also when the test fails.
///
/// Its name holds the test's process, so that `scripts/remove-remains` knows those of runs that were killed; what a
/// test gives the kernel goes by the id of the data folder in it, which is all that is needed to find it again.
public final class ScratchFolder: Sendable {
    /// The absolute path, without a slash at its end.
    public let path: String

    /// Makes a new empty folder below the system's temporary one.
    public init(_ name: String = #function) throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let safe = name.prefix { $0.isLetter || $0.isNumber }
        var template = Array("\(base)/helmctl-test-\(safe)-\(getpid())-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemFailure("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { _ = try? Command("/bin/rm", ["-rf", path]).run() }

    /// Writes a file of the folder, making the folders on the way, and returns its absolute path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        if let slash = file.lastIndex(of: "/") {
            _ = try Command("/bin/mkdir", ["-p", String(file[..<slash])]).run()
        }
        guard let stream = fopen(file, "w") else { throw SystemFailure("open \(file)") }
        defer { fclose(stream) }
        let bytes = Array(text.utf8)
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw SystemFailure("write \(file)") }
        return file
    }
}

/// A system call that failed, with the reason that errno gave.
public struct SystemFailure: Error, CustomStringConvertible {
    public let description: String

    /// Reads errno at once; call it right after the failing call.
    public init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}

/// Reads a whole file as bytes.
public func readFile(_ path: String) throws -> [UInt8] {
    guard let stream = fopen(path, "r") else { throw SystemFailure("open \(path)") }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = fread(&chunk, 1, chunk.count, stream)
        if count == 0 { return bytes }
        bytes += chunk[..<count]
    }
}
