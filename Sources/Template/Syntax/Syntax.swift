import Document

/// The nodes of one source, and what they name.
struct Syntax: Sendable {
    private(set) var source: Source
    private(set) var nodes: ContiguousArray<Node> = []
    /// Names of fields, variables and templates, and the values of strings.
    private(set) var texts: ContiguousArray<Text> = []
    private(set) var numbers: [NumberLiteral] = []
    private(set) var functions: ContiguousArray<Function> = []

    init(_ source: Source) {
        self.source = source
        // About what a template has; the arrays grow where it has more.
        nodes.reserveCapacity(source.bytes.count / 12)
        texts.reserveCapacity(source.bytes.count / 32)
    }

    /// The same syntax of the same bytes under their name.
    func named(_ source: Source) -> Syntax {
        var syntax = self
        syntax.source = source
        return syntax
    }

    subscript(index: Node.Index) -> Node { nodes[Int(index)] }

    /// The names of a field, variable or chain.
    func names(of node: Node) -> ArraySlice<Text> { texts[Int(node.second)..<Int(node.second + node.third)] }

    /// The one name, or the value, of a string, variable or template.
    func name(of node: Node) -> Text { texts[Int(node.second)] }

    func number(of node: Node) -> NumberLiteral { numbers[Int(node.second)] }

    func function(of node: Node) -> Function { functions[Int(node.second)] }

    /// The first node of a row and those that follow it.
    func row(from first: Node.Index) -> some Sequence<Node> {
        sequence(state: first) { index -> Node? in
            guard index != Node.none else { return nil }
            let node = self[index]
            index = node.next
            return node
        }
    }

    // MARK: - Making

    mutating func add(_ node: Node) -> Node.Index {
        nodes.append(node)
        return Node.Index(truncatingIfNeeded: nodes.count - 1)
    }

    /// Changes a node that is there.
    mutating func change(_ index: Node.Index, _ body: (inout Node) -> Void) { body(&nodes[Int(index)]) }

    /// Sets a node behind `last`, or first below `parent`, and makes it the last one.
    mutating func append(_ index: Node.Index, below parent: Node.Index, after last: inout Node.Index) {
        if last == Node.none { nodes[Int(parent)].first = index } else { nodes[Int(last)].next = index }
        last = index
    }

    mutating func add(_ text: Text) -> Node.Index {
        texts.append(text)
        return Node.Index(truncatingIfNeeded: texts.count - 1)
    }

    mutating func add(_ number: NumberLiteral) -> Node.Index {
        numbers.append(number)
        return Node.Index(truncatingIfNeeded: numbers.count - 1)
    }

    mutating func add(_ function: Function) -> Node.Index {
        functions.append(function)
        return Node.Index(truncatingIfNeeded: functions.count - 1)
    }

    // MARK: - Blank texts

    /// Whether nothing but blank text stands in the list.
    func isBlank(_ list: Node.Index) -> Bool {
        var next = self[list].first
        while next != Node.none {
            let node = self[next]
            guard isBlank(node) else { return false }
            next = node.next
        }
        return true
    }

    private func isBlank(_ node: Node) -> Bool {
        guard node.kind == .text else { return false }
        let bytes = source.text(node.span)
        // What starts with a visible letter needs no decoding.
        if let first = bytes.first(where: { !Lexer.isSpace($0) }), (0x21..<0x7F).contains(first) { return false }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy(GoUnicode.isSpace)
    }
}

/// One named template: a file, or what `define` and `block` name.
final class Tree: Sendable {
    /// The name that `include` and `template` know.
    let name: Text
    let code: Code
    let root: Node.Index
    /// How many variables are alive at once at most, `$` among them.
    let variableCount: Int
    /// Whether nothing but blank text stands in the template: such a one never replaces another of its name.
    let isEmpty: Bool

    init(name: Text, code: Code, root: Node.Index, variableCount: Int, isEmpty: Bool) {
        self.name = name
        self.code = code
        self.root = root
        self.variableCount = variableCount
        self.isEmpty = isEmpty
    }
}

/// The finished syntax of a source, shared by its templates.
final class Code: Sendable {
    let syntax: Syntax

    init(_ syntax: Syntax) { self.syntax = syntax }
}
