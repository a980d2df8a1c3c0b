import Document
import Template

/// The grammar of `--set-literal`: one key, whose value is all that follows the `=`.
struct LiteralSetParser {
    private let text: [Unicode.Scalar]
    private var index = 0

    /// Reads an expression and lays it over `values`.
    static func parse(_ text: String, into values: GoMap) throws(SetParser.Failure) {
        var parser = LiteralSetParser(text: Array(text.unicodeScalars))
        do throws(SetParser.Failure) {
            try parser.key(values, 0)
        } catch {
            if !error.isEnd { throw error }
        }
    }

    private init(text: [Unicode.Scalar]) { self.text = text }

    private mutating func until(_ stops: String) -> (text: String, stop: Unicode.Scalar?) {
        var result = String.UnicodeScalarView()
        while index < text.count {
            let scalar = text[index]
            index += 1
            if stops.unicodeScalars.contains(scalar) { return (String(result), scalar) }
            result.append(scalar)
        }
        return (String(result), nil)
    }

    private mutating func rest() -> GoValue {
        defer { index = text.count }
        return .string(Text(String(String.UnicodeScalarView(text[index...]))))
    }

    private mutating func key(_ values: GoMap, _ nesting: Int) throws(SetParser.Failure) {
        let (name, stop) = until("=[.")
        let key = Text(name)
        switch stop {
        case nil:
            if name.isEmpty { throw .end }
            throw SetParser.Failure(message: "key \(key.quoted) has no value")
        case "=": if !key.isEmpty { values[key] = rest() }
        case ".":
            if nesting + 1 > SetParser.maximumNesting {
                let limit = SetParser.maximumNesting
                throw SetParser.Failure(
                    message: "value name nested level is greater than maximum supported nested level of \(limit)")
            }
            let inner = values[key]?.map ?? GoMap()
            defer { if inner.count > 0, !key.isEmpty { values[key] = .map(inner) } }
            try self.key(inner, nesting + 1)
            if inner.count == 0 { throw SetParser.Failure(message: "key map \(key.quoted) has no value") }
        default:
            let position = try position()
            var list: [GoValue] = []
            if case .list(let held)? = values[key] { list = held.elements }
            // The list stays also where the text ends before its value.
            defer { if !key.isEmpty { values[key] = .list(list) } }
            try item(&list, position, nesting)
        }
    }

    private mutating func position() throws(SetParser.Failure) -> Int {
        let (digits, stop) = until("]")
        guard stop != nil else { throw SetParser.Failure(message: "error parsing index: EOF", isEnd: true) }
        guard let position = Int(digits) else {
            let words = "strconv.Atoi: parsing \(Text(digits).quoted): invalid syntax"
            throw SetParser.Failure(message: "error parsing index: \(words)")
        }
        return position
    }

    private mutating func item(
        _ list: inout [GoValue], _ position: Int, _ nesting: Int
    ) throws(SetParser.Failure) {
        if position < 0 { throw SetParser.Failure(message: "negative \(position) index not allowed") }
        let (name, stop) = until("[.=")
        if !name.isEmpty {
            throw SetParser.strayData(name)
        }
        if position > SetParser.maximumIndex {
            let limit = SetParser.maximumIndex
            throw SetParser.Failure(
                message: "index of \(position) is greater than maximum supported index of \(limit)")
        }
        let held: GoValue = position < list.count ? list[position] : .null
        let value: GoValue
        switch stop {
        case nil: throw .end
        case "=": value = rest()
        case ".":
            let inner = held.map ?? GoMap()
            try key(inner, nesting)
            value = .map(inner)
        default:
            let inner = try self.position()
            var nested: [GoValue] = []
            if case .list(let elements) = held { nested = elements.elements }
            try item(&nested, inner, nesting)
            value = .list(nested)
        }
        while list.count <= position { list.append(.null) }
        list[position] = value
    }
}
