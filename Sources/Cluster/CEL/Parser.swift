/// Reads an expression (cel-spec, "Syntax"), macros taken apart.
struct Parser {
    private let lexer: Lexer
    private let tokens: [Token]
    private var place = 0
    private var depths = [Int](repeating: 0, count: Grammar.Rule.allCases.count)
    private var count = 0
    /// What is wrong though the words stand right.
    private var faults: [CELFault] = []
    private static let longest = 100_000

    /// The words do not stand right, as `Syntax` then tells, or stand too deep in each other.
    private struct Stop: Error {
        var isTooDeep = false
    }

    private init(_ lexer: Lexer) {
        self.lexer = lexer
        tokens = lexer.tokens
    }

    static func parse(_ source: String) throws(CELFaults) -> Expression {
        let length = source.unicodeScalars.count
        guard length <= longest else {
            let text = "expression code point size exceeds limit: size: \(length), limit \(longest)"
            throw CELFaults([.nowhere(text)])
        }
        let lexer = Lexer(source)
        var parser = Parser(lexer)
        do throws(Stop) {
            let expression = try parser.conditional()
            try parser.expect(.end)
            if lexer.faults.isEmpty, parser.faults.isEmpty { return expression }
        } catch {
            // What was read before is told of too.
            let faults = error.isTooDeep ? [.tooDeep] : Syntax.faults(lexer)
            throw CELFaults(lexer.faults + faults + parser.faults)
        }
        throw CELFaults(lexer.faults + parser.faults)
    }

    /// Whether a text is one word that may be a variable.
    static func isName(_ text: String) -> Bool {
        let lexer = Lexer(text)
        return lexer.faults.isEmpty && lexer.tokens.map(\.kind) == [.identifier, .end] && !reserved.contains(text)
            && lexer.text(lexer.tokens[0]) == text
    }

    private var current: Token { tokens[min(place, tokens.count - 1)] }

    private func kind(_ distance: Int) -> Token.Kind { tokens[min(place + distance, tokens.count - 1)].kind }

    private mutating func accept(_ kind: Token.Kind) -> Bool {
        guard current.kind == kind else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ kind: Token.Kind) throws(Stop) { if !accept(kind) { throw Stop() } }

    mutating func made(_ node: Expression.Node, _ offset: Int) -> Expression {
        count += 1
        return Expression(node: node, offset: offset, number: count - 1)
    }

    mutating func refuse(_ message: String, _ offset: Int) -> Expression {
        faults.append(CELFault(offset: offset, message: message))
        return made(.literal(.null), offset)
    }

    private mutating func deepen(_ rule: Grammar.Rule) throws(Stop) {
        depths[rule.rawValue] += 1
        if depths[rule.rawValue] > Syntax.deepest { throw Stop(isTooDeep: true) }
    }

    // MARK: Operators

    private mutating func conditional() throws(Stop) -> Expression {
        try deepen(.expr)
        defer { depths[Grammar.Rule.expr.rawValue] -= 1 }
        let condition = try logical(.or)
        let offset = current.offset
        guard accept(.question) else { return condition }
        let yes = try logical(.or)
        try expect(.colon)
        let no = try conditional()
        return made(.call("_?_:_", target: nil, [condition, yes, no]), offset)
    }

    /// `||` and `&&`, of which there may be any number in a row: as a tree that is no deeper than it has to be, as cel-go's.
    private mutating func logical(_ kind: Token.Kind) throws(Stop) -> Expression {
        var terms = [try term(of: kind)]
        var offsets: [Int] = []
        while current.kind == kind {
            offsets.append(current.offset)
            place += 1
            terms.append(try term(of: kind))
        }
        return balanced(terms[...], offsets[...], kind == .or ? "_||_" : "_&&_")
    }

    private mutating func term(of kind: Token.Kind) throws(Stop) -> Expression {
        try kind == .or ? logical(.and) : relation()
    }

