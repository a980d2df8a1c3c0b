/// kubectl's JSONPath templates, as `show values --jsonpath` takes them: text with paths between braces.
public struct JSONPathTemplate: Sendable {
    private indirect enum Node: Sendable {
        case text(String)
        case path(JSONPath)
        case range(JSONPath, [Node])
    }

    private let nodes: [Node]

    /// Reads a template.
    public init(_ template: String) throws(JSONPath.Failure) {
        var rest = template[...]
        nodes = try JSONPathTemplate.read(&rest, inRange: false)
    }

    /// What the template makes of a value.
    ///
    /// - Throws: where a path leads nowhere.
    public func text(of value: Value) throws(JSONPath.Failure) -> String {
        try JSONPathTemplate.evaluate(nodes, value)
    }

    // MARK: - Reading

    private static func read(_ rest: inout Substring, inRange: Bool) throws(JSONPath.Failure) -> [Node] {
        var nodes: [Node] = []
        while let first = rest.first {
            guard first == "{" else {
                let text = rest.prefix { $0 != "{" }
                nodes.append(.text(String(text)))
                rest = rest.dropFirst(text.count)
                continue
            }
            guard let end = closing(rest) else { throw JSONPath.Failure(message: "unclosed action") }
            let expression = trimmed(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            if expression == "end" {
                guard inRange else { throw JSONPath.Failure(message: "not in range, nothing to end") }
                return nodes
            }
            if expression.hasPrefix("range ") {
                let path = try JSONPath(String(trimmed(expression.dropFirst("range ".count))))
                nodes.append(.range(path, try read(&rest, inRange: true)))
            } else if let quote = expression.first, quote == "\"" || quote == "'" {
                nodes.append(.text(unquoted(expression)))
            } else {
                nodes.append(.path(try JSONPath(String(expression))))
            }
        }
        if inRange { throw JSONPath.Failure(message: "unterminated range") }
        return nodes
    }

    private static func closing(_ text: Substring) -> String.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "}" {
                return index
            }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        String(text.dropFirst().dropLast()).replacing("\\n", with: "\n").replacing("\\t", with: "\t")
    }

    // MARK: - Answering

    private static func evaluate(_ nodes: [Node], _ value: Value) throws(JSONPath.Failure) -> String {
        var result = ""
        for node in nodes {
            switch node {
            case .text(let text): result += text
            case .path(let path): result += try path.find(in: value).map(shown).joined(separator: " ")
            case .range(let path, let body):
                let found = try path.find(in: value)
                // A list that a path ends at is walked through.
                let elements = found.count == 1 ? found[0].array ?? found : found
                for element in elements { result += try evaluate(body, element) }
            }
        }
        return result
    }

    private static func shown(_ value: Value) -> String {
        switch value {
        case .string(let text): text.string
        case .null: ""
        default: JSON.text(value).string
        }
    }
}
