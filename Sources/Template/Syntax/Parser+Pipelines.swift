import Document

extension Parser {
    // MARK: - Pipelines

    mutating func pipeline(_ context: String, _ end: Token.Kind) throws(ParseFailure) -> PipeNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Parser.maximumDepth { throw failure("parentheses nest deeper than \(Parser.maximumDepth)") }
        let pipe = PipeNode(tree, peekNonSpace().span)
        let mark = variables.count
        let names = try declarations(of: pipe, context)
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
                pipe.commands.append(try command())
            default: throw unexpected(token, context)
            }
        }
    }

    /// Reads `$x :=`, `$x =` and, in a range, `$i, $x :=`; the names count for the parser at once.
    private mutating func declarations(of pipe: PipeNode, _ context: String) throws(ParseFailure) -> [Token] {
        var names: [Token] = []
        while true {
            let variable = peekNonSpace()
            guard variable.kind == .variable else { return names }
            _ = next()
            // Blanks are tokens, so that telling "$x foo" from "$x :=" takes three tokens.
            let after = peek()
            let following = peekNonSpace()
            if following.kind == .assign || following.kind == .declare {
                pipe.isAssignment = following.kind == .assign
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
            if after.kind == .space { backup(variable, after) } else { backup(variable) }
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
    private mutating func declare(_ names: [Token], in pipe: PipeNode, from mark: Int) {
        for (index, token) in names.enumerated() {
            let name = Text(bytes: source.text(token.span))
            let slot: Int?
            if pipe.isAssignment {
                slot = liveSlot(of: name)
            } else {
                variables[mark + index].isAlive = true
                slot = variables[mark + index].slot
                tree.variableCount = max(tree.variableCount, mark + index + 1)
            }
            pipe.declarations.append(VariableNode(tree, token.span, name, [], slot: slot))
        }
    }

    private func liveSlot(of name: Text) -> Int? {
        variables.last { $0.isAlive && $0.name == name }?.slot
    }

    private func check(_ pipe: PipeNode, _ context: String) throws(ParseFailure) {
        if pipe.commands.isEmpty { throw failure("missing value for \(context)") }
        // Only the first command of a pipeline can start with an operand that cannot be executed.
        for (index, command) in pipe.commands.enumerated().dropFirst() {
            switch command.operands.first {
            case .bool, .dot, .nil, .number, .string:
                throw failure("non executable command in pipeline stage \(index + 1)")
            default: continue
            }
        }
    }

    // MARK: - Commands

    private mutating func command() throws(ParseFailure) -> CommandNode {
        let command = CommandNode(tree, peekNonSpace().span)
        reading: while true {
            _ = peekNonSpace()
            if let operand = try operand() { command.operands.append(operand) }
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
        if command.operands.isEmpty { throw failure("empty command") }
        return command
    }

    private mutating func operand() throws(ParseFailure) -> Operand? {
        guard let term = try term() else { return nil }
        guard peek().kind == .field else { return term }
        // The place of a chain is its first further field, as in Go.
        let place = peek().span
        var names: [Text] = []
        while peek().kind == .field { names.append(fieldName(next())) }
        switch term {
        case .field(let node): return .field(FieldNode(tree, place, node.names + names))
        case .variable(let node):
            return .variable(VariableNode(tree, place, node.name, names, slot: node.slot))
        case .bool, .string, .number, .nil, .dot:
            throw failure("unexpected . after term " + Quoting.string(Text(term.text)))
        default: return .chain(ChainNode(tree, place, term, names))
        }
    }

    private func fieldName(_ token: Token) -> Text { Text(bytes: source.text(token.span).dropFirst()) }

    private mutating func term() throws(ParseFailure) -> Operand? {
        let token = nextNonSpace()
        let bytes = source.text(token.span)
        switch token.kind {
        case .identifier:
            guard let function = functions.function(named: Text(bytes: bytes)) else {
                throw failure("function \(Quoting.string(bytes)) not defined")
            }
            return .function(FunctionNode(tree, token.span, function))
        case .dot: return .dot(WordNode(tree, token.span, "."))
        case .nil: return .nil(WordNode(tree, token.span, "nil"))
        case .variable: return .variable(try use(token))
        case .field: return .field(FieldNode(tree, token.span, [fieldName(token)]))
        case .bool: return .bool(BoolNode(tree, token.span, bytes.count == 4))
        case .charConstant, .complex, .number: return .number(try number(token))
        case .leftParen: return .pipe(try pipeline("parenthesized pipeline", .rightParen))
        case .string, .rawString: return .string(StringNode(tree, token.span, try unquoted(token)))
        default:
            backup()
            return nil
        }
    }

    private func use(_ token: Token) throws(ParseFailure) -> VariableNode {
        let name = Text(bytes: source.text(token.span))
        guard variables.contains(where: { $0.name == name }) else {
            throw failure("undefined variable " + Quoting.string(name))
        }
        return VariableNode(tree, token.span, name, [], slot: liveSlot(of: name))
    }

    private func number(_ token: Token) throws(ParseFailure) -> NumberNode {
        do {
            return NumberNode(tree, token.span, try NumberLiteral(source.text(token.span), token.kind))
        } catch {
            throw failure(error.message)
        }
    }
}
