import Document

/// YAML and JSON of values, as Helm's functions write and read them.
enum Encoding {
    /// sigs.k8s.io/yaml's text, without its last newline unless told otherwise.
    static func yaml(_ value: GoValue, trimmed: Bool = true) throws(CallFailure) -> Text {
        let tree: Value
        do throws(Unencodable) {
            tree = try value.document()
        } catch {
            throw .text("error marshaling into JSON: json: \(error.reason)")
        }
        guard let read = JSONAsYAML.read(tree) else { throw .text("yaml: control characters are not allowed") }
        var bytes = YAML.write(read)
        if trimmed, bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return Text(bytes: bytes)
    }

    /// encoding/json's text.
    static func json(_ value: GoValue, escapesHTML: Bool = true, indent: String? = nil) throws(CallFailure) -> Text {
        do throws(Unencodable) {
            let format = JSON.Format(escapesHTML: escapesHTML, numbers: .literal, indent: indent)
            return JSON.text(try value.document(), format)
        } catch {
            throw .text("json: \(error.reason)")
        }
    }

    /// Reads YAML as sigs.k8s.io/yaml does into `interface {}`.
    static func readYAML(_ text: Text) throws(CallFailure) -> Value {
        do throws(YAML.Failure) {
            return try YAML.parse(text)
        } catch {
            throw .text("error converting YAML to JSON: \(error.message)")
        }
    }

    /// Reads JSON as encoding/json does into `interface {}`.
    static func readJSON(_ text: Text) throws(CallFailure) -> Value {
        let value: Value
        do throws(JSON.Failure) {
            value = try JSON.parse(text)
        } catch {
            throw .text(error.message)
        }
        if let number = value.firstUnbounded {
            throw .text(words(for: number))
        }
        return value
    }

    /// What encoding/json says of a number that no float64 holds.
    static func words(for number: Number) -> String {
        "json: cannot unmarshal number \(number.literal.string) into Go value of type float64"
    }

    /// What encoding/json says when it finds another thing than the type asks for.
    static func mismatch(_ value: Value, _ type: String) -> CallFailure {
        return .text("json: cannot unmarshal \(value.goKind) into Go value of type \(type)")
    }
}

extension Value {
    /// The first number that no float64 holds.
    fileprivate var firstUnbounded: Number? {
        switch self {
        case .number(let number): number.double.isFinite ? nil : number
        case .array(let elements): elements.lazy.compactMap(\.firstUnbounded).first
        case .object(let object): object.lazy.compactMap(\.value.firstUnbounded).first
        case .null, .bool, .string: nil
        }
    }

    /// The value with null for each number that no float64 holds.
    fileprivate var bounded: Value {
        switch self {
        case .number(let number): number.double.isFinite ? self : .null
        case .array(let elements): .array(elements.map(\.bounded))
        case .object(let object): .object(object.mapValues(\.bounded))
        case .null, .bool, .string: self
        }
    }
}

extension Function {
    /// The text, or an empty one where Helm swallows the error; a limit of ours is no error of Helm's.
    private static func orEmpty(_ text: () throws(CallFailure) -> Text) throws(CallFailure) -> GoValue {
        do throws(CallFailure) {
            return .string(try text())
        } catch {
            if case .limit = error { throw error }
            return .string("")
        }
    }

