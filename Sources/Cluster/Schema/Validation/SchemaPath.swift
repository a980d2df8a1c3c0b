public import Document

/// A path to a field of a schema: `.spec.size`, `['a.b'].c` (ValidFieldPath of apiextensions-apiserver's rules).
public enum SchemaPath {
    /// Why a path is none.
    struct Malformed: Error {
        let words: String
    }

    /// What stands at the end of a path.
    struct Place {
        var names: [String] = []
        /// As errors tell it: `spec.labels[app]`.
        var text = ""
        var schema: Value
    }

    /// A path as errors tell it; nil where it leads nowhere.
    public static func normalized(_ path: String, in schema: Value) -> String? {
        if case .success(let place) = find(path, in: schema) { place.text } else { nil }
    }

    /// - Parameter takesBrackets: whether names may stand in brackets and quotes.
    static func find(_ path: String, in schema: Value, takesBrackets: Bool = true) -> Result<Place, Malformed> {
        do throws(Malformed) {
            return .success(try walk(tokens(path)[...], schema, takesBrackets))
        } catch {
            return .failure(error)
        }
    }

    private static func walk(
        _ tokens: ArraySlice<String>, _ schema: Value, _ takesBrackets: Bool
    ) throws(Malformed) -> Place {
        var place = Place(schema: schema)
        var rest = tokens
        func next() throws(Malformed) -> String {
            guard let token = rest.popFirst() else { throw Malformed(words: "unexpected end of JSON path") }
            return token
        }
        while let token = rest.popFirst() {
            switch token {
            case ".": try step(try next(), &place)
            case "[":
                guard takesBrackets else { throw Malformed(words: "array notation is not allowed") }
                let name = try next()
                guard name.count > 1, name.hasPrefix("'"), name.hasSuffix("'") else {
                    throw Malformed(words: "expected single quoted string but got \(name)")
                }
                try step(String(name.dropFirst().dropLast()), &place)
                let end = try next()
                guard end == "]" else { throw Malformed(words: "expected ] but got \(end)") }
            default: throw Malformed(words: "expected [ or . but got: \(token)")
            }
        }
        return place
    }

    private static func step(_ name: String, _ place: inout Place) throws(Malformed) {
        let more = place.schema["additionalProperties"]
        if let properties = place.schema["properties"] {
            guard let found = properties[Text(name)] else { throw Malformed(words: "does not refer to a valid field") }
            place.schema = found
            place.text += place.text.isEmpty ? name : ".\(name)"
        } else if let more, more.object != nil {
            place.schema = more
            place.text += "[\(name)]"
        } else {
            throw Malformed(words: "does not refer to a valid field")
        }
        place.names.append(name)
    }

    /// Dots and brackets, and what stands between them.
    private static func tokens(_ path: String) -> [String] {
        var tokens: [String] = []
        var word = ""
        var isQuoted = false
        for character in path {
            if character == "'" { isQuoted.toggle() }
            guard !isQuoted, ".[]".contains(character) else {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(word) }
            tokens.append(String(character))
            word = ""
        }
        return word.isEmpty ? tokens : tokens + [word]
    }
}
