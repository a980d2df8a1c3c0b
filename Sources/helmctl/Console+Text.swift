import Document

extension Console {
    /// Writes text to standard output, byte for byte.
    static func print(_ text: Text) { print(text.bytes) }
}
