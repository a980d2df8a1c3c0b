/// A node of a parsed template: numbers only, so that the thousands of a chart lie in one array for each source and cost
/// next to nothing to make, to pass on and to throw away.
struct Node: Sendable {
    enum Kind: UInt8, Sendable {
        /// Statements in a row.
        case list
        case text, action, `if`, with, range, template, `break`, `continue`
        /// Commands in a row, whose value may be declared or assigned.
        case pipe
        /// A function, field, method or value with its arguments.
        case command
        case dot, `nil`, bool, number, string
        /// `.a.b`
        case field
        /// `$`, `$x` and `$x.a.b`
        case variable
        /// Fields of anything that is no field or variable itself, as `(pipeline).a.b`.
        case chain
        /// The name of a function.
        case function
    }

    /// The place of a node in the array of its source.
    typealias Index = Int32

    /// The index of no node.
    static var none: Index { -1 }

    let kind: Kind
    /// The value of a `bool`; whether a `pipe` assigns to variables that are there already.
    var flag = false
    /// The bytes of the source that error texts and the source map lead back to.
    var span: Span
    /// What follows in a list of statements, a pipeline, a command or a declaration.
    var next = Node.none
    /// The first statement of a `list`, command of a `pipe` or operand of a `command`; the pipeline of an action or
    /// control; the operand of a `chain`; the place in the frame of a `variable` (none where Go's parser lets it pass
    /// but no such variable lives then).
    var first = Node.none
    /// The list of a control; the first declaration of a `pipe`; where the names of a `field`, `variable`, `chain`,
    /// `template` or the value of a `string`, `number` or `function` stand in their array.
    var second = Node.none
    /// The list behind `else`; the number of a pipe's declarations, a command's operands, a node's names.
    var third = Node.none

    init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }

    /// Whether this is a constant or the dot, which only the first command of a pipeline may be.
    var isConstant: Bool { kind.rawValue >= Kind.dot.rawValue && kind.rawValue <= Kind.string.rawValue }
}
