public import Document
import Template

/// One file of a chart, by its path inside the chart's folder.
public struct ChartFile: Sendable, Hashable {
    public var name: String
    /// What stands in it.
    public var contents: FileBytes
    /// Seconds since 1970; 0 where no file system said.
    public var modified: Int64
    /// What a file system adds to `modified`; archives know whole seconds only.
    public var modifiedNanoseconds: Int32
    /// Where the bytes are being read as a template already.
    var reading: TemplateReading?

    public init(name: String, bytes: [UInt8], modified: Int64 = 0, modifiedNanoseconds: Int32 = 0) {
        self.init(name: name, contents: FileBytes(bytes), modified: modified, modifiedNanoseconds: modifiedNanoseconds)
    }

    public init(name: String, contents: FileBytes, modified: Int64 = 0, modifiedNanoseconds: Int32 = 0) {
        self.name = name
        self.contents = contents
        self.modified = modified
        self.modifiedNanoseconds = modifiedNanoseconds
    }

    public static func == (left: ChartFile, right: ChartFile) -> Bool {
        left.name == right.name && left.contents == right.contents && left.modified == right.modified
            && left.modifiedNanoseconds == right.modifiedNanoseconds
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(contents)
    }

    /// The same file under the path that it has in a folder of the chart.
    func moved(to name: String) -> ChartFile {
        var file = self
        file.name = name
        return file
    }

    /// The contents, copied where they stand in an archive.
    public var bytes: [UInt8] { contents.bytes }

    /// The contents as text.
    public var text: Text { Text(contents) }
}