    /// Helm's own functions for YAML and JSON, which replace Sprig's.
    static let encodings: [Function] = [
        Function("toYaml", .any) { arguments throws(CallFailure) in
            try orEmpty { () throws(CallFailure) in try Encoding.yaml(arguments[0]) }
        }.costing(.encoding),
        Function("mustToYaml", .any) { arguments throws(CallFailure) in .string(try Encoding.yaml(arguments[0])) }
            .costing(.encoding),
        Function("toYamlPretty", .any) { arguments throws(CallFailure) in
            var bytes = YAML.write(try PrettyYAML.tree(arguments[0]), dialect: .third)
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            return .string(Text(bytes: bytes))
        }.costing(.encoding),
        Function("toJson", .any) { arguments throws(CallFailure) in
            try orEmpty { () throws(CallFailure) in try Encoding.json(arguments[0]) }
        }.costing(.encoding),
        Function("mustToJson", .any) { arguments throws(CallFailure) in .string(try Encoding.json(arguments[0])) }
            .costing(.encoding),
        Function("toPrettyJson", .any) { arguments throws(CallFailure) in
            try orEmpty { () throws(CallFailure) in try Encoding.json(arguments[0], indent: "  ") }
        }.costing(.encoding),
        Function("mustToPrettyJson", .any) { arguments throws(CallFailure) in
            .string(try Encoding.json(arguments[0], indent: "  "))
        }.costing(.encoding),
        Function("toRawJson", .any) { arguments throws(CallFailure) in
            .string(try Encoding.json(arguments[0], escapesHTML: false))
        }.costing(.encoding),
        Function("mustToRawJson", .any) { arguments throws(CallFailure) in
            .string(try Encoding.json(arguments[0], escapesHTML: false))
        }.costing(.encoding),
        Function("fromYaml", .string) { arguments in
            map { () throws(CallFailure) in try unmarshaled(arguments[0], isObject: true) }
        }.costing(.reading),
        Function("fromYamlArray", .string) { arguments in
            array { () throws(CallFailure) in try unmarshaled(arguments[0], isObject: false) }
        }.costing(.reading),
        Function("toToml", .any) { arguments throws(CallFailure) in
            do throws(CallFailure) {
                return .string(try TomlWriter.write(arguments[0]))
            } catch {
                // A nil is a panic in Go, and no error that the encoder answers.
                if arguments[0].isNil { throw error }
                if case .limit = error { throw error }
                return .string(error.error.goText)
            }
        }.costing(.encoding),
        Function("mustToToml", .any) { arguments throws(CallFailure) in .string(try TomlWriter.write(arguments[0])) }
            .costing(.encoding),
        Function("fromToml", .string) { arguments in
            do throws(TomlReader.Failure) {
                return .map(try TomlReader.read(arguments[0].text ?? ""))
            } catch {
                return .map(GoMap([("Error", .string(error.message))]))
            }
        }.costing(.reading),
        Function("fromJson", .string) { arguments in
            // Go fills the map first and then tells which number did not fit.
            guard let tree = try? JSON.parse(arguments[0].text ?? "") else {
                return map { () throws(CallFailure) in try Encoding.readJSON(arguments[0].text ?? "") }
            }
            if tree.isNull { return .map(GoMap(isNil: true)) }
            guard let number = tree.firstUnbounded else { return map { () throws(CallFailure) in tree } }
            let result = map { () throws(CallFailure) in tree.bounded }
            result.map?["Error"] = .string(Encoding.words(for: number))
            return result
        }.costing(.reading),
        Function("fromJsonArray", .string) { arguments in
            // What the list is made of counts only where it is one.
            switch try? JSON.parse(arguments[0].text ?? "") {
            case .null?: .list(GoList([], isNil: true))
            case let tree? where tree.array == nil: array { () throws(CallFailure) in tree }
            default: array { () throws(CallFailure) in try Encoding.readJSON(arguments[0].text ?? "") }
            }
        }.costing(.reading),
        Function("mustFromJson", .string) { arguments throws(CallFailure) in
            GoValue(try Encoding.readJSON(arguments[0].text ?? ""))
        }.costing(.reading),
    ]

    /// sigs.k8s.io/yaml turns the text into JSON first, and says so when the JSON does not fit.
    private static func unmarshaled(_ value: GoValue, isObject: Bool) throws(CallFailure) -> Value {
        let tree = try Encoding.readYAML(value.text ?? "")
        switch tree {
        case .null: return tree
        case .object where isObject: return tree
        case .array where !isObject: return tree
        default:
            let type = isObject ? "map[string]interface {}" : "[]interface {}"
            let words = Encoding.mismatch(tree, type).error.goText
            throw .text("error unmarshaling JSON: while decoding JSON: \(words)")
        }
    }

    /// An object as a map; a failure is told under the key `Error`.
    private static func map(_ read: () throws(CallFailure) -> Value) -> GoValue {
        do throws(CallFailure) {
            let value = try read()
            switch value {
            case .object(let object): return .map(GoMap(object))
            case .null: return .map(GoMap())
            default: throw Encoding.mismatch(value, "map[string]interface {}")
            }
        } catch {
            return .map(GoMap([("Error", .string(error.error.goText))]))
        }
    }

    /// An array as a list; a failure is told as its only element.
    private static func array(_ read: () throws(CallFailure) -> Value) -> GoValue {
        do throws(CallFailure) {
            let value = try read()
            switch value {
            case .array(let elements): return .list(GoList(elements.map { GoValue($0) }, .grown))
            case .null: return .list(GoList([], isNil: false))
            default: throw Encoding.mismatch(value, "[]interface {}")
            }
        } catch {
            return .list([.string(error.error.goText)])
        }
    }
}
