/// A way into a value as kubectl's JSONPath writes it: `.spec.parts[0]`, `['a.b']`, `[*]`, `[1:3]`, `..name`,
/// `[?(@.type=="Ready")]` (k8s.io/client-go/util/jsonpath).
public struct JSONPath: Sendable, Hashable {
    /// Why a path cannot be read or followed.
    public struct Failure: Error, Sendable {
        /// Kubernetes' words.
        public let message: String
    }

    enum Step: Sendable, Hashable {
        case field(Text)
        case index(Int)
        case slice(Int?, Int?)
        /// `*`
        case all
        /// `..`: the value and all below it.
        case everything
        /// `[?(@.type=="Ready")]`: the elements of which the path leads to what is compared with; nil asks only whether
        /// it leads anywhere.
        case filter([Text], Comparison?)
    }

    /// What a filter asks of a value.
    struct Comparison: Sendable, Hashable {
        let isEqual: Bool
        let value: Value
    }

    let steps: [Step]

    /// Reads a path; `$` in front and braces around it may be there.
    public init(_ text: String) throws(Failure) {
        var rest = Substring(text)
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        if rest.first == "$" || rest.first == "@" { rest.removeFirst() }
        var steps: [Step] = []
        while let first = rest.first {
            if first == "[" {
                steps.append(try JSONPath.bracket(&rest))
            } else if rest.hasPrefix("..") {
                steps.append(.everything)
                rest = rest.dropFirst(rest.dropFirst(2).first == "[" ? 2 : 1)
            } else {
                guard first == "." || steps.isEmpty else { throw Failure(message: "unexpected path at \(rest)") }
                if first == "." { rest.removeFirst() }
                let name = JSONPath.name(&rest)
                if name == "*" { steps.append(.all) } else if !name.isEmpty { steps.append(.field(Text(name))) }
            }
        }
        self.steps = steps
    }

    // MARK: - Reading

    /// A field's name, in which a dot is written `\.`.
    private static func name(_ rest: inout Substring) -> String {
        var name = ""
        while let character = rest.first, character != ".", character != "[" {
            rest.removeFirst()
            if character == "\\", let escaped = rest.popFirst() {
                name.append(escaped)
            } else {
                name.append(character)
            }
        }
        return name
    }

    private static func bracket(_ rest: inout Substring) throws(Failure) -> Step {
        guard let end = closing(rest) else { throw Failure(message: "unterminated array") }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        if inside == "*" { return .all }
        if let name = unquoted(inside) { return .field(Text(name)) }
        if let index = Int(inside) { return .index(index) }
        if inside.hasPrefix("?("), inside.hasSuffix(")") { return try filter(inside.dropFirst(2).dropLast()) }
        let bounds = inside.split(separator: ":", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.isEmpty || Int($0) != nil }) else {
            throw Failure(message: "invalid array index \(inside)")
        }
        return .slice(Int(bounds[0]), Int(bounds[1]))
    }

    /// The bracket that closes the first one, outside of quotes.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var quote: Character?
        var depth = 0
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "[" {
                depth += 1
            } else if character == "]" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    private static func filter(_ text: Substring) throws(Failure) -> Step {
        let refused = Failure(message: "unrecognized filter \(text)")
        let mark = text.firstRange(of: "==") ?? text.firstRange(of: "!=")
        let left = trimmed(text[..<(mark?.lowerBound ?? text.endIndex)])
        guard left.hasPrefix("@.") else { throw refused }
        let path = left.dropFirst(2).split(separator: ".").map { Text(String($0)) }
        guard let mark else { return .filter(path, nil) }
        let right = trimmed(text[mark.upperBound...])
        guard let value = unquoted(right).map({ Value.string($0) }) ?? (try? JSON.parse(Text(String(right)))) else {
            throw refused
        }
        return .filter(path, Comparison(isEqual: text[mark] == "==", value: value))
    }

    private static func unquoted(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'", text.count >= 2, text.last == quote else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
