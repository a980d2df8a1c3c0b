/// From which byte of the output on which node of which source wrote.
public struct OutputMark: Sendable {
    public let offset: Int
    public let source: Source
    public let span: Span
}
