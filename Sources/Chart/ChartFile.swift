public import Document

/// One file of a chart, by its path inside the chart's folder.
public struct ChartFile: Sendable, Hashable {
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The contents as text.
    public var text: Text { Text(bytes: bytes) }
}
