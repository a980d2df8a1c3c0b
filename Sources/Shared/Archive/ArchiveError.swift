/// Why an archive was refused or could not be read, written or unpacked.
public struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart.
    public enum Code: String, Sendable, Hashable {
        /// The bytes are no tar archive, or are damaged or cut short.
        case damaged
        /// Compressed bytes are damaged, cut short, or their checksum is wrong.
        case damagedCompression
        /// More bytes in all than the limit.
        case tooLarge
        /// An entry with more bytes than the limit.
        case entryTooLarge
        /// More entries than the limit.
        case tooManyEntries
        /// A path with more parts than the limit.
        case tooDeep
        /// The archive grows more by decompression than the limit.
        case tooCompressed
        /// A path that starts at the root of the file system.
        case absolutePath
        /// A path that leaves the folder that the archive stands for.
        case escapingPath
        /// A link whose target lies outside of the folder that the archive stands for.
        case escapingLink
        /// A link, device, pipe or socket where the rules allow none.
        case forbiddenKind
        /// An empty path, or one that holds a zero byte or no valid text.
        case invalidPath
        /// A call of the operating system failed.
        case system
    }

    public var code: Code
    /// The path of the entry concerned, as the archive has it; nil where it is the whole.
    public var entry: String?
    /// What exactly is wrong, without the entry's path.
    public var detail: String

    public init(_ code: Code, entry: String? = nil, _ detail: String) {
        self.code = code
        self.entry = entry
        self.detail = detail
    }

    public var description: String { entry.map { "archive entry \"\($0)\": \(detail)" } ?? detail }
}
