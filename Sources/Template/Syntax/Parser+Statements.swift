import Document

extension Parser {
    /// What `textOrAction` found.
    enum Item {
        case statement(Node.Index)
        case end
        case `else`
    }

    /// How a list ended.
    enum ListEnd { case end, `else` }

    static var maximumDepth: Int { 1_000 }

    mutating func itemList() throws(ParseFailure) -> (Node.Index, ListEnd) {
        depth += 1
        defer { depth -= 1 }
        if depth > Parser.maximumDepth { throw failure("lists nest deeper than \(Parser.maximumDepth)") }
        let list = syntax.add(Node(.list, peekNonSpace().span))
        var last = Node.none
        while peekNonSpace().kind != .endOfFile {
            switch try textOrAction() {
            case .statement(let statement): syntax.append(statement, below: list, after: &last)
            case .end: return (list, .end)
            case .else: return (list, .else)
            }
        }
        throw failure("unexpected EOF")
    }

    mutating func textOrAction() throws(ParseFailure) -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .text: return .statement(syntax.add(Node(.text, token.span)))
        case .leftDelimiter:
            action = token
            let item = try actionOrControl()
            action = nil
            return item
        default: throw unexpected(token, "input")
        }
    }

    private mutating func actionOrControl() throws(ParseFailure) -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .block: return .statement(try block())
        case .break: return .statement(try leave(token, .break, "{{break}}"))
        case .continue: return .statement(try leave(token, .continue, "{{continue}}"))
        case .else: return try elseControl()
        case .end:
            _ = try expect(.rightDelimiter, "end")
            return .end
        case .if: return .statement(try control(.if, "if"))
        case .with: return .statement(try control(.with, "with"))
        case .range: return .statement(try control(.range, "range"))
        case .template: return .statement(try template())
        default:
            backup()
            // Variables persist until "end".
            let first = peek()
            var node = Node(.action, first.span)
            node.first = try pipeline("command", .rightDelimiter)
            return .statement(syntax.add(node))
        }
    }

    private mutating func leave(
        _ token: Token, _ kind: Node.Kind, _ word: String
    ) throws(ParseFailure) -> Node.Index {
        let after = nextNonSpace()
        guard after.kind == .rightDelimiter else { throw unexpected(after, word) }
        if rangeDepth == 0 { throw failure("\(word) outside {{range}}") }
        return syntax.add(Node(kind, token.span))
    }

    private mutating func elseControl() throws(ParseFailure) -> Item {
        // "{{else if" and "{{else with" are read as "{{else}}{{if" and "{{else}}{{with".
        let token = peekNonSpace()
        if token.kind == .if || token.kind == .with { return .else }
        _ = try expect(.rightDelimiter, "else")
        return .else
    }

    // MARK: - Controls

    private mutating func control(_ kind: Node.Kind, _ context: String) throws(ParseFailure) -> Node.Index {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        let pipe = try pipeline(context, .rightDelimiter)
        let inner = variables.count
        if kind == .range { rangeDepth += 1 }
        let (list, end) = try itemList()
        if kind == .range { rangeDepth -= 1 }
        var node = Node(kind, syntax[pipe].span)
        (node.first, node.second) = (pipe, list)
        if end == .else {
            // Go's parser still knows the names that the first list declared, but they do not live here.
            for index in inner..<variables.count { variables[index].isAlive = false }
            node.third = try elseBranch(context)
        }
        return syntax.add(node)
    }

    private mutating func elseBranch(_ context: String) throws(ParseFailure) -> Node.Index {
        let token = peek()
        if context == "if" && token.kind == .if || context == "with" && token.kind == .with {
            _ = next()
            depth += 1
            defer { depth -= 1 }
            if depth > Parser.maximumDepth { throw failure("lists nest deeper than \(Parser.maximumDepth)") }
            var list = Node(.list, token.span)
            list.first = try control(token.kind == .if ? .if : .with, context)
            return syntax.add(list)
        }
        let (list, end) = try itemList()
        if end == .else { throw failure("expected end; found {{else}}") }
        return list
    }

    // MARK: - Templates

    private mutating func block() throws(ParseFailure) -> Node.Index {
        let context = "block clause"
        let token = nextNonSpace()
        let name = try templateName(token, context)
        let pipe = try pipeline(context, .rightDelimiter)
        try nested(named: name, context)
        return call(name, token, pipe)
    }

    private mutating func template() throws(ParseFailure) -> Node.Index {
        let context = "template clause"
        let token = nextNonSpace()
        let name = try templateName(token, context)
        if nextNonSpace().kind == .rightDelimiter { return call(name, token, Node.none) }
        backup()
        return call(name, token, try pipeline(context, .rightDelimiter))
    }

    private mutating func call(_ name: Text, _ token: Token, _ pipe: Node.Index) -> Node.Index {
        var node = Node(.template, token.span)
        (node.first, node.second) = (pipe, syntax.add(name))
        return syntax.add(node)
    }

    private mutating func templateName(_ token: Token, _ context: String) throws(ParseFailure) -> Text {
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, context) }
        return try unquoted(token)
    }
}