    private mutating func balanced(
        _ terms: ArraySlice<Expression>, _ offsets: ArraySlice<Int>, _ name: String
    ) -> Expression {
        if offsets.isEmpty { return terms[terms.startIndex] }
        let half = offsets.count / 2
        let left = balanced(terms.prefix(half + 1), offsets.prefix(half), name)
        let right = balanced(terms.dropFirst(half + 1), offsets.dropFirst(half + 1), name)
        return made(.call(name, target: nil, [left, right]), offsets[offsets.startIndex + half])
    }

    private static let relations: [Token.Kind: String] = [
        .less: "_<_", .lessEquals: "_<=_", .greater: "_>_", .greaterEquals: "_>=_", .equals: "_==_",
        .notEquals: "_!=_", .in: "@in",
    ]
    private static let products: [Token.Kind: String] = [.star: "_*_", .slash: "_/_", .percent: "_%_"]
    private static let sums: [Token.Kind: String] = [.plus: "_+_", .minus: "_-_"]

    private mutating func relation() throws(Stop) -> Expression {
        try row(.relation, Self.relations) { parser throws(Stop) in
            try parser.row(.calc, Self.sums) { parser throws(Stop) in
                try parser.row(.calc, Self.products) { parser throws(Stop) in try parser.unary() }
            }
        }
    }

    /// Operators of one level: the grammar has each of them in the one before.
    private mutating func row(
        _ rule: Grammar.Rule, _ names: [Token.Kind: String],
        _ operand: (inout Parser) throws(Stop) -> Expression
    ) throws(Stop) -> Expression {
        let before = depths[rule.rawValue]
        defer { depths[rule.rawValue] = before }
        // Products and sums are one rule.
        if names[.star] == nil { try deepen(rule) }
        var left = try operand(&self)
        while let name = names[current.kind] {
            let offset = current.offset
            place += 1
            try deepen(rule)
            // What stands on the right is one more of the rule.
            try deepen(rule)
            let right = try operand(&self)
            depths[rule.rawValue] -= 1
            left = made(.call(name, target: nil, [left, right]), offset)
        }
        return left
    }

    private mutating func unary() throws(Stop) -> Expression {
        let offset = current.offset
        let sign = current.kind
        // A number has its sign with it.
        guard sign == .not || sign == .minus && kind(1) != .int && kind(1) != .float else { return try member() }
        var signs = 0
        while accept(sign) { signs += 1 }
        let operand = try member()
        if signs % 2 == 0 { return operand }
        return made(.call(sign == .not ? "!_" : "-_", target: nil, [operand]), offset)
    }

    // MARK: Members

    private mutating func member() throws(Stop) -> Expression {
        let before = depths[Grammar.Rule.member.rawValue]
        defer { depths[Grammar.Rule.member.rawValue] = before }
        try deepen(.member)
        var expression = try primary()
        while current.kind == .dot || current.kind == .openBracket {
            try deepen(.member)
            let offset = current.offset
            if accept(.dot) {
                expression = try field(of: expression, offset)
                continue
            }
            place += 1
            let isOptional = accept(.question)
            let index = try conditional()
            try expect(.closeBracket)
            expression = made(.index(expression, index, isOptional: isOptional), offset)
        }
        return expression
    }

    private mutating func field(of operand: Expression, _ offset: Int) throws(Stop) -> Expression {
        let isOptional = accept(.question)
        let token = current
        place += 1
        var name = lexer.text(token)
        if token.kind == .escapedIdentifier {
            name = String(name.dropFirst().dropLast())
            return made(.select(operand, field: name, isOptional: isOptional), offset)
        }
        guard token.kind == .identifier else { throw Stop() }
        let open = current.offset
        guard !isOptional, accept(.open) else {
            return made(.select(operand, field: name, isOptional: isOptional), offset)
        }
        return call(name, operand, try arguments(), open)
    }

    /// What stands before the closing parenthesis.
    private mutating func arguments() throws(Stop) -> [Expression] {
        if accept(.close) { return [] }
        var list = [try conditional()]
        while accept(.comma) { list.append(try conditional()) }
        try expect(.close)
        return list
    }

