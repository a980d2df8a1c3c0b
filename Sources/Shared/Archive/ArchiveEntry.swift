/// The header of one entry of an archive.
public struct ArchiveEntry: Sendable, Hashable {
    /// What an entry is.
    public enum Kind: Sendable, Hashable {
        case file
        case folder
        /// A symbolic link with its target as written.
        case symbolicLink(String)
        /// A further name of an entry that came before.
        case hardLink(String)
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        case pipe
        /// Anything else that a tar header can name.
        case other
    }

    /// The path as the archive has it.
    public var path: String
    public var kind: Kind
    /// Permission bits, set-uid, set-gid and sticky included.
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32
    /// Seconds since 1970.
    public var modified: Int64
    /// Bytes of contents as the header has them.
    public var size: Int
    /// Extended attributes by name.
    public var attributes: [String: [UInt8]]

    public init(
        path: String, kind: Kind = .file, mode: UInt32 = 0o644, owner: UInt32 = 0, group: UInt32 = 0,
        modified: Int64 = 0, size: Int = 0, attributes: [String: [UInt8]] = [:]
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.size = size
        self.attributes = attributes
    }

    /// The path without empty and `.` parts; `..` is kept.
    public var parts: [Substring] { ArchiveEntry.parts(of: path) }

    /// How many parts the path has.
    var depth: Int {
        var count = 0
        var length = 0
        var isDot = false
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/") {
                if length > 0, !isDot { count += 1 }
                length = 0
            } else {
                isDot = length == 0 && byte == UInt8(ascii: ".")
                length += 1
            }
        }
        return length > 0 && !isDot ? count + 1 : count
    }

    static func parts(of path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
}
