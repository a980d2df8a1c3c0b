import CLibArchive
public import Document
import Glibc

/// Reads a tar archive, plain or compressed by gzip, entry by entry, and refuses what its limits and rules forbid.
///
/// The archive may be hostile: a reader never uses more memory than a few buffers and the contents it is asked for.
public final class ArchiveReader {
    private let archive: OpaquePointer
    private let source: TarSource
    private let limits: ArchiveLimits
    private let rules: ArchiveRules
    private let isPlain: Bool
    private var count = 0
    private var current: ArchiveEntry?
    private var left = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    /// Opens an archive that lies in memory.
    public convenience init(
        bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(), rules: ArchiveRules = .filesOnly
    ) throws(ArchiveError) {
        try self.init(TarSource(.bytes(bytes), limits: limits), limits: limits, rules: rules)
    }

    /// Opens an archive file.
    ///
    /// - Parameter observer: is shown every run of bytes of the plain tar stream, for digests.
    public convenience init(
        file: String, limits: ArchiveLimits = ArchiveLimits(), rules: ArchiveRules = .filesOnly,
        observer: ((UnsafeRawBufferPointer) -> Void)? = nil
    ) throws(ArchiveError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError(.system, "open \(file): \(systemText(errno))") }
        let source = try TarSource(.file(descriptor), limits: limits)
        // libarchive reads the first bytes when it opens the archive.
        source.observer = observer
        try self.init(source, limits: limits, rules: rules)
    }

    private init(_ source: TarSource, limits: ArchiveLimits, rules: ArchiveRules) throws(ArchiveError) {
        guard let archive = archive_read_new() else { throw ArchiveError(.system, "libarchive could not start") }
        self.archive = archive
        self.source = source
        self.limits = limits
        self.rules = rules
        isPlain = source.isPlain
        archive_read_support_format_tar(archive)
        let context = Unmanaged.passUnretained(source).toOpaque()
        let result = archive_read_open(
            archive, context, nil,
            { _, context, buffer in
                guard let context, let buffer else { return -1 }
                let source = Unmanaged<TarSource>.fromOpaque(context).takeUnretainedValue()
                guard let bytes = source.readForLibrary() else { return -1 }
                buffer.pointee = bytes.baseAddress
                return bytes.count
            }, nil)
        try check(result)
    }

    deinit {
        archive_read_free(archive)
        buffer.deallocate()
    }

    /// Whether the bytes came compressed by gzip.
    public var isCompressed: Bool { source.isCompressed }

    /// The next entry; nil at the end, when also what follows the archive has been read and its checksum verified,
    /// unless the rules say otherwise.
    public func next() throws(ArchiveError) -> ArchiveEntry? {
        var header: OpaquePointer?
        current = nil
        let result =
            isPlain
            ? archive_read_next_header(archive, &header) : helmctl_archive_read_next_header(archive, &header)
        if result == ARCHIVE_EOF {
            if !rules.endsWithStream { try source.drain() }
            return nil
        }
        try check(result)
        guard let header else { throw ArchiveError(.damaged, "an entry has no header") }
        count += 1
        guard count <= limits.entries else {
            throw ArchiveError(.tooManyEntries, "the archive has more than \(limits.entries) entries")
        }
        let entry = try ArchiveEntry(header)
        try checkLimits(entry)
        try rules.check(entry)
        current = entry
        left = limits.entryBytes
        return entry
    }

    /// Reads contents of the current entry, and returns how many bytes came; 0 at their end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        if count < 0 { try check(Int32(count)) }
        left -= count
        if left < 0, let current { throw tooLarge(current) }
        return max(count, 0)
    }

    /// All contents of the current entry.
    public func contents() throws(ArchiveError) -> [UInt8] {
        // A header may promise more than there is: memory grows with what comes.
        let promised = min(current?.size ?? 0, 1 << 20)
        var failure: ArchiveError?
        var bytes = [UInt8](unsafeUninitializedCapacity: promised) { memory, count in
            do throws(ArchiveError) { count = try fill(UnsafeMutableRawBufferPointer(memory)) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        while true {
            let count = try read(into: buffer)
            if count == 0 { return bytes }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// All contents of the current entry, where they stand if the archive lies in memory.
    public func sharedContents() throws(ArchiveError) -> FileBytes {
        guard isPlain, let whole = source.whole, let size = current?.size else { return FileBytes(try contents()) }
        var bytes: [UInt8] = []
        // A plain file has no holes, and mostly comes in one piece.
        while let block = try nextBlock() {
            if block.count == size, let shared = whole.part(at: block) { return shared }
            bytes += block
        }
        return FileBytes(bytes)
    }

    /// The next piece of contents where libarchive has it; nil at their end.
    private func nextBlock() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        var (start, count, offset): (UnsafeRawPointer?, Int, Int64) = (nil, 0, 0)
        let result = archive_read_data_block(archive, &start, &count, &offset)
        if result == ARCHIVE_EOF { return nil }
        try check(result)
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Reads contents until the memory is full or they end, and returns how many bytes came.
    private func fill(_ memory: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        var done = 0
        while done < memory.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: memory[done...]))
            if count == 0 { break }
            done += count
        }
        return done
    }

    private func checkLimits(_ entry: ArchiveEntry) throws(ArchiveError) {
        if entry.size > limits.entryBytes { throw tooLarge(entry) }
        // A path has fewer parts than bytes, and most are short.
        if entry.path.utf8.count > limits.depth, entry.depth > limits.depth {
            throw ArchiveError(.tooDeep, entry: entry.path, "the path has more than \(limits.depth) parts")
        }
    }

    private func tooLarge(_ entry: ArchiveEntry) -> ArchiveError {
        ArchiveError(.entryTooLarge, entry: entry.path, "it has more than \(limits.entryBytes) bytes")
    }

    /// The one place that looks at what libarchive returned.
    private func check(_ result: Int32) throws(ArchiveError) {
        if let failure = source.failure { throw failure }
        guard result < ARCHIVE_OK else { return }
        let text = archive_error_string(archive).map { String(cString: $0) } ?? "error \(result)"
        throw ArchiveError(.damaged, entry: current?.path, "the tar data are damaged: \(text)")
    }
}
