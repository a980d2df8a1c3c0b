import CLibArchive

/// gzip compression by zlib into memory, with a header of the caller's.
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let header: UnsafeMutablePointer<gz_header>
    /// What the header points to; zlib reads it while it writes its first bytes.
    private var fields: [UnsafeMutableBufferPointer<UInt8>] = []
    private let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    private var output: [UInt8] = []

    init(level: Int, header values: Gzip.Header) throws(ArchiveError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        header = .allocate(capacity: 1)
        header.initialize(to: gz_header())
        guard helmctl_deflate_begin(stream, Int32(level)) == Z_OK else {
            throw ArchiveError(.system, "zlib could not start at level \(level)")
        }
        header.pointee.time = uLong(values.modified)
        header.pointee.os = Int32(values.system)
        if let extra = values.extra {
            header.pointee.extra = keep(extra)
            header.pointee.extra_len = UInt32(extra.count)
        }
        header.pointee.name = values.name.flatMap { keep(Array($0.utf8) + [0]) }
        header.pointee.comment = values.comment.flatMap { keep(Array($0.utf8) + [0]) }
        deflateSetHeader(stream, header)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        header.deallocate()
        for field in fields { field.deallocate() }
        chunk.deallocate()
    }

    /// Compresses further bytes.
    func add(_ bytes: UnsafeRawBufferPointer) {
        // avail_in has 32 bits.
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = rest.dropFirst(part.count)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: part.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(part.count)
            run(Z_NO_FLUSH)
        }
    }

    /// Ends the member and returns all of it.
    func finish() -> [UInt8] {
        stream.pointee.avail_in = 0
        run(Z_FINISH)
        return output
    }

    private func run(_ flush: Int32) {
        repeat {
            stream.pointee.next_out = chunk.baseAddress
            stream.pointee.avail_out = UInt32(chunk.count)
            deflate(stream, flush)
            output.append(contentsOf: chunk.prefix(chunk.count - Int(stream.pointee.avail_out)))
        } while stream.pointee.avail_out == 0
    }

    private func keep(_ bytes: [UInt8]) -> UnsafeMutablePointer<UInt8>? {
        let field = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = field.update(fromContentsOf: bytes)
        fields.append(field)
        return field.baseAddress
    }
}
