import Document
public import Template

/// A compiled JSON Schema (drafts 4, 6, 7, 2019-09 and 2020-12), which validates any number of values.
///
/// What is asserted, how far a check goes on after a fault, and the report follow the library that Helm uses
/// (santhosh-tekuri/jsonschema v6): `type`, `const`, `enum` and `format` end the check of a schema; before 2019-09 a
/// `$ref` stands alone; formats count before 2019-09 only, contents never.
public struct JSONSchema: Sendable {
    /// The URL that Helm gives a chart's schema.
    static let chartURL: Text = "file:///values.schema.json"

    let program: SchemaProgram
    /// What was passed over on the way.
    public let warnings: [Warning]

    /// References that nobody can resolve, and that are therefore taken for schemas that allow everything.
    public struct Warning: Sendable, Hashable {
        /// The `urn:` of the reference.
        public let urn: String
    }

    /// Bounds against schemas that are made to cost.
    public struct Limits: Sendable, Hashable {
        /// How many schemas there may be, those of other documents among them.
        public var schemas = 200_000
        /// How deep schemas may be nested in each other, and checks in each other.
        public var depth = 1_000
        /// How many checks of a value by a schema there may be; long divisions and comparisons count as several.
        public var checks = 5_000_000
        /// How many faults are kept for the report.
        public var faults = 100_000

        public init() {}
    }

    /// Why a schema cannot be used, or a value not be checked.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// What sort of failure this is; more may come.
        public enum Code: Sendable {
            /// The text is not JSON.
            case syntax
            /// The schema does not fit its metaschema.
            case invalid
            /// A reference or identifier leads nowhere, or to two places.
            case reference
            /// Another document cannot be had.
            case unavailable
            /// A bound was reached.
            case limit
        }

        public let code: Code
        /// Where in the schema, as a URL with a JSON pointer.
        public let place: String
        /// Helm's words.
        public let message: String

        public var description: String { message }

        static func reference(_ place: SchemaPlace, _ message: String) -> Failure {
            Failure(code: .reference, place: place.text.string, message: message)
        }

        static func limit(_ place: SchemaPlace, _ message: String) -> Failure {
            Failure(code: .limit, place: place.text.string, message: message)
        }
    }

    /// Compiles the text of a values.schema.json.
    ///
    /// - Parameters:
    ///   - text: JSON.
    ///   - limits: bounds for compiling and for each validation.
    /// - Throws: where it is no valid schema, or refers to what cannot be had. Nothing is fetched over the network.
    public init(_ text: some Collection<UInt8>, limits: Limits = Limits()) throws(Failure) {
        let document = try JSONSchema.read(Array(text), JSONSchema.chartURL)
        self = try JSONSchema.deep { () throws(Failure) in
            var library = SchemaLibrary(limits: limits)
            library.add(document, at: JSONSchema.chartURL)
            var compiler = SchemaCompiler(library: library)
            let program = try compiler.compile(SchemaPlace(url: JSONSchema.chartURL, pointer: ""))
            return JSONSchema(program: program, warnings: compiler.library.warnings)
        }
    }

    private init(program: SchemaProgram, warnings: [Warning]) {
        self.program = program
        self.warnings = warnings
    }

    /// Runs what recurses as deep as a hostile schema is nested, where there is stack for that.
    static func deep<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try BigStack.run { (_: UInt) throws(Failure) in try body() }
    }

    /// What is wrong with a value, as the lines of Helm's report; nil where nothing is.
    ///
    /// - Throws: where a bound is reached before that is known.
    public func report(on value: GoValue) throws(Failure) -> String? {
        try JSONSchema.deep { () throws(Failure) in
            var validation = SchemaValidation(program)
            return try validation.fault(of: Instance(value)).map { SchemaReport.text(of: $0) }
        }
    }

    /// What is wrong with a value, one by one; nothing where a bound is reached before that is known.
    func faults(of value: GoValue) -> [SchemaFault] {
        let fault = try? JSONSchema.deep { () throws(Failure) in
            var validation = SchemaValidation(program)
            return try validation.fault(of: Instance(value))
        }
        return fault?.ends ?? []
    }

    /// Reads JSON as Go's decoder does that Helm reads schemas with.
    static func read(_ text: [UInt8], _ url: Text) throws(Failure) -> Value {
        do throws(JSON.Failure) {
            return try JSON.parse(text)
        } catch {
            let words: String
            if error.offset >= text.count {
                let isBlank = text.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
                words = isBlank ? "EOF" : "unexpected EOF"
            } else if (try? JSON.parse(text[..<error.offset])) != nil {
                words = "invalid character after top-level value"
            } else {
                words = error.message
            }
            throw Failure(code: .syntax, place: url.string, message: words)
        }
    }
}
