import CLibArchive
import Glibc

/// Unpacks an archive into a folder, so that no entry and no link can write outside of it.
///
/// Every path is resolved part by part as if the folder were the root of the file system (as `chroot` would), and
/// opened by openat2 without following links. A layer of a container image becomes a lower folder of overlayfs:
/// whiteouts turn into 0/0 devices and the opaque attribute ("OCI image layer: whiteouts"; kernel "Overlay Filesystem").
public final class FolderUnpacker {
    /// What the names of whiteouts mean.
    public enum Whiteouts: Sendable {
        /// Nothing: they are files like others.
        case ignored
        /// They become what overlayfs knows; needs root.
        case overlay
    }

    private let tree: LayeredTree
    private let whiteouts: Whiteouts
    private let isRoot = geteuid() == 0
    /// Folders whose times have to be set again once nothing is written into them any more.
    private var folders: [(parts: [String], entry: ArchiveEntry)] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)

    /// - Parameters:
    ///   - folder: an existing folder.
    ///   - below: folders of the layers under this one, the nearest first: links in them lead entries of this one.
    public init(into folder: String, below: [String] = [], whiteouts: Whiteouts = .ignored) throws(ArchiveError) {
        tree = try LayeredTree(folder, below: below)
        self.whiteouts = whiteouts
    }

    deinit { buffer.deallocate() }

    /// Unpacks all entries that the reader still has.
    public func unpack(_ reader: ArchiveReader) throws(ArchiveError) {
        while let entry = try reader.next() { try unpack(entry, from: reader) }
        for (parts, entry) in folders.reversed() { try tree.setTimes(parts, entry) }
    }

    private func unpack(_ entry: ArchiveEntry, from reader: ArchiveReader) throws(ArchiveError) {
        guard let name = entry.parts.last.map(String.init) else {
            return try adopt(entry, at: [])
        }
        let parent = try tree.resolveFolder(entry.parts.dropLast().map(String.init), for: entry)
        if whiteouts == .overlay, name.hasPrefix(".wh.") {
            return try tree.hide(name: String(name.dropFirst(4)), in: parent, entry)
        }
        let parts = parent + [name]
        let state = try tree.state(of: parts, entry)
        if entry.kind == .folder, state == .folder { return try adopt(entry, at: parts) }
        if state != .absent { try tree.remove(parts, entry) }
        try make(entry, at: parts, from: reader)
        // What a whiteout of this layer hid stays hidden under the folder that takes its place.
        if state == .whiteout, entry.kind == .folder, whiteouts == .overlay { try tree.setOpaque(parts, entry) }
    }

    private func make(_ entry: ArchiveEntry, at parts: [String], from reader: ArchiveReader) throws(ArchiveError) {
        switch entry.kind {
        case .file: try write(entry, at: parts, from: reader)
        case .folder:
            try tree.makeFolder(parts, entry)
            try adopt(entry, at: parts)
        case .symbolicLink(let target):
            try tree.makeLink(parts, target: target, entry)
            if isRoot { try tree.setOwner(parts, entry) }
            try tree.setTimes(parts, entry)
        case .hardLink(let target):
            let wanted = ArchiveEntry.parts(of: target).map(String.init)
            guard let name = wanted.last else {
                throw ArchiveError(.invalidPath, entry: entry.path, "links to nothing")
            }
            let folder = try tree.resolveFolder(Array(wanted.dropLast()), for: entry)
            try tree.makeHardLink(parts, to: folder + [name], entry)
        case .characterDevice, .blockDevice, .pipe:
            try tree.makeNode(parts, entry)
            if isRoot { try tree.setOwner(parts, entry) }
            try tree.setMode(parts, entry)
        case .other: throw ArchiveError(.forbiddenKind, entry: entry.path, "its kind is not known")
        }
    }

    private func adopt(_ entry: ArchiveEntry, at parts: [String]) throws(ArchiveError) {
        guard entry.kind == .folder else { throw ArchiveError(.invalidPath, entry: entry.path, "the path is empty") }
        if isRoot { try tree.setOwner(parts, entry) }
        try tree.setMode(parts, entry)
        try tree.setAttributes(parts, entry)
        folders.append((parts, entry))
    }

    private func write(_ entry: ArchiveEntry, at parts: [String], from reader: ArchiveReader) throws(ArchiveError) {
        let file = try tree.makeFile(parts, entry)
        defer { close(file) }
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            try writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: file, entry)
        }
        if isRoot, fchown(file, entry.owner, entry.group) != 0 { throw failure("chown", entry) }
        // After the owner: chown drops the set-uid bits.
        if fchmod(file, entry.mode) != 0 { throw failure("chmod", entry) }
        try tree.setAttributes(parts, entry)
        try tree.setTimes(parts, entry)
    }

    private func writeAll(
        _ bytes: UnsafeRawBufferPointer, to file: Int32, _ entry: ArchiveEntry
    ) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(file, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", entry) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}

/// The failure of a system call for an entry, from errno.
func failure(_ call: String, _ entry: ArchiveEntry) -> ArchiveError {
    ArchiveError(.system, entry: entry.path, "\(call): \(systemText(errno))")
}
