import Document

extension Parser {
    /// What `textOrAction` found.
    enum Item {
        case statement(Statement)
        case end
        case `else`
    }

    /// How a list ended.
    enum ListEnd { case end, `else` }

    static var maximumDepth: Int { 1_000 }

    mutating func itemList() throws(ParseFailure) -> (ListNode, ListEnd) {
        depth += 1
        defer { depth -= 1 }
        if depth > Parser.maximumDepth { throw failure("lists nest deeper than \(Parser.maximumDepth)") }
        let list = ListNode(tree, peekNonSpace().span)
        while peekNonSpace().kind != .endOfFile {
            switch try textOrAction() {
            case .statement(let statement): list.statements.append(statement)
            case .end: return (list, .end)
            case .else: return (list, .else)
            }
        }
        throw failure("unexpected EOF")
    }

    mutating func textOrAction() throws(ParseFailure) -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .text: return .statement(.text(TextNode(tree, token.span)))
        case .leftDelimiter:
            actionLine = token.line
            let item = try action()
            actionLine = 0
            return item
        default: throw unexpected(token, "input")
        }
    }

    private mutating func action() throws(ParseFailure) -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .block: return .statement(try block())
        case .break: return .statement(.break(try leave(token, "{{break}}")))
        case .continue: return .statement(.continue(try leave(token, "{{continue}}")))
        case .else: return try elseControl()
        case .end:
            _ = try expect(.rightDelimiter, "end")
            return .end
        case .if: return .statement(.branch(try branch(.if, "if")))
        case .with: return .statement(.branch(try branch(.with, "with")))
        case .range: return .statement(.range(try range()))
        case .template: return .statement(try template())
        default:
            backup()
            // Variables persist until "end".
            let first = peek()
            return .statement(.action(ActionNode(tree, first.span, try pipeline("command", .rightDelimiter))))
        }
    }

    private mutating func leave(_ token: Token, _ word: String) throws(ParseFailure) -> WordNode {
        let after = nextNonSpace()
        guard after.kind == .rightDelimiter else { throw unexpected(after, word) }
        if rangeDepth == 0 { throw failure("\(word) outside {{range}}") }
        return WordNode(tree, token.span, word)
    }

    private mutating func elseControl() throws(ParseFailure) -> Item {
        // "{{else if" and "{{else with" are read as "{{else}}{{if" and "{{else}}{{with".
        let token = peekNonSpace()
        if token.kind == .if || token.kind == .with { return .else }
        _ = try expect(.rightDelimiter, "else")
        return .else
    }

    // MARK: - Controls

    private struct Control {
        var pipe: PipeNode
        var list: ListNode
        var elseList: ListNode?
    }

    private mutating func control(_ context: String) throws(ParseFailure) -> Control {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        let pipe = try pipeline(context, .rightDelimiter)
        let inner = variables.count
        if context == "range" { rangeDepth += 1 }
        let (list, end) = try itemList()
        if context == "range" { rangeDepth -= 1 }
        var elseList: ListNode?
        if end == .else {
            // Go's parser still knows the names that the first list declared, but they do not live here.
            for index in inner..<variables.count { variables[index].isAlive = false }
            elseList = try elseBranch(context)
        }
        return Control(pipe: pipe, list: list, elseList: elseList)
    }

    private mutating func elseBranch(_ context: String) throws(ParseFailure) -> ListNode {
        let token = peek()
        if context == "if" && token.kind == .if || context == "with" && token.kind == .with {
            _ = next()
            depth += 1
            defer { depth -= 1 }
            if depth > Parser.maximumDepth { throw failure("lists nest deeper than \(Parser.maximumDepth)") }
            let list = ListNode(tree, token.span)
            list.statements.append(.branch(try branch(token.kind == .if ? .if : .with, context)))
            return list
        }
        let (list, end) = try itemList()
        if end == .else { throw failure("expected end; found {{else}}") }
        return list
    }

    private mutating func branch(_ word: BranchNode.Word, _ context: String) throws(ParseFailure) -> BranchNode {
        let control = try control(context)
        return BranchNode(tree, control.pipe.span, word, control.pipe, control.list, control.elseList)
    }

    private mutating func range() throws(ParseFailure) -> RangeNode {
        let control = try control("range")
        return RangeNode(tree, control.pipe.span, control.pipe, control.list, control.elseList)
    }

    // MARK: - Templates

    private mutating func block() throws(ParseFailure) -> Statement {
        let context = "block clause"
        let token = nextNonSpace()
        let name = try templateName(token, context)
        let pipe = try pipeline(context, .rightDelimiter)
        try nested(named: name, context)
        return .template(TemplateNode(tree, token.span, name, pipe))
    }

    private mutating func template() throws(ParseFailure) -> Statement {
        let context = "template clause"
        let token = nextNonSpace()
        let name = try templateName(token, context)
        if nextNonSpace().kind == .rightDelimiter {
            return .template(TemplateNode(tree, token.span, name, nil))
        }
        backup()
        return .template(TemplateNode(tree, token.span, name, try pipeline(context, .rightDelimiter)))
    }

    private mutating func templateName(_ token: Token, _ context: String) throws(ParseFailure) -> Text {
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, context) }
        return try unquoted(token)
    }
}
