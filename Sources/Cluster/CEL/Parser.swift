/// Reads an expression (cel-spec, "Syntax"), macros taken apart.
struct Parser {
    private let tokens: [Token]
    private var place = 0
    private var depth = 0
    private var count = 0
    /// How deep brackets and operators may be nested.
    private static let deepest = 200

    private init(_ tokens: [Token]) { self.tokens = tokens }

    static func parse(_ source: String) throws(CELFault) -> Expression {
        guard source.utf8.count <= 100_000 else { throw CELFault(offset: 0, message: "the expression is too long") }
        var parser = Parser(try Lexer.tokens(source))
        let expression = try parser.conditional()
        guard parser.current.kind == .end else { throw parser.unexpected() }
        return expression
    }

    private var current: Token { tokens[min(place, tokens.count - 1)] }

    private func unexpected() -> CELFault {
        let what: String
        switch current.kind {
        case .end: what = "<EOF>"
        case .symbol(let text), .identifier(let text): what = text
        default: what = "literal"
        }
        return CELFault(offset: current.offset, message: "Syntax error: mismatched input '\(what)'")
    }

    private mutating func accept(_ symbol: String) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(CELFault) {
        if !accept(symbol) { throw unexpected() }
    }

    private mutating func made(_ node: Expression.Node, _ offset: Int) -> Expression {
        count += 1
        return Expression(node: node, offset: offset, number: count - 1)
    }

    // MARK: Operators