    private mutating func primary() throws(Stop) -> Expression {
        let token = current
        switch token.kind {
        case .dot, .identifier: return try named()
        case .open:
            place += 1
            let inner = try conditional()
            try expect(.close)
            return inner
        case .openBracket:
            place += 1
            let elements = try elements()
            return made(.list(elements), token.offset)
        case .openBrace:
            place += 1
            let entries = try entries()
            return made(.map(entries), token.offset)
        default: return try literal()
        }
    }

    private mutating func literal() throws(Stop) -> Expression {
        let offset = current.offset
        let sign = current.kind == .minus && (kind(1) == .int || kind(1) == .float) ? "-" : ""
        place += sign.utf8.count
        let token = current
        let text = sign + lexer.text(token)
        place += 1
        do throws(Literal.Failure) {
            switch token.kind {
            case .int: return made(.literal(try Literal.int(text)), offset)
            case .uint: return made(.literal(try Literal.uint(text)), offset)
            case .float: return made(.literal(try Literal.double(text)), offset)
            case .string: return made(.literal(try Literal.string(text)), offset)
            case .bytes: return made(.literal(try Literal.bytes(text)), offset)
            case .true, .false: return made(.literal(.bool(token.kind == .true)), offset)
            case .null: return made(.literal(.null), offset)
            default: break
            }
        } catch {
            return refuse(error.message, offset)
        }
        throw Stop()
    }

    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    /// A variable, a call, or a message.
    private mutating func named() throws(Stop) -> Expression {
        let start = current
        let isRooted = accept(.dot)
        guard current.kind == .identifier else { throw Stop() }
        var ahead = 1
        while kind(ahead) == .dot, kind(ahead + 1) == .identifier { ahead += 2 }
        if kind(ahead) == .openBrace { return try message(ahead, isRooted: isRooted) }
        let token = current
        let name = lexer.text(token)
        place += 1
        let open = current.offset
        let arguments: [Expression]? = accept(.open) ? try arguments() : nil
        if Self.reserved.contains(name) { return refuse("reserved identifier: \(name)", start.offset) }
        let rooted = isRooted ? ".\(name)" : name
        guard let arguments else { return made(.identifier(rooted), token.offset) }
        return call(rooted, nil, arguments, open)
    }

    private mutating func message(_ length: Int, isRooted: Bool) throws(Stop) -> Expression {
        let name = (0..<length).map { lexer.text(tokens[place + $0]) }.joined()
        place += length
        let offset = current.offset
        place += 1
        var fields: [Expression] = []
        while current.kind == .question || current.kind == .identifier || current.kind == .escapedIdentifier {
            _ = accept(.question)
            let token = current
            guard token.kind == .identifier || token.kind == .escapedIdentifier else { throw Stop() }
            place += 1
            try expect(.colon)
            fields.append(try conditional())
            if current.kind != .comma || kind(1) == .closeBrace { break }
            place += 1
            if current.kind == .comma || current.kind == .closeBrace { throw Stop() }
        }
        _ = accept(.comma)
        try expect(.closeBrace)
        return made(.message(isRooted ? ".\(name)" : name, fields: fields), offset)
    }

    private mutating func elements() throws(Stop) -> [(element: Expression, isOptional: Bool)] {
        var elements: [(element: Expression, isOptional: Bool)] = []
        // A comma alone is an empty list too.
        if current.kind == .comma {
            place += 1
        } else if current.kind != .closeBracket {
            repeat {
                if !elements.isEmpty, current.kind == .closeBracket { break }
                let isOptional = accept(.question)
                elements.append((try conditional(), isOptional))
            } while accept(.comma)
        }
        try expect(.closeBracket)
        return elements
    }

    private mutating func entries() throws(Stop) -> [(key: Expression, value: Expression, isOptional: Bool)] {
        var entries: [(key: Expression, value: Expression, isOptional: Bool)] = []
        if current.kind == .comma {
            place += 1
        } else if current.kind != .closeBrace {
            repeat {
                if !entries.isEmpty, current.kind == .closeBrace { break }
                let isOptional = accept(.question)
                let key = try conditional()
                try expect(.colon)
                entries.append((key, try conditional(), isOptional))
            } while accept(.comma)
        }
        try expect(.closeBrace)
        return entries
    }
}
