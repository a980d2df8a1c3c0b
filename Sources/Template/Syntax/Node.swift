import Document

/// A node of a parsed template: a span of its source, which error texts and the source map lead back to.
class Node {
    let span: Span
    unowned let tree: Tree

    init(_ tree: Tree, _ span: Span) {
        self.tree = tree
        self.span = span
    }

    /// The node in Go's canonical spelling, as error texts show it.
    var text: String { "" }
}

/// One named template: a file, or what `define` and `block` name.
final class Tree {
    /// The name that `include` and `template` know.
    let name: Text
    let source: Source
    var root: ListNode?
    /// How many variables are alive at once at most, `$` among them.
    var variableCount = 1

    init(name: Text, source: Source) {
        self.name = name
        self.source = source
    }

    /// Whether nothing but blank text stands in the template: such a one never replaces another of its name.
    var isEmpty: Bool { root?.statements.allSatisfy { $0.isBlank } ?? true }
}

/// A list of statements.
final class ListNode: Node {
    var statements: [Statement] = []

    override var text: String { statements.map { $0.node.text }.joined() }
}

/// What stands between texts.
enum Statement {
    case text(TextNode)
    case action(ActionNode)
    case branch(BranchNode)
    case range(RangeNode)
    case template(TemplateNode)
    case `break`(WordNode)
    case `continue`(WordNode)

    var node: Node {
        switch self {
        case .text(let node): node
        case .action(let node): node
        case .branch(let node): node
        case .range(let node): node
        case .template(let node): node
        case .break(let node), .continue(let node): node
        }
    }

    var isBlank: Bool {
        guard case .text(let node) = self else { return false }
        let bytes = node.tree.source.text(node.span)
        // What starts with a visible letter needs no decoding.
        if let first = bytes.first(where: { !Lexer.isSpace($0) }), (0x21..<0x7F).contains(first) { return false }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy(GoUnicode.isSpace)
    }
}

/// Text that is written as it stands.
final class TextNode: Node {
    override var text: String { String(decoding: tree.source.text(span), as: UTF8.self) }
}

/// `{{ pipeline }}`
final class ActionNode: Node {
    let pipe: PipeNode

    init(_ tree: Tree, _ span: Span, _ pipe: PipeNode) {
        self.pipe = pipe
        super.init(tree, span)
    }

    override var text: String { "{{\(pipe.text)}}" }
}

/// `{{ if }}` and `{{ with }}`
final class BranchNode: Node {
    enum Word: String { case `if`, with }

    let word: Word
    let pipe: PipeNode
    let list: ListNode
    let elseList: ListNode?

    init(_ tree: Tree, _ span: Span, _ word: Word, _ pipe: PipeNode, _ list: ListNode, _ elseList: ListNode?) {
        self.word = word
        self.pipe = pipe
        self.list = list
        self.elseList = elseList
        super.init(tree, span)
    }

    override var text: String { controlText(word.rawValue, pipe, list, elseList) }
}

/// `{{ range }}`
final class RangeNode: Node {
    let pipe: PipeNode
    let list: ListNode
    let elseList: ListNode?

    init(_ tree: Tree, _ span: Span, _ pipe: PipeNode, _ list: ListNode, _ elseList: ListNode?) {
        self.pipe = pipe
        self.list = list
        self.elseList = elseList
        super.init(tree, span)
    }

    override var text: String { controlText("range", pipe, list, elseList) }
}

private func controlText(_ word: String, _ pipe: PipeNode, _ list: ListNode, _ elseList: ListNode?) -> String {
    let end = elseList.map { "{{else}}\($0.text){{end}}" } ?? "{{end}}"
    return "{{\(word) \(pipe.text)}}\(list.text)\(end)"
}

/// `{{ template "name" pipeline }}`
final class TemplateNode: Node {
    let name: Text
    let pipe: PipeNode?

    init(_ tree: Tree, _ span: Span, _ name: Text, _ pipe: PipeNode?) {
        self.name = name
        self.pipe = pipe
        super.init(tree, span)
    }

    override var text: String {
        "{{template \(Quoting.string(name))" + (pipe.map { " \($0.text)" } ?? "") + "}}"
    }
}

/// `{{ break }}`, `{{ continue }}`, `.` and `nil`: nodes that are only a word.
final class WordNode: Node {
    private let word: String

    init(_ tree: Tree, _ span: Span, _ word: String) {
        self.word = word
        super.init(tree, span)
    }

    override var text: String { word }
}
