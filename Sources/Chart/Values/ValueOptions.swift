public import Document
public import Template

/// What the user says about values: files and settings, in the order in which they are applied.
public struct ValueOptions: Sendable {
    /// Values that lie under all else, such as those of the last release.
    public var base: Object = [:]
    /// Values of the last release that lie beneath what files and settings give; null there takes a key away.
    public var beneath: Object = [:]
    /// What stands in place of no values at all: those of the last release.
    public var fallback: Object = [:]
    /// `-f`: files; `-` is standard input.
    public var files: [String] = []
    /// `--set-json`
    public var json: [String] = []
    /// `--set`
    public var typed: [String] = []
    /// `--set-string`
    public var strings: [String] = []
    /// `--set-file`
    public var contents: [String] = []
    /// `--set-literal`
    public var literals: [String] = []

    public init() {}

    /// Why the values could not be put together, in Helm's words.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let message: String
        /// The line at fault, where one is known.
        public var place: FailurePlace?

        public var description: String { message }
    }

    /// Reads the files and settings, and lays them over each other.
    ///
    /// Numbers of files are float64, those of `--set` int64, as in Helm.
    public func merged() throws(Failure) -> GoMap {
        var object = base
        for file in files { object = ValuesReader.merged(object, try read(file)) }
        let values = GoMap(object)
        for text in json { try apply(json: text, values) }
        for text in typed { try apply("--set data", text, .typed, values) }
        for text in strings { try apply("--set-string data", text, .string, values) }
        for text in contents { try apply("--set-file data", text, .file(ValueOptions.contents), values) }
        for text in literals {
            do throws(SetParser.Failure) {
                try LiteralSetParser.parse(text, into: values)
            } catch {
                throw Failure(message: "failed parsing --set-literal data: \(error.message)")
            }
        }
        if values.entries.isEmpty { return GoMap(fallback.isEmpty ? beneath : fallback) }
        if !beneath.isEmpty {
            var coalescing = Coalescing(merges: false)
            coalescing.tables(values, GoMap(beneath), merges: false)
        }
        return values
    }

    private func read(_ file: String) throws(Failure) -> Object {
        do throws(LoadFailure) {
            let path = GoText.trimSpace(file)
            if path.hasPrefix("http://") || path.hasPrefix("https://") {
                throw LoadFailure(.unreadable, path, "values from \(path): not supported yet")
            }
            let bytes = path == "-" ? try HostFile.readInput() : try HostFile.read(file)
            do throws(ValuesReader.Failure) {
                return try ValuesReader.read(bytes)
            } catch {
                throw LoadFailure(
                    .malformed, file, "failed to parse \(file): \(error.message)", at: error.place(in: path, bytes))
            }
        } catch {
            throw Failure(message: error.message, place: error.place)
        }
    }

    private static func contents(_ path: String) throws(LoadFailure) -> [UInt8] {
        path == "-" ? try HostFile.readInput() : try HostFile.read(path)
    }

    /// A whole JSON object, or `key=json` pairs.
    private func apply(json text: String, _ values: GoMap) throws(Failure) {
        guard GoText.trimSpace(text).hasPrefix("{") else {
            do throws(SetParser.Failure) {
                return try SetParser.parse(text, .json, into: values)
            } catch {
                throw Failure(message: "failed parsing --set-json data \(text)")
            }
        }
        guard case .object(let object)? = try? JSON.parse(Text(text)) else {
            throw Failure(message: "failed parsing --set-json data JSON: \(text)")
        }
        ValueOptions.merge(GoMap(object), into: values)
    }

    private static func merge(_ new: GoMap, into values: GoMap) {
        for entry in new.entries {
            if case .map(let inner) = entry.value, case .map(let old)? = values[entry.key] {
                merge(inner, into: old)
            } else {
                values[entry.key] = entry.value
            }
        }
    }

    private func apply(
        _ flag: String, _ text: String, _ reading: SetParser.Reading, _ values: GoMap
    ) throws(Failure) {
        do throws(SetParser.Failure) {
            try SetParser.parse(text, reading, into: values)
        } catch {
            throw Failure(message: "failed parsing \(flag): \(error.message)")
        }
    }
}
