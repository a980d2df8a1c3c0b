import CLibArchive

/// gzip compression (RFC 1952) of runs of bytes in memory.
public enum Gzip {
    /// What the header of a gzip member says beside the compressed bytes.
    public struct Header: Sendable, Hashable {
        /// The extra field; nil leaves it out.
        public var extra: [UInt8]?
        /// The name of the original file; nil leaves it out.
        public var name: String?
        /// A comment; nil leaves it out.
        public var comment: String?
        /// Seconds since 1970; 0 says that there is none.
        public var modified: UInt32
        /// The number of the operating system; 255 says that it is not known, as Go's writer does.
        public var system: UInt8

        public init(
            extra: [UInt8]? = nil, name: String? = nil, comment: String? = nil, modified: UInt32 = 0,
            system: UInt8 = 255
        ) {
            self.extra = extra
            self.name = name
            self.comment = comment
            self.modified = modified
            self.system = system
        }
    }

    /// Compresses `bytes` as one gzip member.
    ///
    /// - Parameter level: zlib's, 1 (fast) to 9 (small); -1 is zlib's default, which equals 6.
    public static func compress(
        _ bytes: [UInt8], level: Int = -1, header: Header = Header()
    ) throws(ArchiveError) -> [UInt8] {
        let deflater = try Deflater(level: level, header: header)
        bytes.withUnsafeBytes { deflater.add($0) }
        return deflater.finish()
    }

    /// Decompresses all members of `bytes` and verifies their checksums.
    ///
    /// - Parameter limit: the most bytes that may come out before `tooLarge` is thrown.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        guard isCompressed(bytes) else {
            throw ArchiveError(.damagedCompression, "the data are not compressed by gzip")
        }
        let source = try TarSource(.bytes(bytes), limits: ArchiveLimits(totalBytes: limit))
        var result: [UInt8] = []
        while true {
            let chunk = try source.read()
            if chunk.isEmpty { return result }
            result.append(contentsOf: chunk)
        }
    }

    /// Whether the bytes start as a gzip member does.
    public static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }
}
