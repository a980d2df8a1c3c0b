public import Document

/// The text of one template file, or of one string given to `tpl`.
public final class Source: Sendable {
    /// The name that errors show: the path below the chart's parent folder.
    public let name: Text
    /// The text itself.
    public let bytes: [UInt8]

    public init(name: Text, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The line (from 1) and byte column (from 0, as Go's template errors count) of an offset.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var start = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            start = index + 1
        }
        // text/template counts from the byte after the newline, but from 0 on the first line.
        return (line, offset - start)
    }

    /// The name that a field has without its dot.
    func fieldName(_ span: Span) -> Text { Text(bytes: bytes[(span.start + 1)..<span.end]) }

    /// The bytes of a span.
    func text(_ span: Span) -> ArraySlice<UInt8> { bytes[span.start..<span.end] }
}

/// A run of bytes of a source.
public struct Span: Sendable, Hashable {
    public let offset: UInt32
    public let length: UInt32

    init(_ start: Int, _ end: Int) {
        offset = UInt32(truncatingIfNeeded: start)
        length = UInt32(truncatingIfNeeded: end - start)
    }

    var start: Int { Int(offset) }
    var end: Int { Int(offset) + Int(length) }
}
