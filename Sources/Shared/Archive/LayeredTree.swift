import CLibArchive
import Glibc

/// A folder that is written, above folders that are only looked at: a layer above the layers below it.
///
/// Paths are lists of parts without links, `.` or `..`; `resolveFolder` makes them of paths that have these.
final class LayeredTree {
    /// What stands at a path of the written folder.
    enum State { case absent, folder, whiteout, other }

    private let root: Int32
    private let lower: [Int32]

    init(_ folder: String, below: [String]) throws(ArchiveError) {
        var opened: [Int32] = []
        for path in [folder] + below {
            let descriptor = open(path, helmctl_o_path | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let reason = systemText(errno)
                for descriptor in opened { close(descriptor) }
                throw ArchiveError(.system, "open \(path): \(reason)")
            }
            opened.append(descriptor)
        }
        root = opened[0]
        lower = Array(opened.dropFirst())
    }

    deinit { for descriptor in [root] + lower { close(descriptor) } }

    private func text(_ parts: [String]) -> String { parts.isEmpty ? "." : parts.joined(separator: "/") }

    /// A descriptor of what stands at the path in one folder, for looking alone; nil where there is nothing.
    private func peek(_ root: Int32, _ parts: [String]) -> Int32? {
        let descriptor = helmctl_open_beneath(root, text(parts), helmctl_o_path | O_NOFOLLOW, 0)
        return descriptor >= 0 ? descriptor : nil
    }

    /// What the topmost folder that has the path has there.
    private func look(_ parts: [String]) -> stat? {
        for root in [root] + lower {
            guard let descriptor = peek(root, parts) else { continue }
            defer { close(descriptor) }
            var status = stat()
            if fstat(descriptor, &status) == 0 { return status.isWhiteout ? nil : status }
        }
        return nil
    }

