import CLibArchive

/// gzip decompression by zlib, which verifies the checksum and length of each member.
final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether a member has just ended, so that the input may end too.
    private(set) var isAtEnd = false

    init() throws(ArchiveError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard helmctl_inflate_begin(stream) == Z_OK else {
            throw ArchiveError(.system, "zlib could not start")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var needsInput: Bool { stream.pointee.avail_in == 0 }

    /// Hands over compressed bytes, which stay valid until they are used up.
    func feed(_ bytes: UnsafeRawBufferPointer) {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(bytes.count)
    }

    /// Writes decompressed bytes to `output` and returns how many.
    func inflate(into output: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        // Further members follow without a gap (RFC 1952, 2.2).
        if isAtEnd {
            inflateReset(stream)
            isAtEnd = false
        }
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let result = CLibArchive.inflate(stream, Z_NO_FLUSH)
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isAtEnd = true
        // What came before the fault is handed out first; the next call tells of it again.
        case Z_DATA_ERROR where Int(stream.pointee.avail_out) < output.count: break
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
            throw ArchiveError(.damagedCompression, "the gzip data are damaged: \(reason)")
        }
        return output.count - Int(stream.pointee.avail_out)
    }
}
