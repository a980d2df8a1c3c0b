public import Document

/// kubectl's JSONPath templates, as `show values --jsonpath` takes them: text with expressions between braces.
public struct JSONPath {
    /// Why an expression cannot be read or answered.
    public struct Failure: Error, Sendable {
        /// Kubernetes' words.
        public let message: String
    }

    private enum Step {
        case field(String)
        case index(Int)
        case slice(Int?, Int?)
        case all, everything
    }

    private indirect enum Node {
        case text(String)
        case path([Step])
        case range([Step], [Node])
    }

    private let nodes: [Node]

    /// Reads a template.
    public init(_ template: String) throws(Failure) {
        var rest = template[...]
        nodes = try JSONPath.read(&rest, inRange: false)
    }

    /// What the template makes of a value.
    public func text(of value: Value) throws(Failure) -> String { try JSONPath.evaluate(nodes, value) }

    // MARK: - Reading

    private static func read(_ rest: inout Substring, inRange: Bool) throws(Failure) -> [Node] {
        var nodes: [Node] = []
        while let first = rest.first {
            guard first == "{" else {
                let text = rest.prefix { $0 != "{" }
                nodes.append(.text(String(text)))
                rest = rest.dropFirst(text.count)
                continue
            }
            guard let end = closing(rest) else { throw Failure(message: "unclosed action") }
            let expression = GoText.trimSpace(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            if expression == "end" {
                guard inRange else { throw Failure(message: "not in range, nothing to end") }
                return nodes
            }
            if expression.hasPrefix("range ") {
                let path = try steps(GoText.trimSpace(expression.dropFirst("range ".count)))
                nodes.append(.range(path, try read(&rest, inRange: true)))
            } else if let quote = expression.first, quote == "\"" || quote == "'" {
                nodes.append(.text(unquoted(expression)))
            } else {
                nodes.append(.path(try steps(expression)))
            }
        }
        if inRange { throw Failure(message: "unterminated range") }
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

    private static func unquoted(_ text: String) -> String {
        String(text.dropFirst().dropLast()).replacing("\\n", with: "\n").replacing("\\t", with: "\t")
    }

    private static func steps(_ text: String) throws(Failure) -> [Step] {
        var rest = text[...]
        if rest.first == "$" || rest.first == "@" { rest.removeFirst() }
        var steps: [Step] = []
        while let first = rest.first {
            if first == "[" {
                guard let end = rest.firstIndex(of: "]") else { throw Failure(message: "unterminated array") }
                steps.append(try bracket(String(rest[rest.index(after: rest.startIndex)..<end])))
                rest = rest[rest.index(after: end)...]
                continue
            }
            if rest.hasPrefix("..") {
                steps.append(.everything)
                rest = rest.dropFirst(rest.dropFirst(2).first == "[" ? 2 : 1)
                continue
            }
            guard first == "." || steps.isEmpty else { throw Failure(message: "unexpected path at \(rest)") }
            if first == "." { rest.removeFirst() }
            var name = ""
            while let character = rest.first, character != ".", character != "[" {
                rest.removeFirst()
                if character == "\\", let escaped = rest.popFirst() {
                    name.append(escaped)
                } else {
                    name.append(character)
                }
            }
            if name == "*" { steps.append(.all) } else if !name.isEmpty { steps.append(.field(name)) }
        }
        return steps
    }

    private static func bracket(_ text: String) throws(Failure) -> Step {
        if text == "*" { return .all }
        if let quote = text.first, quote == "'" || quote == "\"" { return .field(String(text.dropFirst().dropLast())) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1, let index = Int(text) { return .index(index) }
        guard parts.count == 2 else { throw Failure(message: "invalid array index \(text)") }
        return .slice(Int(parts[0]), Int(parts[1]))
    }

    // MARK: - Answering

    private static func evaluate(_ nodes: [Node], _ value: Value) throws(Failure) -> String {
        var result = ""
        for node in nodes {
            switch node {
            case .text(let text): result += text
            case .path(let steps): result += try find(steps, [value]).map(shown).joined(separator: " ")
            case .range(let steps, let body):
                let found = try find(steps, [value])
                // A list that a path ends at is walked through.
                let elements = found.count == 1 ? found[0].array ?? found : found
                for element in elements { result += try evaluate(body, element) }
            }
        }
        return result
    }

    private static func find(_ steps: [Step], _ values: [Value]) throws(Failure) -> [Value] {
        var current = values
        var isSearch = false
        for step in steps {
            var next: [Value] = []
            for value in current {
                // Of all that lies below, only what has the field is meant.
                if isSearch, case .field(let name) = step {
                    if let found = value[Text(name)] { next.append(found) }
                } else {
                    next += try take(step, value)
                }
            }
            if case .everything = step { isSearch = true } else { isSearch = false }
            current = next
        }
        return current
    }

    private static func take(_ step: Step, _ value: Value) throws(Failure) -> [Value] {
        switch step {
        case .field(let name):
            guard let found = value[Text(name)] else { throw Failure(message: "\(name) is not found") }
            return [found]
        case .all:
            if case .object(let object) = value { return object.map(\.value) }
            return value.array ?? []
        case .everything: return [value] + below(value)
        case .index(let index):
            guard let list = value.array else { throw Failure(message: "\(shown(value)) is not array or slice") }
            let place = index < 0 ? list.count + index : index
            guard list.indices.contains(place) else {
                throw Failure(message: "array index out of bounds: index \(index), length \(list.count)")
            }
            return [list[place]]
        case .slice(let low, let high):
            let list = value.array ?? []
            func bound(_ index: Int?, _ otherwise: Int) -> Int {
                let place = index ?? otherwise
                return max(0, min(list.count, place < 0 ? list.count + place : place))
            }
            let start = bound(low, 0)
            return Array(list[start..<max(start, bound(high, list.count))])
        }
    }

    private static func below(_ value: Value) -> [Value] {
        let children: [Value]
        switch value {
        case .object(let object): children = object.map(\.value)
        case .array(let elements): children = elements
        default: children = []
        }
        return children.flatMap { [$0] + below($0) }
    }

    private static func shown(_ value: Value) -> String {
        switch value {
        case .string(let text): text.string
        case .null: ""
        default: JSON.text(value).string
        }
    }
}
