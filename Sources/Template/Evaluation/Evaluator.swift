import Document

/// What a node is evaluated in: the nodes of its source, and the dot.
struct Scope {
    let code: Code
    let dot: Slot

    subscript(index: Node.Index) -> Node { code.syntax[index] }
}

/// The operands behind the first one of a command, and the value that a pipeline hands on to it.
struct Arguments {
    let first: Node.Index
    /// How many are written, without the one handed on.
    let count: Int
    let final: Slot?

    static var none: Arguments { Arguments(first: Node.none, count: 0, final: nil) }

    var isEmpty: Bool { count == 0 && final == nil }
}

/// Executes parsed templates and writes what they print into one buffer.
///
/// One evaluator renders one chart, on one thread: the maps that templates share are changed by them.
final class Evaluator {
    /// The templates by name.
    private let templates: TextTable<Tree>
    /// What the texts of `tpl` being executed just now define, which shadows the templates.
    var overlay = TextTable<Tree>()
    let limits: Limits
    let host: Host
    /// What has been printed so far; `include` takes its part off the end.
    var output: [UInt8] = []
    /// The variables of the templates being executed, one frame after the other.
    var stack: [Slot] = []
    /// Where the frame of the current template starts.
    var base = 0
    /// The template being executed, for error texts.
    var tree: Tree
    /// The node of that template that error texts name: the last one that was looked at, as in Go.
    var node: Node.Index = 0
    var depth = 0
    var account: Account
    /// How often each name is being included just now.
    var included = TextTable<Int>()
    /// How deep `tpl` is nested just now; Go would end in a stack overflow.
    var expansions = 0
    /// Below this address the thread's stack is used up.
    private let stackFloor: UInt
    /// The parsed texts of `tpl`.
    var parsedTexts = TextTable<[Tree]>()
    /// Which node wrote from which byte of the output on; nil unless someone wants to know.
    var marks: [OutputMark]?
    /// How long each template took; nil unless someone wants to know.
    var profile: RenderProfile?

    init(
        templates: TextTable<Tree>, limits: Limits, host: Host, stackFloor: UInt,
        isCalledOff: (@Sendable () -> Bool)? = nil
    ) {
        self.templates = templates
        self.limits = limits
        self.host = host
        self.stackFloor = stackFloor
        account = Account(limits, isCalledOff)
        var nothing = Syntax(Source(name: "gotpl", bytes: []))
        let root = nothing.add(Node(.list, Span(0, 0)))
        tree = Tree(name: "gotpl", code: Code(nothing), root: root, variableCount: 1, isEmpty: true)
    }

    func template(named name: Text) -> Tree? {
        if !overlay.isEmpty, let tree = overlay[name] { return tree }
        return templates[name]
    }

    /// Runs a template by name and returns what it printed.
    func execute(_ name: Text, _ data: GoValue) throws(TemplateError) -> Text {
        guard let called = template(named: name) else {
            let words = "template: no template \(Quoting.string(name)) associated with template \"gotpl\""
            throw TemplateError(.missingTemplate, Text(words))
        }
        return try execute(called, data)
    }

    /// Runs a template and returns what it printed.
    func execute(_ called: Tree, _ data: GoValue) throws(TemplateError) -> Text {
        let start = output.count
        let marked = marks?.count ?? 0
        defer { output.removeLast(output.count - start) }
        // What an inner template wrote is a string to the outer one, whose action then writes it.
        defer { if start > 0 { marks?.removeSubrange(marked...) } }
        let outerDepth = depth
        depth = 0
        defer { depth = outerDepth }
        try run(called, Slot(data).unwrapped)
        return output.withUnsafeBufferPointer { Text(bytes: UnsafeBufferPointer(rebasing: $0[start...])) }
    }

    /// Runs a template with a frame of its own.
    func run(_ called: Tree, _ dot: Slot) throws(TemplateError) {
        if profile != nil { return try measured(called, dot) }
        try runs(called, dot)
    }

    private func measured(_ called: Tree, _ dot: Slot) throws(TemplateError) {
        let start = ContinuousClock.now
        defer { profile?.add(called.name.string, ContinuousClock.now - start) }
        try runs(called, dot)
    }

    private func runs(_ called: Tree, _ dot: Slot) throws(TemplateError) {
        let outer = (base, tree, node)
        base = stack.count
        // An error has its place already when it passes here; its outer links need the outer template.
        defer { (base, tree, node) = outer }
        stack.append(dot)
        for _ in 1..<max(1, called.variableCount) { stack.append(.invalid) }
        tree = called
        _ = try walk(called.root, Scope(code: called.code, dot: dot))
        stack.removeLast(stack.count - base)
    }

    /// Remembers the node that an error would name.
    @inline(__always)
    func at(_ node: Node.Index) { self.node = node }

    /// An error at the node looked at last.
    func failure(_ message: String, cause: TemplateError? = nil) -> TemplateError {
        failure(.execution, message, cause: cause)
    }

    func failure(
        _ code: TemplateError.Code, _ message: String, cause: TemplateError? = nil, hint: String? = nil
    ) -> TemplateError {
        let syntax = tree.code.syntax
        let place = TemplateError.Place(
            source: syntax.source, span: syntax[node].span, template: tree.name, context: syntax.text(of: node))
        return TemplateError(code, Text(message), place: place, cause: cause, hint: hint)
    }

    /// Counts a step and looks at the limits.
    @inline(__always)
    func step() throws(TemplateError) {
        account.steps &+= 1
        if account.isDue, let excess = account.excess() { throw failure(.limit, excess.words, hint: excess.hint) }
        var marker: UInt8 = 0
        let address = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
        if address < stackFloor {
            throw failure(.limit, "exceeded maximum template depth (\(limits.templateDepth))")
        }
    }
}
