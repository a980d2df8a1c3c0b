import CLibArchive
import Glibc

/// Writes a tar archive into memory, plain or compressed by gzip; entries stand in the order in which they are added.
///
/// Entries are written as ustar, with pax headers only where ustar has no room, as Go's archive/tar does. Nothing of
/// the machine or of the time goes in but what the caller says, so that equal input gives equal bytes.
public final class ArchiveWriter {
    /// How the tar stream is compressed.
    public struct Compression: Sendable, Hashable {
        /// zlib's level, 1 to 9; -1 is its default.
        public var level: Int
        public var header: Gzip.Header

        public init(level: Int = -1, header: Gzip.Header = Gzip.Header()) {
            self.level = level
            self.header = header
        }
    }

    private let archive: OpaquePointer
    private let sink: Sink

    /// - Parameter compression: nil leaves the tar stream as it is.
    public init(compression: Compression? = Compression()) throws(ArchiveError) {
        guard let archive = archive_write_new() else { throw ArchiveError(.system, "libarchive could not start") }
        self.archive = archive
        sink = try Sink(compression)
        archive_write_set_format_pax_restricted(archive)
        // Without this the end would be padded to a tape's record of 10 KiB.
        archive_write_set_bytes_in_last_block(archive, 1)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        let result = archive_write_open(
            archive, context, nil,
            { _, context, bytes, count in
                guard let context else { return -1 }
                Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
                    .add(UnsafeRawBufferPointer(start: bytes, count: count))
                return count
            }, nil)
        try check(result, entry: nil)
    }

    deinit { archive_write_free(archive) }

    /// Adds an entry with its contents; the entry's own `size` is not looked at.
    public func add(_ entry: ArchiveEntry, contents: [UInt8] = []) throws(ArchiveError) {
        guard let header = archive_entry_new() else { throw ArchiveError(.system, "libarchive is out of memory") }
        defer { archive_entry_free(header) }
        try entry.write(to: header, size: contents.count)
        try check(helmctl_archive_write_header(archive, header), entry: entry.path)
        let written = contents.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
        try check(written < 0 ? Int32(written) : ARCHIVE_OK, entry: entry.path)
    }

    /// Ends the archive and returns its bytes; nothing can be added afterwards.
    public func finish() throws(ArchiveError) -> [UInt8] {
        try check(archive_write_close(archive), entry: nil)
        return sink.finish()
    }

    /// The one place that looks at what libarchive returned.
    private func check(_ result: Int32, entry: String?) throws(ArchiveError) {
        guard result < ARCHIVE_OK else { return }
        let text = archive_error_string(archive).map { String(cString: $0) } ?? "error \(result)"
        throw ArchiveError(.system, entry: entry, "cannot write the archive: \(text)")
    }

    /// Where the tar stream goes.
    private final class Sink {
        private let deflater: Deflater?
        private var plain: [UInt8] = []

        init(_ compression: Compression?) throws(ArchiveError) {
            if let compression {
                deflater = try Deflater(level: compression.level, header: compression.header)
            } else {
                deflater = nil
            }
        }

        func add(_ bytes: UnsafeRawBufferPointer) {
            if let deflater { deflater.add(bytes) } else { plain.append(contentsOf: bytes) }
        }

        func finish() -> [UInt8] { deflater?.finish() ?? plain }
    }
}

extension ArchiveEntry {
    fileprivate func write(to header: OpaquePointer, size: Int) throws(ArchiveError) {
        archive_entry_set_pathname_utf8(header, path)
        archive_entry_set_perm(header, mode)
        archive_entry_set_uid(header, Int64(owner))
        archive_entry_set_gid(header, Int64(group))
        archive_entry_set_mtime(header, time_t(modified), 0)
        archive_entry_set_size(header, Int64(size))
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            archive_entry_xattr_add_entry(header, name, value, value.count)
        }
        switch kind {
        case .file: archive_entry_set_filetype(header, S_IFREG)
        case .folder: archive_entry_set_filetype(header, S_IFDIR)
        case .symbolicLink(let target):
            archive_entry_set_filetype(header, S_IFLNK)
            archive_entry_set_symlink_utf8(header, target)
        case .hardLink(let target):
            archive_entry_set_filetype(header, S_IFREG)
            archive_entry_set_hardlink_utf8(header, target)
        case .characterDevice(let major, let minor): writeDevice(to: header, S_IFCHR, major, minor)
        case .blockDevice(let major, let minor): writeDevice(to: header, S_IFBLK, major, minor)
        case .pipe: archive_entry_set_filetype(header, S_IFIFO)
        case .other: throw ArchiveError(.forbiddenKind, entry: path, "an entry of an unknown kind cannot be written")
        }
    }

    private func writeDevice(to header: OpaquePointer, _ type: mode_t, _ major: UInt32, _ minor: UInt32) {
        archive_entry_set_filetype(header, type)
        archive_entry_set_rdevmajor(header, dev_t(major))
        archive_entry_set_rdevminor(header, dev_t(minor))
    }
}
