import Document

extension LabelSelector {
    /// Why a selector's text was refused, in the words of apimachinery's labels.Parse.
    public struct ParseFailure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Reads the `labelSelector` query parameter: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
    public init(parsing text: String) throws(ParseFailure) {
        var parser = LabelSelectorParser(text)
        self.init(try parser.requirements())
    }
}

/// The lexer and parser of label selectors; its words and messages are those of apimachinery's labels package.
private struct LabelSelectorParser {
    private enum Token: Equatable {
        case word(String)
        case sign(String)
        case end

        var literal: String {
            switch self {
            case .word(let text), .sign(let text): text
            case .end: ""
            }
        }
    }

    private var tokens: [Token] = []
    private var index = 0

    init(_ text: String) {
        var word = ""
        var rest = Substring(text)
        func flush(_ tokens: inout [Token]) {
            if !word.isEmpty { tokens.append(.word(word)) }
            word = ""
        }
        while let character = rest.first {
            if character.isWhitespace {
                flush(&tokens)
                rest.removeFirst()
            } else if let sign = ["==", "!=", "=", "!", ">", "<", "(", ")", ","].first(where: rest.hasPrefix) {
                flush(&tokens)
                tokens.append(.sign(sign))
                rest.removeFirst(sign.count)
            } else {
                word.append(character)
                rest.removeFirst()
            }
        }
        flush(&tokens)
    }

    private var next: Token { index < tokens.count ? tokens[index] : .end }

    private mutating func take() -> Token {
        defer { index += 1 }
        return next
    }

    private func failure(_ text: String) -> LabelSelector.ParseFailure {
        LabelSelector.ParseFailure(description: "unable to parse requirement: \(text)")
    }

    mutating func requirements() throws(LabelSelector.ParseFailure) -> [LabelSelector.Requirement] {
        var result: [LabelSelector.Requirement] = []
        guard next != .end else { return [] }
        while true {
            result.append(try requirement())
            switch take() {
            case .end: return result
            case .sign(","):
                guard case .sign(let sign) = next, sign != "!" else {
                    if next == .end {
                        throw LabelSelector.ParseFailure(description: "found '', expected: identifier after ','")
                    }
                    continue
                }
                throw LabelSelector.ParseFailure(description: "found '\(sign)', expected: identifier after ','")
            case let token:
                throw LabelSelector.ParseFailure(
                    description: "found '\(token.literal)', expected: ',' or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(LabelSelector.ParseFailure) -> LabelSelector.Requirement {
        let absent = next == .sign("!")
        if absent { index += 1 }
        guard case .word(let key) = take() else {
            index -= 1
            throw failure("found '\(next.literal)', expected: identifier")
        }
        if absent { return .init(Text(key), .doesNotExist) }
        switch next {
        case .end, .sign(","): return .init(Text(key), .exists)
        case .word("in"), .word("notin"):
            let isIn = take() == .word("in")
            return .init(Text(key), isIn ? .in : .notIn, try list())
        case .sign("="), .sign("=="), .sign("!="), .sign("<"), .sign(">"):
            return try comparison(key)
        default:
            throw failure("found '\(next.literal)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    private mutating func comparison(_ key: String) throws(LabelSelector.ParseFailure) -> LabelSelector.Requirement {
        let sign = take().literal
        var value = ""
        switch next {
        case .word(let word):
            value = word
            index += 1
        case .end, .sign(","): break
        case .sign(let found): throw failure("found '\(found)', expected: identifier")
        }
        switch sign {
        case "!=": return .init(Text(key), .notIn, [Text(value)])
        case ">", "<":
            guard Int64(value) != nil else {
                throw failure("for 'Gt', 'Lt' operators, the value must be an integer")
            }
            return .init(Text(key), sign == ">" ? .greaterThan : .lessThan, [Text(value)])
        default: return .init(Text(key), .in, [Text(value)])
        }
    }

    private mutating func list() throws(LabelSelector.ParseFailure) -> [Text] {
        guard take() == .sign("(") else {
            index -= 1
            throw failure("found '\(next.literal)' expected: '('")
        }
        var values: [Text] = []
        while true {
            switch take() {
            case .word(let word):
                values.append(Text(word))
                if next == .sign(",") { index += 1 }
            case .sign(","): values.append("")
            case .sign(")"): return values.isEmpty ? [""] : values
            case let token: throw failure("found '\(token.literal)', expected: ',', or ')'")
            }
        }
    }
}
