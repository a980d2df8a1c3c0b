import CLibArchive

/// Decompresses gzip data that are one member and lie in memory, as a packed chart does, at once by libdeflate: in half of
/// the time of zlib, which takes and gives pieces. All else is zlib's, the words for what is damaged among it.
public enum WholeMember {
    /// From here on the pieces of a stream are kinder to memory.
    private static let maximumBytes = 64 << 20
    /// Deflate packs no byte more tightly (RFC 1951: 258 bytes in two bits).
    private static let maximumRatio = 1032

    /// The plain bytes, which the caller deallocates; nil where the data are not just one sound member within the limits.
    static func inflate(_ bytes: [UInt8], limits: ArchiveLimits) -> UnsafeMutableRawBufferPointer? {
        guard let size = size(bytes), size <= min(limits.totalBytes, maximumBytes),
            let decompressor = libdeflate_alloc_decompressor()
        else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        var (consumed, produced) = (0, 0)
        let result = bytes.withUnsafeBytes { input in
            libdeflate_gzip_decompress_ex(
                decompressor, input.baseAddress, input.count, plain.baseAddress, plain.count, &consumed, &produced)
        }
        if result == LIBDEFLATE_SUCCESS, consumed == bytes.count, produced == size { return plain }
        plain.deallocate()
        return nil
    }

    /// How many plain bytes the last four of gzip data promise (RFC 1952, ISIZE); nil where the data cannot hold as much.
    public static func size(_ bytes: [UInt8]) -> Int? {
        // A header and a trailer without anything between them.
        guard bytes.count > 18, bytes[0] == 0x1F, bytes[1] == 0x8B else { return nil }
        let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return size > 0 && size / bytes.count <= maximumRatio ? size : nil
    }
}
