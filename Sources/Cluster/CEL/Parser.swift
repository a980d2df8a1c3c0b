/// Reads an expression (cel-spec, "Syntax"), macros taken apart.
struct Parser {
    private let tokens: [Token]
    private var place = 0
    private var depth = 0
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

    // MARK: Operators

    private mutating func conditional() throws(CELFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else {
            throw CELFault(offset: current.offset, message: "the expression is nested too deeply")
        }
        let condition = try binary(0)
        let offset = current.offset
        guard accept("?") else { return condition }
        let yes = try binary(0)
        try expect(":")
        let no = try conditional()
        return Expression(node: .call("_?_:_", target: nil, [condition, yes, no]), offset: offset)
    }

    private static let levels: [Set<String>] = [
        ["||"], ["&&"], ["<", "<=", ">", ">=", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"],
    ]

    private mutating func binary(_ level: Int) throws(CELFault) -> Expression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while true {
            let name: String
            switch current.kind {
            case .symbol(let symbol) where Self.levels[level].contains(symbol): name = "_\(symbol)_"
            case .identifier("in") where level == 2: name = "@in"
            default: return left
            }
            let offset = current.offset
            place += 1
            let right = try binary(level + 1)
            left = Expression(node: .call(name, target: nil, [left, right]), offset: offset)
        }
    }

    private mutating func unary() throws(CELFault) -> Expression {
        let offset = current.offset
        if accept("!") {
            depth += 1
            defer { depth -= 1 }
            guard depth < Self.deepest else { throw CELFault(offset: offset, message: "nested too deeply") }
            return Expression(node: .call("!_", target: nil, [try unary()]), offset: offset)
        }
        guard accept("-") else { return try member() }
        switch current.kind {
        case .int(let value):
            place += 1
            return try suffixes(Expression(node: .literal(.int(0 &- value)), offset: offset))
        case .double(let value):
            place += 1
            return try suffixes(Expression(node: .literal(.double(-value)), offset: offset))
        default:
            depth += 1
            defer { depth -= 1 }
            guard depth < Self.deepest else { throw CELFault(offset: offset, message: "nested too deeply") }
            return Expression(node: .call("-_", target: nil, [try unary()]), offset: offset)
        }
    }

    // MARK: Members

    private mutating func member() throws(CELFault) -> Expression { try suffixes(try primary()) }

    private mutating func suffixes(_ start: Expression) throws(CELFault) -> Expression {
        var expression = start
        while true {
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
                    expression = Expression(
                        node: .select(expression, field: name, isOptional: isOptional), offset: offset)
                }
            } else if accept("[") {
                let isOptional = accept("?")
                let index = try conditional()
                try expect("]")
                expression = Expression(node: .index(expression, index, isOptional: isOptional), offset: offset)
            } else {
                return expression
            }
        }
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
        func literal(_ value: CELValue) -> Expression { Expression(node: .literal(value), offset: token.offset) }
        switch token.kind {
        case .int(let value): return literal(.int(value))
        case .uint(let value): return literal(.uint(value))
        case .double(let value): return literal(.double(value))
        case .string(let value): return literal(.string(value))
        case .bytes(let value): return literal(.bytes(value))
        case .identifier("true"): return literal(.bool(true))
        case .identifier("false"): return literal(.bool(false))
        case .identifier("null"): return literal(.null)
        case .identifier(let name) where !Self.reserved.contains(name):
            let open = current.offset
            guard accept("(") else { return Expression(node: .identifier(name), offset: token.offset) }
            return try call(name, nil, try list(")"), open)
        case .symbol("("):
            let inner = try conditional()
            try expect(")")
            return inner
        case .symbol("["): return Expression(node: .list(try elements()), offset: token.offset)
        case .symbol("{"): return Expression(node: .map(try entries()), offset: token.offset)
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

    private func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ offset: Int
    ) throws(CELFault) -> Expression {
        if target == nil, name == "has", arguments.count == 1 {
            guard case .select(let operand, let field, false) = arguments[0].node else {
                throw CELFault(offset: arguments[0].offset, message: "invalid argument to has() macro")
            }
            return Expression(node: .presence(operand, field: field), offset: offset)
        }
        if let target, let macro = Expression.Macro(rawValue: name) {
            let hasFilter = macro == .map && arguments.count == 3
            if arguments.count == 2 || hasFilter {
                guard case .identifier(let variable) = arguments[0].node else {
                    throw CELFault(offset: arguments[0].offset, message: "argument must be a simple name")
                }
                return Expression(
                    node: .comprehension(
                        macro, target, variable: variable, filter: hasFilter ? arguments[1] : nil,
                        body: arguments[arguments.count - 1]), offset: offset)
            }
        }
        return Expression(node: .call(name, target: target, arguments), offset: offset)
    }
}
