public import Document

/// One file of a chart, by its path inside the chart's folder.
public struct ChartFile: Sendable, Hashable {
    public var name: String
    public var bytes: [UInt8]
    /// Seconds since 1970; 0 where no file system said.
    public var modified: Int64
    /// What a file system adds to `modified`; archives know whole seconds only.
    public var modifiedNanoseconds: Int32

    public init(name: String, bytes: [UInt8], modified: Int64 = 0, modifiedNanoseconds: Int32 = 0) {
        self.name = name
        self.bytes = bytes
        self.modified = modified
        self.modifiedNanoseconds = modifiedNanoseconds
    }

    /// The contents as text.
    public var text: Text { Text(bytes: bytes) }
}
