/// JSON text as Go's encoding/json and Kubernetes' sigs.k8s.io/json read and write it.
public enum JSON {
    /// Why a text is not JSON, in the words of Go's encoding/json.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// Go's message, such as `invalid character 'x' looking for beginning of value`.
        public let message: String
        /// The offset in bytes of the character that cannot stand there.
        public let offset: Int

        package init(message: String, offset: Int) {
            self.message = message
            self.offset = offset
        }

        public var description: String { message }
    }

    /// A document, and what its reader noticed on the way.
    public struct Document: Sendable {
        public let value: Value
        /// The paths of keys that came twice in one object; the last one counted.
        public let duplicates: [[PathStep]]
    }

    /// One step from a value to one of its children.
    public enum PathStep: Sendable, Hashable {
        case key(Text)
        case index(Int)
    }

    /// How deep objects and arrays may nest, as in Go.
    public static let maximumDepth = 10_000

    /// Reads a whole text as one JSON value.
    ///
    /// - Parameters:
    ///   - bytes: the text; invalid UTF-8 inside strings becomes U+FFFD, byte by byte.
    ///   - maximumDepth: how deep objects and arrays may nest.
    /// - Throws: ``Failure`` with Go's words.
    @inlinable
    public static func parse(
        _ bytes: some Sequence<UInt8>, maximumDepth: Int = JSON.maximumDepth
    ) throws(Failure) -> Value {
        try read(Array(bytes), maximumDepth: maximumDepth, findDuplicates: false).value
    }

    /// Reads a whole text as one JSON value.
    public static func parse(_ text: Text) throws(Failure) -> Value { try parse(text.bytes) }

    /// Reads a whole text as one JSON value and tells which keys came twice.
    @inlinable
    public static func parseNotingDuplicates(_ bytes: some Sequence<UInt8>) throws(Failure) -> Document {
        try read(Array(bytes), maximumDepth: maximumDepth, findDuplicates: true)
    }

    /// Reads the wanted parts of a text that is known to be one JSON value; of the rest only its end is looked for.
    public static func parse(_ bytes: [UInt8], only parts: Parts) throws(Failure) -> Value {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var reader = JSONReader(buffer, maximumDepth: maximumDepth, findDuplicates: false)
            return try reader.document(parts)
        }
    }

    // Of bytes at one place: what is generic would be looked up at run time.
    @usableFromInline
    static func read(_ bytes: [UInt8], maximumDepth: Int, findDuplicates: Bool) throws(Failure) -> Document {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var reader = JSONReader(buffer, maximumDepth: maximumDepth, findDuplicates: findDuplicates)
            let value = try reader.document()
            return Document(value: value, duplicates: reader.duplicates)
        }
    }
}
