import Document

/// What is wrong with a template's syntax, and on which line.
public struct ParseFailure: Error {
    /// The file or string that is malformed.
    public let source: Source
    /// The line of the last token read, from 1; Go knows no column here.
    public let line: Int
    /// The place of that token.
    public let span: Span
    /// What is wrong, in Go's words.
    public let message: String
}

/// Reads one source into its named templates, by the rules of Go's text/template/parse.
struct Parser {
    let source: Source
    let functions: FunctionTable
    private let tokens: ContiguousArray<Token>
    /// What is wrong where a token is an error.
    private let fault: String?
    /// The token that comes next.
    var position = 0
    /// The last token that was looked at: Go's parser has its faults there.
    private var furthest = 0
    /// What has been read.
    var syntax: Syntax
    /// The templates that the source defines, by name.
    private var drafts = TextTable<SourceTemplates.Draft>()
    /// How many variables of the template being read are alive at once at most, `$` among them.
    var variableCount = 1
    var variables: [Variable] = [Variable(name: "$", slot: 0, isAlive: true)]
    var rangeDepth = 0
    /// The first token of the action being read.
    var action: Token?
    /// How deep lists and parentheses nest, which the parser's own recursion has to bound.
    var depth = 0

    /// A name that Go's parser has seen, and its place in the frame while a variable of it lives.
    struct Variable {
        var name: Text
        var slot: Int
        var isAlive: Bool
    }

    private init(_ source: Source, _ functions: FunctionTable) {
        self.source = source
        self.functions = functions
        (tokens, fault) = Lexer.tokens(of: source.bytes)
        syntax = Syntax(source)
    }

    /// The templates of `source`: the one named like it, and those that it defines.
    static func parse(_ source: Source, functions: FunctionTable) throws(ParseFailure) -> [Tree] {
        var parser = Parser(source, functions)
        let templates = try parser.templates()
        guard let trees = templates.trees(of: source) else { throw parser.multipleDefinition(of: source.name) }
        return trees
    }

    /// What a text holds, whatever its file may be called; nil where it is no template.
    static func read(_ bytes: [UInt8]) -> SourceTemplates? {
        var parser = Parser(Source(name: "", bytes: bytes), .helm)
        return try? parser.templates()
    }

    // MARK: - Tokens

    // These are called more often than all else of the parser.

    /// The next token; behind the end, the end.
    @inline(__always)
    mutating func next() -> Token {
        let token = peek()
        position += 1
        return token
    }

    @inline(__always)
    mutating func peek() -> Token {
        let index = min(position, tokens.count - 1)
        if index > furthest { furthest = index }
        return tokens[index]
    }

    mutating func backup() { position -= 1 }

    mutating func nextNonSpace() -> Token {
        var token = next()
        while token.kind == .space { token = next() }
        return token
    }

    mutating func peekNonSpace() -> Token {
        let token = nextNonSpace()
        backup()
        return token
    }

    mutating func expect(_ kind: Token.Kind, _ context: String) throws(ParseFailure) -> Token {
        let token = nextNonSpace()
        guard token.kind == kind else { throw unexpected(token, context) }
        return token
    }

    // MARK: - Failures

    /// The line, from 1, on which a token starts; only failures ask for it.
    private func line(of token: Token) -> Int { source.position(of: token.span.start).line }

    func failure(_ message: String) -> ParseFailure {
        let last = tokens[furthest]
        return ParseFailure(source: source, line: line(of: last), span: last.span, message: message)
    }

    func unexpected(_ token: Token, _ context: String) -> ParseFailure {
        guard token.kind == .error, let fault else {
            return failure("unexpected \(words(token)) in \(context)")
        }
        var extra = ""
        if let action, line(of: action) != line(of: token) {
            extra = " in action started at \(source.name.string):\(line(of: action))"
            if fault.hasSuffix(" action") { extra = String(extra.dropFirst(" in action".count)) }
        }
        return failure(fault + extra)
    }

    /// The token as Go's error texts show it.
    private func words(_ token: Token) -> String {
        let bytes = source.text(token.span)
        if token.kind == .endOfFile { return "EOF" }
        if token.kind.isKeyword { return "<\(String(decoding: bytes, as: UTF8.self))>" }
        let text = Text(bytes: bytes)
        guard text.count > 10 else { return Quoting.string(text) }
        // %.10q counts runes.
        return Quoting.string(Array(String(text.string.unicodeScalars.prefix(10)).utf8)) + "..."
    }

    // MARK: - Templates

    private mutating func templates() throws(ParseFailure) -> SourceTemplates {
        let root = syntax.add(Node(.list, peek().span))
        var last = Node.none
        while peek().kind != .endOfFile {
            if peek().kind == .leftDelimiter {
                let delimiter = position
                _ = next()
                if nextNonSpace().kind == .define {
                    try definition()
                    continue
                }
                position = delimiter
            }
            switch try textOrAction() {
            case .statement(let statement): syntax.append(statement, below: root, after: &last)
            case .end: throw failure("unexpected {{end}}")
            case .else: throw failure("unexpected {{else}}")
            }
        }
        return SourceTemplates(syntax: syntax, defined: drafts, own: draft(root))
    }

    private mutating func definition() throws(ParseFailure) {
        let context = "define clause"
        let token = nextNonSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, context) }
        let name = try unquoted(token)
        _ = try expect(.rightDelimiter, context)
        try nested(named: name, context)
    }

    /// Reads the body of `define` or `block` into a template of its own.
    mutating func nested(named name: Text, _ context: String) throws(ParseFailure) {
        let outer = (variableCount, variables, rangeDepth, action)
        // Also after a failure: the controls around take their own variables away.
        defer { (variableCount, variables, rangeDepth, action) = outer }
        variableCount = 1
        variables = [Variable(name: "$", slot: 0, isAlive: true)]
        rangeDepth = 0
        action = nil
        let (list, end) = try itemList()
        if end == .else { throw failure("unexpected {{else}} in \(context)") }
        try add(name, list)
    }

    private func draft(_ root: Node.Index) -> SourceTemplates.Draft {
        SourceTemplates.Draft(root: root, variableCount: variableCount, isEmpty: syntax.isBlank(root))
    }

    private mutating func add(_ name: Text, _ root: Node.Index) throws(ParseFailure) {
        let new = draft(root)
        guard let old = drafts[name], !old.isEmpty else {
            return drafts.set(name, new)
        }
        if !new.isEmpty { throw multipleDefinition(of: name) }
    }

    private func multipleDefinition(of name: Text) -> ParseFailure {
        failure("template: multiple definition of template " + Quoting.string(name))
    }

    func unquoted(_ token: Token) throws(ParseFailure) -> Text {
        guard let text = Unquote.text(source.text(token.span)) else { throw failure("invalid syntax") }
        return text
    }
}
