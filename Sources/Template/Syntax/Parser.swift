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
    var lexer: Lexer
    /// The tokens read ahead, last one first; `tokens[0]` is always the last token that the lexer gave.
    var tokens: [Token]
    var peekCount = 0
    /// The templates of the source by name: the file itself and what it defines.
    var trees: [Text: Tree] = [:]
    /// The template being read.
    var tree: Tree
    var variables: [Variable] = [Variable(name: "$", slot: 0, isAlive: true)]
    var rangeDepth = 0
    var actionLine = 0
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
        lexer = Lexer(source.bytes)
        let none = Token(kind: .endOfFile, start: 0, end: 0, line: 1)
        tokens = [none, none, none]
        tree = Tree(name: source.name, source: source)
    }

    /// The templates of `source`: the one named like it, and those that it defines.
    static func parse(_ source: Source, functions: FunctionTable) throws(ParseFailure) -> [Text: Tree] {
        var parser = Parser(source, functions)
        try parser.parseFile()
        return parser.trees
    }

    // MARK: - Tokens

    mutating func next() -> Token {
        if peekCount > 0 { peekCount -= 1 } else { tokens[0] = lexer.next() }
        return tokens[peekCount]
    }

    mutating func peek() -> Token {
        if peekCount > 0 { return tokens[peekCount - 1] }
        peekCount = 1
        tokens[0] = lexer.next()
        return tokens[0]
    }

    mutating func backup() { peekCount += 1 }

    mutating func backup(_ first: Token) {
        tokens[1] = first
        peekCount = 2
    }

    mutating func backup(_ first: Token, _ second: Token) {
        tokens[1] = second
        tokens[2] = first
        peekCount = 3
    }

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

    func failure(_ message: String) -> ParseFailure {
        ParseFailure(source: source, line: tokens[0].line, span: tokens[0].span, message: message)
    }

    func unexpected(_ token: Token, _ context: String) -> ParseFailure {
        guard token.kind == .error, let fault = lexer.fault else {
            return failure("unexpected \(words(token)) in \(context)")
        }
        var extra = ""
        if actionLine != 0, actionLine != token.line {
            extra = " in action started at \(source.name.string):\(actionLine)"
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

    private mutating func parseFile() throws(ParseFailure) {
        let root = ListNode(tree, peek().span)
        while peek().kind != .endOfFile {
            if peek().kind == .leftDelimiter {
                let delimiter = next()
                if nextNonSpace().kind == .define {
                    try definition()
                    continue
                }
                backup(delimiter)
            }
            switch try textOrAction() {
            case .statement(let statement): root.statements.append(statement)
            case .end: throw failure("unexpected {{end}}")
            case .else: throw failure("unexpected {{else}}")
            }
        }
        tree.root = root
        try add(tree)
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
        let outer = (tree, variables, rangeDepth, actionLine)
        tree = Tree(name: name, source: source)
        variables = [Variable(name: "$", slot: 0, isAlive: true)]
        rangeDepth = 0
        actionLine = 0
        let (list, end) = try itemList()
        if end == .else { throw failure("unexpected {{else}} in \(context)") }
        tree.root = list
        try add(tree)
        (tree, variables, rangeDepth, actionLine) = outer
    }

    private mutating func add(_ new: Tree) throws(ParseFailure) {
        guard let old = trees[new.name], !old.isEmpty else {
            trees[new.name] = new
            return
        }
        if !new.isEmpty {
            throw failure("template: multiple definition of template " + Quoting.string(new.name))
        }
    }

    func unquoted(_ token: Token) throws(ParseFailure) -> Text {
        guard let bytes = Unquote.string(source.text(token.span)) else { throw failure("invalid syntax") }
        return Text(bytes: bytes)
    }
}
