import Document

/// An argument of a command.
enum Operand {
    case dot(WordNode)
    case `nil`(WordNode)
    case bool(BoolNode)
    case number(NumberNode)
    case string(StringNode)
    case field(FieldNode)
    case variable(VariableNode)
    case chain(ChainNode)
    case pipe(PipeNode)
    case function(FunctionNode)

    var node: Node {
        switch self {
        case .dot(let node), .nil(let node): node
        case .bool(let node): node
        case .number(let node): node
        case .string(let node): node
        case .field(let node): node
        case .variable(let node): node
        case .chain(let node): node
        case .pipe(let node): node
        case .function(let node): node
        }
    }

    /// The spelling inside a command or chain, where pipelines stand in parentheses.
    var text: String {
        if case .pipe(let node) = self { "(\(node.text))" } else { node.text }
    }
}

/// Commands in a row, whose value may be declared or assigned.
final class PipeNode: Node {
    var isAssignment = false
    var declarations: [VariableNode] = []
    var commands: [CommandNode] = []

    override var text: String {
        let names = declarations.map(\.text).joined(separator: ", ")
        let values = commands.map(\.text).joined(separator: " | ")
        return names.isEmpty ? values : names + (isAssignment ? " = " : " := ") + values
    }
}

/// A function, field, method or value with its arguments.
final class CommandNode: Node {
    var operands: [Operand] = []

    override var text: String { operands.map(\.text).joined(separator: " ") }
}

final class BoolNode: Node {
    let value: Bool

    init(_ tree: Tree, _ span: Span, _ value: Bool) {
        self.value = value
        super.init(tree, span)
    }

    override var text: String { value ? "true" : "false" }
}

final class NumberNode: Node {
    let number: NumberLiteral

    init(_ tree: Tree, _ span: Span, _ number: NumberLiteral) {
        self.number = number
        super.init(tree, span)
    }

    override var text: String { number.text }
}

final class StringNode: Node {
    let value: Text

    init(_ tree: Tree, _ span: Span, _ value: Text) {
        self.value = value
        super.init(tree, span)
    }

    override var text: String { String(decoding: tree.source.text(span), as: UTF8.self) }
}

/// `.a.b`
final class FieldNode: Node {
    let names: [Text]

    init(_ tree: Tree, _ span: Span, _ names: [Text]) {
        self.names = names
        super.init(tree, span)
    }

    override var text: String { names.map { ".\($0.string)" }.joined() }
}

/// `$`, `$x` and `$x.a.b`
final class VariableNode: Node {
    let name: Text
    let fields: [Text]
    /// The place of the variable in the frame; nil where Go's parser lets it pass but no such variable lives then.
    let slot: Int?

    init(_ tree: Tree, _ span: Span, _ name: Text, _ fields: [Text], slot: Int?) {
        self.name = name
        self.fields = fields
        self.slot = slot
        super.init(tree, span)
    }

    override var text: String { name.string + fields.map { ".\($0.string)" }.joined() }
}

/// Fields of anything that is no field or variable itself, as `(pipeline).a.b`.
final class ChainNode: Node {
    let operand: Operand
    let names: [Text]

    init(_ tree: Tree, _ span: Span, _ operand: Operand, _ names: [Text]) {
        self.operand = operand
        self.names = names
        super.init(tree, span)
    }

    override var text: String { operand.text + names.map { ".\($0.string)" }.joined() }
}

/// The name of a function, which the parser looks up.
final class FunctionNode: Node {
    let function: Function

    init(_ tree: Tree, _ span: Span, _ function: Function) {
        self.function = function
        super.init(tree, span)
    }

    override var text: String { function.name }
}