    private mutating func conditional() throws(CELFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw tooDeep }
        let condition = try binary(0)
        let offset = current.offset
        guard accept("?") else { return condition }
        let yes = try binary(0)
        try expect(":")
        let no = try conditional()
        return made(.call("_?_:_", target: nil, [condition, yes, no]), offset)
    }

    private static let levels: [Set<String>] = [
        ["||"], ["&&"], ["<", "<=", ">", ">=", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"],
    ]

    private mutating func binary(_ level: Int) throws(CELFault) -> Expression {
        guard level < Self.levels.count else { return try unary() }
        if level < 2 { return try logical(level) }
        var left = try binary(level + 1)
        for _ in 0..<Self.deepest {
            guard let (name, offset) = acceptOperator(level) else { return left }
            let right = try binary(level + 1)
            left = made(.call(name, target: nil, [left, right]), offset)
        }
        throw tooDeep
    }

    private mutating func acceptOperator(_ level: Int) -> (name: String, offset: Int)? {
        let offset = current.offset
        switch current.kind {
        case .symbol(let symbol) where Self.levels[level].contains(symbol):
            place += 1
            return ("_\(symbol)_", offset)
        case .identifier("in") where level == 2:
            place += 1
            return ("@in", offset)
        default: return nil
        }
    }

    /// `||` and `&&`, of which there may be any number in a row: as a tree that is no deeper than it has to be, as cel-go's.
    private mutating func logical(_ level: Int) throws(CELFault) -> Expression {
        var terms = [try binary(level + 1)]
        var operators: [(name: String, offset: Int)] = []
        while let found = acceptOperator(level) {
            operators.append(found)
            terms.append(try binary(level + 1))
        }
        return balanced(terms[...], operators[...])
    }

    private mutating func balanced(
        _ terms: ArraySlice<Expression>, _ operators: ArraySlice<(name: String, offset: Int)>
    ) -> Expression {
        if operators.isEmpty { return terms[terms.startIndex] }
        let half = operators.count / 2
        let middle = operators[operators.startIndex + half]
        let left = balanced(terms.prefix(half + 1), operators.prefix(half))
        let right = balanced(terms.dropFirst(half + 1), operators.dropFirst(half + 1))
        return made(.call(middle.name, target: nil, [left, right]), middle.offset)
    }

    private var tooDeep: CELFault {
        CELFault(offset: current.offset, message: "the expression is nested too deeply")
    }

    private mutating func unary() throws(CELFault) -> Expression {
        let offset = current.offset
        if accept("!") {
            depth += 1
            defer { depth -= 1 }
            guard depth < Self.deepest else { throw CELFault(offset: offset, message: "nested too deeply") }
            return made(.call("!_", target: nil, [try unary()]), offset)
        }
        guard accept("-") else { return try member() }
        switch current.kind {
        case .int(let value):
            place += 1
            return try suffixes(made(.literal(.int(0 &- value)), offset))
        case .double(let value):
            place += 1
            return try suffixes(made(.literal(.double(-value)), offset))
        default:
            depth += 1
            defer { depth -= 1 }
            guard depth < Self.deepest else { throw CELFault(offset: offset, message: "nested too deeply") }
            return made(.call("-_", target: nil, [try unary()]), offset)
        }
    }

    // MARK: Members

    private mutating func member() throws(CELFault) -> Expression { try suffixes(try primary()) }

    private mutating func suffixes(_ start: Expression) throws(CELFault) -> Expression {
        var expression = start
        for _ in 0..<Self.deepest {
            let offset = current.offset
            if accept(".") {
                let isOptional = accept("?")
                guard case .identifier(let name) = current.kind else { throw unexpected() }
                place += 1
                let open = current.offset
                if !isOptional, accept("(") {
                    let arguments = try list(")")
                    expression = try call(name, expression, arguments, open)
                } else {
                    expression = made(.select(expression, field: name, isOptional: isOptional), offset)
                }
            } else if accept("[") {
                let isOptional = accept("?")
                let index = try conditional()
                try expect("]")
                expression = made(.index(expression, index, isOptional: isOptional), offset)
            } else {
                return expression
            }
        }
        throw tooDeep
    }

    private mutating func list(_ end: String) throws(CELFault) -> [Expression] {
        var list: [Expression] = []
        while !accept(end) {
            if !list.isEmpty {
                try expect(",")
                if accept(end) { break }
            }
            list.append(try conditional())
        }
        return list
    }

    private mutating func primary() throws(CELFault) -> Expression {
        let token = current
        place += 1
        switch token.kind {
        case .int(let value): return made(.literal(.int(value)), token.offset)
        case .uint(let value): return made(.literal(.uint(value)), token.offset)
        case .double(let value): return made(.literal(.double(value)), token.offset)
        case .string(let value): return made(.literal(.string(value)), token.offset)
        case .bytes(let value): return made(.literal(.bytes(value)), token.offset)
        case .identifier("true"): return made(.literal(.bool(true)), token.offset)
        case .identifier("false"): return made(.literal(.bool(false)), token.offset)
        case .identifier("null"): return made(.literal(.null), token.offset)
        case .identifier(let name) where !Self.reserved.contains(name):
            let open = current.offset
            guard accept("(") else { return made(.identifier(name), token.offset) }
            return try call(name, nil, try list(")"), open)
        case .symbol("("):
            let inner = try conditional()
            try expect(")")
            return inner
        case .symbol("["): return made(.list(try elements()), token.offset)
        case .symbol("{"): return made(.map(try entries()), token.offset)
        default:
            place -= 1
            throw unexpected()
        }
    }

    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]

    private mutating func elements() throws(CELFault) -> [(element: Expression, isOptional: Bool)] {
        var elements: [(element: Expression, isOptional: Bool)] = []
        while !accept("]") {
            if !elements.isEmpty {
                try expect(",")
                if accept("]") { break }
            }
            let isOptional = accept("?")
            elements.append((try conditional(), isOptional))
        }
        return elements
    }

    private mutating func entries() throws(CELFault) -> [(key: Expression, value: Expression, isOptional: Bool)] {
        var entries: [(key: Expression, value: Expression, isOptional: Bool)] = []
        while !accept("}") {
            if !entries.isEmpty {
                try expect(",")
                if accept("}") { break }
            }
            let isOptional = accept("?")
            let key = try conditional()
            try expect(":")
            entries.append((key, try conditional(), isOptional))
        }
        return entries
    }

    // MARK: Macros

    private mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ offset: Int
    ) throws(CELFault) -> Expression {
        if target == nil, name == "has", arguments.count == 1 {
            guard case .select(let operand, let field, false) = arguments[0].node else {
                throw CELFault(offset: arguments[0].offset, message: "invalid argument to has() macro")
            }
            return made(.presence(operand, field: field), offset)
        }
        if let target, let macro = Expression.Macro(name, arguments: arguments.count) {
            var variables: [String] = []
            for argument in arguments.prefix(macro.variables(of: arguments.count)) {
                guard case .identifier(let variable) = argument.node else {
                    throw CELFault(offset: argument.offset, message: "argument must be a simple name")
                }
                variables.append(variable)
            }
            let hasFilter = arguments.count == variables.count + 2
            return made(
                .comprehension(
                    macro, target, variables: variables, filter: hasFilter ? arguments[variables.count] : nil,
                    body: arguments[arguments.count - 1]), offset)
        }
        return made(.call(name, target: target, arguments), offset)
    }
}
