/// YAML text as Helm and Kubernetes read and write it: sigs.k8s.io/yaml, which is YAML 1.1 brought into JSON's shape.
public enum YAML {
    /// Why a text is not the YAML that was wanted.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// Go's message, such as `yaml: line 3: mapping values are not allowed in this context`.
        public let message: String
        /// The line that the message names, from 1; 0 where it names none.
        public let line: Int
        /// Where the reader stood, which Go's message may miss by a line; nil where only a value is wrong.
        public let mark: Place?
        /// Whether the text itself is malformed, and not only a value in it.
        let isSyntax: Bool

        package init(message: String, line: Int = 0, mark: Place? = nil, isSyntax: Bool = false) {
            self.message = message
            self.line = line
            self.mark = mark
            self.isSyntax = isSyntax
        }

        public var description: String { message }
    }

    /// Where a value stands in its text.
    public struct Place: Sendable, Hashable {
        /// From 1.
        public var line: Int
        /// From 1, in characters.
        public var column: Int
        /// The places of an array's elements or of an object's values, in the order of the value's own children.
        public var children: [Place]

        package init(line: Int, column: Int, children: [Place] = []) {
            self.line = line
            self.column = column
            self.children = children
        }
    }

    /// A document with the places of its values.
    public struct Document: Sendable {
        public let value: Value
        public let place: Place
        /// Keys that came twice in one mapping, with the line of the second; the last one counted.
        public let duplicates: [(key: Text, line: Int)]

        /// What Go's strict reader has against the text; nil where it is well.
        public var strictProblem: String? {
            guard !duplicates.isEmpty else { return nil }
            let lines = duplicates.map { "  line \($0.line): key \(GoQuote.quote($0.key)) already set in map" }
            return "yaml: unmarshal errors:\n" + lines.joined(separator: "\n")
        }
    }

    /// Reads the first document of a text; null where there is none.
    ///
    /// Mappings' keys become strings, as JSON's have to be; anchors, aliases and merge keys are resolved.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(Failure) -> Value {
        try read(bytes, marksPlaces: false).value
    }

    /// Reads the first document of a text; null where there is none.
    public static func parse(_ text: Text) throws(Failure) -> Value { try parse(text.bytes) }

    /// Reads the first document of a text and tells where everything stands in it.
    public static func locate(_ bytes: some Sequence<UInt8>) throws(Failure) -> Document {
        try read(bytes, marksPlaces: true)
    }

    private static func read(_ bytes: some Sequence<UInt8>, marksPlaces: Bool) throws(Failure) -> Document {
        var reader = YAMLReader(events: YAMLEvents(Array(bytes)), marksPlaces: marksPlaces)
        return try reader.document()
    }
}