    private func target(of parts: [String]) -> String? {
        for root in [root] + lower {
            guard let descriptor = peek(root, parts) else { continue }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = bytes.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { readlinkat(descriptor, "", $0, buffer.count) } ?? -1
            }
            return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
        }
        return nil
    }

    /// The folder that a path means, with links followed inside of the root, and made where it is missing.
    func resolveFolder(_ path: [String], for entry: ArchiveEntry) throws(ArchiveError) -> [String] {
        var left = Array(path.reversed())
        var result: [String] = []
        // As many links as the kernel follows (path_resolution(7)).
        var links = 40
        while let part = left.popLast() {
            if part == ".." {
                _ = result.popLast()
                continue
            }
            let parts = result + [part]
            let status = look(parts)
            guard let status, status.st_mode & S_IFMT == S_IFLNK else {
                try ensureFolder(parts, like: status, entry)
                result = parts
                continue
            }
            links -= 1
            guard links > 0, let target = target(of: parts) else {
                throw ArchiveError(.escapingLink, entry: entry.path, "its folder is a chain of too many links")
            }
            if target.utf8.first == UInt8(ascii: "/") { result = [] }
            left += ArchiveEntry.parts(of: target).map(String.init).reversed()
        }
        return result
    }

    private func ensureFolder(_ parts: [String], like status: stat?, _ entry: ArchiveEntry) throws(ArchiveError) {
        guard try state(of: parts, entry) == .absent else { return }
        try makeFolder(parts, entry)
        // A folder that only the lower layers have is merged with theirs and has to look like it.
        guard let status, status.st_mode & S_IFMT == S_IFDIR else { return }
        var like = ArchiveEntry(path: entry.path, kind: .folder, mode: status.st_mode & 0o7777)
        (like.owner, like.group) = (status.st_uid, status.st_gid)
        if geteuid() == 0 { try setOwner(parts, like) }
        try setMode(parts, like)
    }

    func state(of parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) -> State {
        guard let descriptor = peek(root, parts) else {
            guard errno == ENOENT else { throw failure("open", entry) }
            return .absent
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("stat", entry) }
        if status.isWhiteout { return .whiteout }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }

    /// Calls `body` with the folder of the last part and that part.
    private func at<Result>(
        _ parts: [String], _ call: String, _ entry: ArchiveEntry, _ body: (Int32, String) -> Result?
    ) throws(ArchiveError) -> Result {
        let folder = helmctl_open_beneath(root, text(Array(parts.dropLast())), helmctl_o_path | O_DIRECTORY, 0)
        guard folder >= 0 else { throw failure("open folder", entry) }
        defer { close(folder) }
        guard let result = body(folder, parts.last ?? ".") else { throw failure(call, entry) }
        return result
    }

    private func check(_ result: Int32) -> Void? { result == 0 ? () : nil }

    func makeFolder(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        try at(parts, "mkdir", entry) { check(mkdirat($0, $1, 0o755)) }
    }

    func makeFile(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) -> Int32 {
        try at(parts, "create", entry) { folder, name in
            let file = helmctl_open_beneath(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            return file >= 0 ? file : nil
        }
    }

    func makeLink(_ parts: [String], target: String, _ entry: ArchiveEntry) throws(ArchiveError) {
        try at(parts, "symlink", entry) { check(symlinkat(target, $0, $1)) }
    }

    func makeHardLink(_ parts: [String], to target: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        let source = helmctl_open_beneath(root, text(Array(target.dropLast())), helmctl_o_path | O_DIRECTORY, 0)
        guard source >= 0 else { throw failure("open link target", entry) }
        defer { close(source) }
        try at(parts, "link", entry) { check(linkat(source, target.last ?? ".", $0, $1, 0)) }
    }

    func makeNode(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        let (type, device): (mode_t, dev_t) =
            switch entry.kind {
            case .characterDevice(let major, let minor): (S_IFCHR, helmctl_device(major, minor))
            case .blockDevice(let major, let minor): (S_IFBLK, helmctl_device(major, minor))
            default: (S_IFIFO, 0)
            }
        try at(parts, "mknod", entry) { check(mknodat($0, $1, type | (entry.mode & 0o7777), device)) }
    }

    /// Removes what stands at the path, with all that is in it.
    func remove(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        try at(parts, "remove", entry) { folder, name in
            if unlinkat(folder, name, 0) == 0 { return () }
            guard errno == EISDIR || errno == EPERM else { return nil }
            return check(removeTree(folder, name))
        }
    }

    /// Hides what the layers below have under that name; the empty name, `.wh..opq`, means all in the folder.
    func hide(name: String, in folder: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        if name == ".wh..opq" { return try setOpaque(folder, entry) }
        guard !name.isEmpty, name != ".", name != ".." else {
            throw ArchiveError(.invalidPath, entry: entry.path, "the whiteout names nothing")
        }
        // Entries of the same layer are not hidden by its whiteouts.
        switch try state(of: folder + [name], entry) {
        case .absent: try at(folder + [name], "mknod", entry) { check(mknodat($0, $1, S_IFCHR, 0)) }
        case .folder: try setOpaque(folder + [name], entry)
        case .whiteout, .other: break
        }
    }

    func setOpaque(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        try at(parts, "setxattr", entry) { folder, name in
            check(helmctl_set_attribute(folder, name, "trusted.overlay.opaque", "y", 1))
        }
    }

    func setOwner(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        try at(parts, "chown", entry) {
            check(fchownat($0, $1, entry.owner, entry.group, AT_SYMLINK_NOFOLLOW))
        }
    }

    func setMode(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        // The caller made what stands here: it is no link.
        try at(parts, "chmod", entry) { check(fchmodat($0, $1, entry.mode, 0)) }
    }

    func setTimes(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        let time = timespec(tv_sec: time_t(entry.modified), tv_nsec: 0)
        try at(parts, "set times", entry) { check(utimensat($0, $1, [time, time], AT_SYMLINK_NOFOLLOW)) }
    }

    func setAttributes(_ parts: [String], _ entry: ArchiveEntry) throws(ArchiveError) {
        for (key, value) in entry.attributes {
            // The kernel's own attributes of overlays would let an image reach what it may not.
            if key.hasPrefix("trusted.") { continue }
            try at(parts, "setxattr \(key)", entry) { folder, name -> Void? in
                if helmctl_set_attribute(folder, name, key, value, value.count) == 0 { return () }
                // File systems without attributes, and attributes that need a right, lose only these.
                return errno == ENOTSUP || errno == EPERM ? () : nil
            }
        }
    }
}

extension stat {
    /// overlayfs' mark of a hidden name: a character device 0/0.
    fileprivate var isWhiteout: Bool { st_mode & S_IFMT == S_IFCHR && st_rdev == 0 }
}

/// Removes a folder with all that is in it, without following links; 0, or -1 and errno.
private func removeTree(_ parent: Int32, _ name: String) -> Int32 {
    let folder = helmctl_open_beneath(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    guard folder >= 0, let stream = fdopendir(folder) else { return -1 }
    while let item = readdir(stream) {
        let child = withUnsafePointer(to: &item.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if child == "." || child == ".." { continue }
        if unlinkat(folder, child, 0) != 0, removeTree(folder, child) != 0 {
            closedir(stream)
            return -1
        }
    }
    closedir(stream)
    return unlinkat(parent, name, AT_REMOVEDIR)
}
