import Document

extension Parser {
    // MARK: - Pipelines

    mutating func pipeline(_ context: String, _ end: Token.Kind) throws(ParseFailure) -> Node.Index {
        depth += 1
        defer { depth -= 1 }
        if depth > Parser.maximumDepth { throw failure("parentheses nest deeper than \(Parser.maximumDepth)") }
        let pipe = syntax.add(Node(.pipe, peekNonSpace().span))
        let mark = variables.count
        let names = try declarations(of: pipe, context)
        var last = Node.none
        while true {
            let token = nextNonSpace()
            switch token.kind {
            case end:
                try check(pipe, context)
                declare(names, in: pipe, from: mark)
                return pipe
            case .bool, .charConstant, .complex, .dot, .field, .identifier, .number, .nil, .rawString, .string,
                .variable, .leftParen:
                backup()
                syntax.append(try command(), below: pipe, after: &last)
            default: throw unexpected(token, context)
            }
        }
    }

    /// Reads `$x :=`, `$x =` and, in a range, `$i, $x :=`; the names count for the parser at once.
    private mutating func declarations(
        of pipe: Node.Index, _ context: String
    ) throws(ParseFailure) -> [Token] {
        var names: [Token] = []
        while true {
            let variable = peekNonSpace()
            guard variable.kind == .variable else { return names }
            let start = position
            _ = next()
            let following = peekNonSpace()
            if following.kind == .assign || following.kind == .declare {
                syntax.change(pipe) { $0.flag = following.kind == .assign }
                _ = nextNonSpace()
                note(variable, &names)
                return names
            }
            if following.kind == .char, source.text(following.span).elementsEqual(",".utf8) {
                _ = nextNonSpace()
                note(variable, &names)
                try checkSecondName(names.count, context)
                continue
            }
            position = start
            return names
        }
    }

    private mutating func note(_ variable: Token, _ names: inout [Token]) {
        names.append(variable)
        let name = Text(bytes: source.text(variable.span))
        variables.append(Variable(name: name, slot: variables.count, isAlive: false))
    }

    private mutating func checkSecondName(_ count: Int, _ context: String) throws(ParseFailure) {
        guard context == "range", count < 2 else { throw failure("too many declarations in \(context)") }
        switch peekNonSpace().kind {
        case .variable, .rightDelimiter, .rightParen: return
        default: throw failure("range can only initialize variables")
        }
    }

    /// Gives the names of a finished pipeline their places in the frame.
    private mutating func declare(_ names: [Token], in pipe: Node.Index, from mark: Int) {
        var last = Node.none
        for (index, token) in names.enumerated() {
            let name = Text(bytes: source.text(token.span))
            let slot: Int?
            if syntax[pipe].flag {
                slot = liveSlot(of: name)
            } else {
                variables[mark + index].isAlive = true
                slot = variables[mark + index].slot
                variableCount = max(variableCount, mark + index + 1)
            }
            let variable = add(variable: name, token.span, slot)
            if last == Node.none { syntax.change(pipe) { $0.second = variable } }
            if last != Node.none { syntax.change(last) { $0.next = variable } }
            last = variable
        }
        syntax.change(pipe) { $0.third = Node.Index(truncatingIfNeeded: names.count) }
    }

    private mutating func add(variable name: Text, _ span: Span, _ slot: Int?) -> Node.Index {
        var node = Node(.variable, span)
        node.first = slot.map { Node.Index(truncatingIfNeeded: $0) } ?? Node.none
        (node.second, node.third) = (syntax.add(name), 1)
        return syntax.add(node)
    }

    private func liveSlot(of name: Text) -> Int? {
        variables.last { $0.isAlive && $0.name == name }?.slot
    }

    private func check(_ pipe: Node.Index, _ context: String) throws(ParseFailure) {
        let first = syntax[pipe].first
        if first == Node.none { throw failure("missing value for \(context)") }
        // Only the first command of a pipeline can start with an operand that cannot be executed.
        var next = syntax[first].next
        var stage = 2
        while next != Node.none {
            let command = syntax[next]
            if syntax[command.first].isConstant { throw failure("non executable command in pipeline stage \(stage)") }
            (next, stage) = (command.next, stage + 1)
        }
    }

