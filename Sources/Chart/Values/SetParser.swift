import Document
import Template

/// The grammar of `--set`, `--set-string`, `--set-file` and `--set-json`: `a.b[0]=x,c={1,2}`.
struct SetParser {
    /// What becomes of the text of a value.
    enum Reading {
        /// Booleans, null and whole numbers are told apart from strings.
        case typed
        case string
        /// The text is the path of a file that holds the value.
        case file((String) throws(LoadFailure) -> [UInt8])
        case json
    }

    /// What is wrong with an expression, in Helm's words.
    struct Failure: Error {
        let message: String
        /// The end of the text where more was wanted, which ends the parsing well at the top.
        var isEnd = false

        static let end = Failure(message: "EOF", isEnd: true)
    }

    static let maximumIndex = 65536
    static let maximumNesting = 30

    private let text: [Unicode.Scalar]
    private var index = 0
    private let reading: Reading

    private init(_ text: String, _ reading: Reading) {
        self.text = Array(text.unicodeScalars)
        self.reading = reading
    }

    /// Reads an expression and lays it over `values`.
    static func parse(_ text: String, _ reading: Reading, into values: GoMap) throws(Failure) {
        var parser = SetParser(text, reading)
        while true {
            do throws(Failure) {
                try parser.key(values, 0)
            } catch {
                if error.isEnd { return }
                throw error
            }
        }
    }

    // MARK: - Scanning

    private mutating func next() -> Unicode.Scalar? {
        guard index < text.count else { return nil }
        index += 1
        return text[index - 1]
    }

    /// The text up to one of the stops, which is nil at the end; a backslash takes what follows as it is.
    private mutating func until(_ stops: String) -> (text: String, stop: Unicode.Scalar?) {
        var result = String.UnicodeScalarView()
        while let scalar = next() {
            if stops.unicodeScalars.contains(scalar) { return (String(result), scalar) }
            if scalar == "\\" {
                guard let escaped = next() else { break }
                result.append(escaped)
            } else {
                result.append(scalar)
            }
        }
        return (String(result), nil)
    }

    // MARK: - Keys

    private mutating func key(_ values: GoMap, _ nesting: Int) throws(Failure) {
        let (name, stop) = until("=[,.")
        let key = Text(name)
        switch stop {
        case nil:
            if name.isEmpty { throw .end }
            throw Failure(message: "key \(key.quoted) has no value")
        case "[": try element(values, key, nesting)
        case "=": try value(values, key)
        case ",":
            set(values, key, .string(Text("")))
            throw Failure(message: "key \(key.quoted) has no value (cannot end with ,)")
        default: try nested(values, key, nesting + 1)
        }
    }

    private func set(_ values: GoMap, _ key: Text, _ value: GoValue) {
        if !key.isEmpty { values[key] = value }
    }

    private mutating func nested(_ values: GoMap, _ key: Text, _ nesting: Int) throws(Failure) {
        if nesting > SetParser.maximumNesting {
            let limit = SetParser.maximumNesting
            throw Failure(
                message: "value name nested level is greater than maximum supported nested level of \(limit)")
        }
        let inner: GoMap
        switch values[key] {
        case nil: inner = GoMap()
        case .map(let map)?: inner = map
        case let other?: throw SetParser.conversion(other, "map[string]interface {}")
        }
        var failure: Failure?
        do throws(Failure) { try self.key(inner, nesting) } catch { failure = error }
        if failure == nil, inner.count == 0 { throw Failure(message: "key map \(key.quoted) has no value") }
        if inner.count > 0 { set(values, key, .map(inner)) }
        if let failure { throw failure }
    }

    /// The panic of a type assertion, which Helm's parser recovers.
    private static func conversion(_ value: GoValue, _ type: String) -> Failure {
        let found = value.isNil ? "nil" : value.printed(verb: "T").string
        return Failure(message: "unable to parse key: interface conversion: interface {} is \(found), not \(type)")
    }

    // MARK: - Lists

    private mutating func element(_ values: GoMap, _ key: Text, _ nesting: Int) throws(Failure) {
        let position = try position()
        var list = GoList([])
        switch values[key] {
        case nil: break
        case .list(let held)?: list = held
        case let other?: throw SetParser.conversion(other, "[]interface {}")
        }
        var failure: Failure?
        do throws(Failure) { try item(&list.elements, position, nesting) } catch { failure = error }
        set(values, key, .list(list))
        if let failure { throw failure }
    }

    private mutating func position() throws(Failure) -> Int {
        let (digits, stop) = until("]")
        guard stop != nil else { throw Failure(message: "error parsing index: EOF", isEnd: true) }
        guard let position = Int(digits) else {
            let words = "strconv.Atoi: parsing \(Text(digits).quoted): invalid syntax"
            throw Failure(message: "error parsing index: \(words)")
        }
        return position
    }

    /// Go's `%q` of runes.
    static func strayData(_ text: String) -> Failure {
        let runes = text.unicodeScalars.map { $0 == "'" ? "'\\''" : "'\(GoQuote.escaped($0))'" }
        return Failure(message: "unexpected data at end of array index: [\(runes.joined(separator: " "))]")
    }

