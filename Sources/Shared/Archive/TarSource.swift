import CLibArchive
import Document
import Glibc

/// The bytes of a tar stream, from memory or a file, inflated where they start with gzip's magic bytes.
final class TarSource {
    enum Input {
        case bytes([UInt8])
        /// A descriptor that the source owns, read to its end.
        case file(Int32)
    }

    private static let chunkSize = 128 << 10

    private let limits: ArchiveLimits
    private let input: Input
    private var offset = 0
    private let compressed = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
    private let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
    private var inflater: Inflater?
    /// All plain bytes, where they were to be had at once.
    private(set) var whole: FileBytes.Run?
    private var pending: UnsafeRawBufferPointer?
    private var consumed = 0
    private var produced = 0
    private var ended = false

    /// What went wrong while libarchive was reading; it can only be told that something did.
    private(set) var failure: ArchiveError?
    /// Is shown every run of bytes of the plain tar stream.
    var observer: ((UnsafeRawBufferPointer) -> Void)?

    init(_ input: Input, limits: ArchiveLimits) throws(ArchiveError) {
        self.input = input
        self.limits = limits
        if case .bytes(let bytes) = input, let plain = WholeMember.inflate(bytes, limits: limits) {
            whole = FileBytes.Run(owning: plain)
            consumed = bytes.count
            return
        }
        let first = try fill()
        pending = first
        if first.count >= 2, first[0] == 0x1F, first[1] == 0x8B { inflater = try Inflater() }
    }

    deinit {
        if case .file(let descriptor) = input { close(descriptor) }
        compressed.deallocate()
        plain.deallocate()
    }

    /// Whether the bytes came compressed by gzip.
    var isCompressed: Bool { inflater != nil || whole != nil }

    /// Whether it is known that no name in the stream depends on the language.
    var isPlain: Bool { whole?.withBytes { PlainTar.holds($0) } ?? false }

    /// The next bytes of the tar stream, empty at its end; valid until the next call.
    func read() throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard !ended else { return UnsafeRawBufferPointer(rebasing: plain[..<0]) }
        let bytes: UnsafeRawBufferPointer
        if let whole {
            bytes = whole.withBytes { UnsafeRawBufferPointer(rebasing: $0[produced...]) }
        } else if let inflater {
            bytes = try inflate(inflater)
        } else {
            bytes = try next()
        }
        if bytes.isEmpty { ended = true }
        produced += bytes.count
        try checkLimits()
        observer?(bytes)
        return bytes
    }

    /// The same for libarchive, with the failure kept.
    func readForLibrary() -> UnsafeRawBufferPointer? {
        do throws(ArchiveError) { return try read() } catch {
            failure = error
            return nil
        }
    }

    /// Reads what stands behind the archive's end, so that the checksum of the compression is looked at.
    func drain() throws(ArchiveError) {
        while try !read().isEmpty {}
    }

    private func checkLimits() throws(ArchiveError) {
        if produced > limits.totalBytes {
            throw ArchiveError(.tooLarge, "the archive has more than \(limits.totalBytes) bytes")
        }
        if let ratio = limits.ratio, produced > 1 << 20, produced / max(consumed, 1) > ratio {
            throw ArchiveError(.tooCompressed, "the archive grows more than \(ratio) times by decompression")
        }
    }

    /// The next bytes as they are stored.
    private func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let bytes: UnsafeRawBufferPointer
        if let first = pending {
            bytes = first
            pending = nil
        } else {
            bytes = try fill()
        }
        consumed += bytes.count
        return bytes
    }

    private func fill() throws(ArchiveError) -> UnsafeRawBufferPointer {
        var count = 0
        switch input {
        case .bytes(let bytes):
            count = min(compressed.count, bytes.count - offset)
            bytes.withUnsafeBytes {
                compressed.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset...].prefix(count)))
            }
            offset += count
        case .file(let descriptor):
            repeat {
                count = Glibc.read(descriptor, compressed.baseAddress, compressed.count)
            } while count < 0 && errno == EINTR
            if count < 0 { throw ArchiveError(.system, "cannot read the archive: \(systemText(errno))") }
        }
        return UnsafeRawBufferPointer(rebasing: compressed[..<count])
    }

    private func inflate(_ inflater: Inflater) throws(ArchiveError) -> UnsafeRawBufferPointer {
        while true {
            if inflater.needsInput {
                let bytes = try next()
                if bytes.isEmpty {
                    guard inflater.isAtEnd else {
                        throw ArchiveError(.damagedCompression, "the gzip data are cut short")
                    }
                    return UnsafeRawBufferPointer(rebasing: plain[..<0])
                }
                inflater.feed(bytes)
            }
            let count = try inflater.inflate(into: plain)
            if count > 0 { return UnsafeRawBufferPointer(rebasing: plain[..<count]) }
        }
    }
}

/// The system's words for an error number.
func systemText(_ number: Int32) -> String { String(cString: strerror(number)) }