    // MARK: - Commands

    private mutating func command() throws(ParseFailure) -> Node.Index {
        let command = syntax.add(Node(.command, peekNonSpace().span))
        var last = Node.none
        var count: Node.Index = 0
        reading: while true {
            _ = peekNonSpace()
            if let operand = try operand() {
                syntax.append(operand, below: command, after: &last)
                count += 1
            }
            let token = next()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParen:
                backup()
                break reading
            case .pipe: break reading
            default: throw unexpected(token, "operand")
            }
        }
        if count == 0 { throw failure("empty command") }
        syntax.change(command) { $0.third = count }
        return command
    }

    private mutating func operand() throws(ParseFailure) -> Node.Index? {
        guard let term = try term() else { return nil }
        guard peek().kind == .field else { return term }
        // The place of a chain is its first further field, as in Go.
        let place = peek().span
        switch syntax[term].kind {
        case .field, .variable:
            // Its own names were the last texts to be noted, so that these follow them.
            let count = fields().count
            syntax.change(term) { node in
                node.span = place
                node.third += count
            }
            return term
        case .bool, .string, .number, .nil, .dot:
            _ = fields()
            throw failure("unexpected . after term " + Quoting.string(Text(syntax.operand(syntax[term]))))
        default:
            var chain = Node(.chain, place)
            chain.first = term
            (chain.second, chain.third) = fields()
            return syntax.add(chain)
        }
    }

    /// Reads the fields that follow: where their names stand, and how many there are.
    private mutating func fields() -> (first: Node.Index, count: Node.Index) {
        var found: (first: Node.Index, count: Node.Index) = (Node.none, 0)
        while peek().kind == .field {
            let token = next()
            let name = syntax.add(source.fieldName(token.span))
            if found.count == 0 { found.first = name }
            found.count += 1
        }
        return found
    }

    private mutating func term() throws(ParseFailure) -> Node.Index? {
        let token = nextNonSpace()
        switch token.kind {
        case .dot: return syntax.add(Node(.dot, token.span))
        case .nil: return syntax.add(Node(.nil, token.span))
        case .variable: return try use(token)
        case .leftParen: return try pipeline("parenthesized pipeline", .rightParen)
        case .identifier, .field, .bool, .charConstant, .complex, .number, .string, .rawString:
            return try constantOrName(token)
        default:
            backup()
            return nil
        }
    }

    private mutating func constantOrName(_ token: Token) throws(ParseFailure) -> Node.Index {
        let bytes = source.text(token.span)
        var node: Node
        switch token.kind {
        case .identifier:
            guard let function = bytes.withUnsafeBufferPointer({ functions.function(named: $0) }) else {
                throw failure("function \(Quoting.string(bytes)) not defined")
            }
            function.preparation?()
            node = Node(.function, token.span)
            node.second = syntax.add(function)
        case .field:
            node = Node(.field, token.span)
            (node.second, node.third) = (syntax.add(source.fieldName(token.span)), 1)
        case .bool:
            node = Node(.bool, token.span)
            node.flag = bytes.count == 4
        case .string, .rawString:
            node = Node(.string, token.span)
            node.second = syntax.add(try unquoted(token))
        default:
            node = Node(.number, token.span)
            node.second = syntax.add(try number(token))
        }
        return syntax.add(node)
    }

    private mutating func use(_ token: Token) throws(ParseFailure) -> Node.Index {
        let name = Text(bytes: source.text(token.span))
        guard variables.contains(where: { $0.name == name }) else {
            throw failure("undefined variable " + Quoting.string(name))
        }
        return add(variable: name, token.span, liveSlot(of: name))
    }

    private func number(_ token: Token) throws(ParseFailure) -> NumberLiteral {
        do {
            return try NumberLiteral(source.text(token.span), token.kind)
        } catch {
            throw failure(error.message)
        }
    }
}
