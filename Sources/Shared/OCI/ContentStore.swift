import Glibc
import PKI

/// Blobs on disk, each named by the digest of its bytes, which is verified before the blob gets its name.
public struct ContentStore: Sendable {
    /// The folder that holds `blobs/sha256` and `ingest`.
    public let folder: String

    /// Opens the store, making its folders where they are missing.
    public init(_ folder: String) throws(ImageError) {
        self.folder = folder
        try FileAccess.makeFolder("\(folder)/blobs/sha256")
        try FileAccess.makeFolder("\(folder)/ingest")
    }

    /// Where the blob lies, or would lie.
    public func path(of digest: Digest) -> String { "\(folder)/blobs/sha256/\(digest.hexadecimal)" }

    /// Whether the store has the blob.
    public func contains(_ digest: Digest) -> Bool { FileAccess.exists(path(of: digest)) }

    /// A blob of text, verified again: what a manifest says decides what runs.
    public func read(_ digest: Digest, limit: Int = 4 << 20) throws(ImageError) -> [UInt8] {
        guard let bytes = try FileAccess.read(path(of: digest), limit: limit) else {
            throw ImageError(.missingBlob, "\(digest)", "the image store does not have it; load the image again")
        }
        guard SHA256Digester.hexadecimal(bytes) == digest.hexadecimal else {
            throw ImageError(.digestMismatch, path(of: digest), "its bytes have changed on disk; load the image again")
        }
        return bytes
    }

    /// Stores bytes that come piece by piece.
    ///
    /// - Parameters:
    ///   - expected: the digest that the bytes must have.
    ///   - next: fills the buffer and returns how many bytes came; 0 at the end.
    public func ingest(
        expecting expected: Digest, from next: (UnsafeMutableRawBufferPointer) throws(ImageError) -> Int
    ) throws(ImageError) {
        let path = "\(folder)/ingest/\(expected.hexadecimal).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileAccess.failure("create", path) }
        defer {
            close(file)
            unlink(path)
        }
        let actual = try copy(to: file, path, next)
        guard actual == expected.hexadecimal else {
            throw ImageError(.digestMismatch, "\(expected)", "the bytes have the digest sha256:\(actual)")
        }
        guard fsync(file) == 0 else { throw FileAccess.failure("fsync", path) }
        guard rename(path, self.path(of: expected)) == 0 else { throw FileAccess.failure("rename", path) }
    }

    private func copy(
        to file: Int32, _ path: String, _ next: (UnsafeMutableRawBufferPointer) throws(ImageError) -> Int
    ) throws(ImageError) -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var digester = SHA256Digester()
        while true {
            let count = try next(buffer)
            if count == 0 { return digester.hexadecimal }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            digester.update(bytes)
            try FileAccess.write(bytes, to: file, path)
        }
    }

    /// Removes every blob that `keep` does not hold, and what killed ingests have left.
    func removeAll(except keep: Set<Digest>) throws(ImageError) {
        for name in FileAccess.names(in: "\(folder)/blobs/sha256") {
            if let digest = try? Digest(hexadecimal: name), keep.contains(digest) { continue }
            unlink("\(folder)/blobs/sha256/\(name)")
        }
        for name in FileAccess.names(in: "\(folder)/ingest") { unlink("\(folder)/ingest/\(name)") }
    }
}
