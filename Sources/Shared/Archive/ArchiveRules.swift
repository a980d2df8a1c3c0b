/// What the entries of an archive may be, as the caller decides.
public struct ArchiveRules: Sendable, Hashable {
    /// Symbolic and hard links, as long as their targets stay inside.
    public var allowsLinks: Bool
    /// Absolute targets of symbolic links, which mean the archive's own root (as in container images).
    public var allowsAbsoluteTargets: Bool
    /// Devices and pipes.
    public var allowsDevices: Bool
    /// Paths that are absolute or have `..` parts; only for callers that judge each path themselves.
    public var allowsAnyPath: Bool
    /// Whether nothing is read behind the end of the tar stream, so that what is wrong there goes unseen.
    public var endsWithStream: Bool

    public init(
        allowsLinks: Bool = false, allowsAbsoluteTargets: Bool = false, allowsDevices: Bool = false,
        allowsAnyPath: Bool = false, endsWithStream: Bool = false
    ) {
        self.allowsLinks = allowsLinks
        self.allowsAbsoluteTargets = allowsAbsoluteTargets
        self.allowsDevices = allowsDevices
        self.allowsAnyPath = allowsAnyPath
        self.endsWithStream = endsWithStream
    }

    /// Files and folders alone, with paths inside: what a chart may hold.
    public static let filesOnly = ArchiveRules()

    /// All that a layer of a container image may hold: it is unpacked with links resolved inside of its root.
    public static let layer = ArchiveRules(allowsLinks: true, allowsAbsoluteTargets: true, allowsDevices: true)

    /// No rule: the caller looks at each path and kind itself. The end is that of Go's package tar.
    public static let unchecked = ArchiveRules(
        allowsLinks: true, allowsAbsoluteTargets: true, allowsDevices: true, allowsAnyPath: true, endsWithStream: true)

    /// Refuses the entry that these rules forbid.
    func check(_ entry: ArchiveEntry) throws(ArchiveError) {
        if !allowsAnyPath { try checkPath(entry) }
        switch entry.kind {
        case .file, .folder: break
        case .symbolicLink(let target): try checkLink(entry, target: target, from: entry.parts.dropLast())
        case .hardLink(let target): try checkLink(entry, target: target, from: [])
        case .characterDevice, .blockDevice, .pipe, .other:
            guard allowsDevices else { throw forbidden(entry) }
        }
    }

    private func checkPath(_ entry: ArchiveEntry) throws(ArchiveError) {
        if entry.path.utf8.first == UInt8(ascii: "/") {
            throw ArchiveError(.absolutePath, entry: entry.path, "the path is absolute")
        }
        if entry.parts.contains("..") {
            throw ArchiveError(.escapingPath, entry: entry.path, "the path contains \"..\"")
        }
    }

    private func checkLink(
        _ entry: ArchiveEntry, target: String, from folder: ArraySlice<Substring>
    ) throws(ArchiveError) {
        guard allowsLinks else { throw forbidden(entry) }
        // Inside an image every target means the image's own root; the unpacker resolves it there.
        guard !allowsAbsoluteTargets else { return }
        var depth = folder.count
        var leaves = target.utf8.first == UInt8(ascii: "/")
        for part in ArchiveEntry.parts(of: target) {
            depth += part == ".." ? -1 : 1
            if depth < 0 { leaves = true }
        }
        if leaves {
            throw ArchiveError(.escapingLink, entry: entry.path, "the link leads out of the archive, to \"\(target)\"")
        }
    }

    private func forbidden(_ entry: ArchiveEntry) -> ArchiveError {
        let name =
            switch entry.kind {
            case .symbolicLink: "a symbolic link"
            case .hardLink: "a hard link"
            case .characterDevice, .blockDevice: "a device"
            case .pipe: "a pipe"
            case .file, .folder, .other: "of a kind that is not known"
            }
        return ArchiveError(.forbiddenKind, entry: entry.path, "it is \(name), and only files and folders are allowed")
    }
}