    private func put(_ list: inout [GoValue], _ position: Int, _ value: GoValue) throws(Failure) {
        if position > SetParser.maximumIndex {
            let limit = SetParser.maximumIndex
            throw Failure(message: "index of \(position) is greater than maximum supported index of \(limit)")
        }
        while list.count <= position { list.append(.null) }
        list[position] = value
    }

    private mutating func item(_ list: inout [GoValue], _ position: Int, _ nesting: Int) throws(Failure) {
        if position < 0 { throw Failure(message: "negative \(position) index not allowed") }
        let (rest, stop) = until("[.=")
        if !rest.isEmpty {
            throw SetParser.strayData(rest)
        }
        switch stop {
        case nil: throw .end
        case "=": try itemValue(&list, position)
        case "[":
            let inner = try self.position()
            var nested: [GoValue] = []
            if position < list.count, !list[position].isNil {
                guard case .list(let held) = list[position] else {
                    throw SetParser.conversion(list[position], "[]interface {}")
                }
                nested = held.elements
            }
            try item(&nested, inner, nesting)
            try put(&list, position, .list(nested))
        default:
            var inner = GoMap()
            if position < list.count, case .map(let map) = list[position] { inner = map }
            if position < list.count { list[position] = .map(inner) }
            var failure: Failure?
            do throws(Failure) { try key(inner, nesting) } catch { failure = error }
            if let failure { throw failure }
            inner = inner.copy()
            try put(&list, position, .map(inner))
        }
    }

    private mutating func itemValue(_ list: inout [GoValue], _ position: Int) throws(Failure) {
        if case .json = reading {
            let value = try jsonValue()
            try put(&list, position, value)
            _ = isEmptyValue()
            return
        }
        guard index < text.count else { return try put(&list, position, .string(Text(""))) }
        if let values = try listValue() { return try put(&list, position, .list(values)) }
        try put(&list, position, try read(until(",").text))
    }

    // MARK: - Values

    private mutating func value(_ values: GoMap, _ key: Text) throws(Failure) {
        if case .json = reading {
            set(values, key, try jsonValue())
            _ = isEmptyValue()
            return
        }
        guard index < text.count else {
            set(values, key, .string(Text("")))
            throw .end
        }
        if let list = try listValue() { return set(values, key, .list(list)) }
        set(values, key, try read(until(",").text))
    }

    /// `{a,b}`; nil where no brace stands.
    private mutating func listValue() throws(Failure) -> [GoValue]? {
        guard text[index] == "{" else { return nil }
        index += 1
        var result: [GoValue] = []
        while true {
            let (piece, stop) = until(",}")
            guard let stop else { throw Failure(message: "list must terminate with '}'") }
            if stop == "}", index < text.count, text[index] == "," { index += 1 }
            result.append(try read(piece))
            if stop == "}" { return result }
        }
    }

    private func read(_ piece: String) throws(Failure) -> GoValue {
        switch reading {
        case .string, .json: return .string(Text(piece))
        case .typed: return SetParser.typed(piece)
        case .file(let load):
            do throws(LoadFailure) {
                return .string(Text(bytes: try load(piece)))
            } catch {
                throw Failure(message: error.message)
            }
        }
    }

    static func typed(_ text: String) -> GoValue {
        switch text.lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "0": return .int64(0)
        default: break
        }
        let isWhole =
            !text.hasPrefix("0") && !text.isEmpty
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D }
        return isWhole ? Int64(text).map(GoValue.int64) ?? .string(Text(text)) : .string(Text(text))
    }

    // MARK: - JSON

    /// One JSON value, or null where none stands before the comma.
    private mutating func jsonValue() throws(Failure) -> GoValue {
        if isEmptyValue() {
            index -= index > 0 && index <= text.count && text[index - 1] == "," ? 1 : 0
            return .null
        }
        let rest = String(String.UnicodeScalarView(text[index...]))
        let bytes = Array(rest.utf8)
        let length = JSONExtent.length(of: bytes)
        do throws(JSON.Failure) {
            let value = try JSON.parse(bytes[..<length])
            index += String(decoding: bytes[..<length], as: UTF8.self).unicodeScalars.count
            return GoValue(value)
        } catch {
            throw Failure(message: error.message == "unexpected end of JSON input" ? "unexpected EOF" : error.message)
        }
    }

    /// Skips blanks and a comma after them; whether nothing else stood there.
    private mutating func isEmptyValue() -> Bool {
        while let scalar = next() {
            if scalar == "," { return true }
            if !GoText.isSpace(scalar) {
                index -= 1
                return false
            }
        }
        return true
    }
}

/// How far the first JSON value of a text reaches.
enum JSONExtent {
    static func length(of bytes: [UInt8]) -> Int {
        var depth = 0
        var inString = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if inString {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if byte == UInt8(ascii: "\"") {
                    inString = false
                    if depth == 0 { return min(index, bytes.count) }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return index }
            case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: if depth == 0 { return index - 1 }
            default: continue
            }
        }
        return bytes.count
    }
}
