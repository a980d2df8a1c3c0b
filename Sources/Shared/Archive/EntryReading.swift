import CLibArchive
import Glibc

extension ArchiveEntry {
    /// Reads what libarchive found in a header.
    init(_ header: OpaquePointer) throws(ArchiveError) {
        guard let name = archive_entry_pathname(header), let path = String(validatingCString: name), !path.isEmpty
        else { throw ArchiveError(.invalidPath, "an entry has a path that is empty or no valid UTF-8") }
        self.init(
            path: path, kind: try Kind(header, path: path), mode: archive_entry_perm(header),
            owner: UInt32(truncatingIfNeeded: archive_entry_uid(header)),
            group: UInt32(truncatingIfNeeded: archive_entry_gid(header)),
            modified: Int64(archive_entry_mtime(header)), size: Int(archive_entry_size(header)),
            attributes: ArchiveEntry.attributes(header))
        guard size >= 0 else { throw ArchiveError(.damaged, entry: path, "its size is negative") }
    }

    private static func attributes(_ header: OpaquePointer) -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        archive_entry_xattr_reset(header)
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(header, &name, &value, &size) == ARCHIVE_OK {
            guard let name else { continue }
            result[String(cString: name)] = Array(UnsafeRawBufferPointer(start: value, count: size))
        }
        return result
    }
}

extension ArchiveEntry.Kind {
    fileprivate init(_ header: OpaquePointer, path: String) throws(ArchiveError) {
        if let target = archive_entry_hardlink(header) {
            self = .hardLink(String(cString: target))
            return
        }
        let major = UInt32(truncatingIfNeeded: archive_entry_rdevmajor(header))
        let minor = UInt32(truncatingIfNeeded: archive_entry_rdevminor(header))
        switch archive_entry_filetype(header) {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK:
            guard let target = archive_entry_symlink(header), target.pointee != 0 else {
                throw ArchiveError(.damaged, entry: path, "it is a symbolic link without a target")
            }
            self = .symbolicLink(String(cString: target))
        case S_IFCHR: self = .characterDevice(major: major, minor: minor)
        case S_IFBLK: self = .blockDevice(major: major, minor: minor)
        case S_IFIFO: self = .pipe
        default: self = .other
        }
    }
}
