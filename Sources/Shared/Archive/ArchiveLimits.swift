/// What a reader accepts before it refuses an archive as hostile. Every limit is exact: a value equal to it passes.
public struct ArchiveLimits: Sendable, Hashable {
    /// Bytes of the whole tar stream after decompression, headers and padding included.
    public var totalBytes: Int
    /// Bytes of one entry's contents.
    public var entryBytes: Int
    /// Entries of any kind.
    public var entries: Int
    /// Parts of a path, `a/b/c` having three.
    public var depth: Int
    /// Decompressed bytes for each compressed one; looked at once a mebibyte came out, for small archives of repeated
    /// text are no danger. Deflate cannot do better than 1032.
    public var ratio: Int?

    public init(
        totalBytes: Int = 1 << 30, entryBytes: Int = 1 << 30, entries: Int = 100_000, depth: Int = 100,
        ratio: Int? = nil
    ) {
        self.totalBytes = totalBytes
        self.entryBytes = entryBytes
        self.entries = entries
        self.depth = depth
        self.ratio = ratio
    }
}
