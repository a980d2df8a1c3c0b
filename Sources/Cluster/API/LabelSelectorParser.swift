import Document

extension LabelSelector {
    /// Why a selector's text was refused, in the words of apimachinery's labels.Parse.
    public struct ParseFailure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Reads the `labelSelector` query parameter: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
    ///
    /// - Throws: also for keys and values that labels cannot have.
    public init(parsing text: String) throws(ParseFailure) {
        var parser = LabelSelectorParser(text)
        // By key, as upstream shows them.
        self.init(try parser.requirements().sorted { $0.key < $1.key })
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

    private typealias Requirement = LabelSelector.Requirement
    private typealias Failure = LabelSelector.ParseFailure

    private var tokens: [Token] = []
    private var index = 0

    init(_ text: String) {
        var word = ""
        var rest = Substring(text)
        func flush(_ tokens: inout [Token]) {
            if !word.isEmpty { tokens.append(.word(word)) }
            word = ""
        }
        while let scalar = rest.unicodeScalars.first {
            if [" ", "\t", "\r", "\n"].contains(scalar) {
                flush(&tokens)
                rest.unicodeScalars.removeFirst()
            } else if let sign = ["==", "!=", "=", "!", ">", "<", "(", ")", ","].first(where: rest.hasPrefix) {
                flush(&tokens)
                tokens.append(.sign(sign))
                rest.unicodeScalars.removeFirst(sign.unicodeScalars.count)
            } else {
                word.unicodeScalars.append(scalar)
                rest.unicodeScalars.removeFirst()
            }
        }
        flush(&tokens)
    }

    private var next: Token { index < tokens.count ? tokens[index] : .end }

    private mutating func take() -> Token {
        defer { index += 1 }
        return next
    }

    mutating func requirements() throws(LabelSelector.ParseFailure) -> [LabelSelector.Requirement] {
        var result: [Requirement] = []
        while next != .end {
            if case .sign(let sign) = next, sign != "!" {
                throw Failure(description: "found '\(sign)', expected: !, identifier, or 'end of string'")
            }
            do throws(Failure) {
                result.append(try requirement())
            } catch {
                throw Failure(description: "unable to parse requirement: \(error)")
            }
            try comma()
        }
        return result
    }

    /// What stands between two demands.
    private mutating func comma() throws(Failure) {
        switch take() {
        case .end: return
        case .sign(","):
            if case .word = next { return }
            guard next == .sign("!") else {
                throw Failure(description: "found '\(next.literal)', expected: identifier after ','")
            }
        case let token: throw Failure(description: "found '\(token.literal)', expected: ',' or 'end of string'")
        }
    }

    private mutating func requirement() throws(Failure) -> Requirement {
        let absent = next == .sign("!")
        if absent { index += 1 }
        let token = take()
        guard case .word(let key) = token else { throw found(token, "identifier") }
        try check(Names.qualified(key), key, at: "<nil>")
        if absent { return Requirement(Text(key), .doesNotExist) }
        if next == .end || next == .sign(",") { return Requirement(Text(key), .exists) }
        let sign = take()
        switch sign.literal {
        case "in", "notin": return try checked(Requirement(Text(key), sign.literal == "in" ? .in : .notIn, list()))
        case "=", "==": return try checked(Requirement(Text(key), .in, [value()]))
        case "!=": return try checked(Requirement(Text(key), .notIn, [value()]))
        case ">": return try checked(Requirement(Text(key), .greaterThan, [value()]))
        case "<": return try checked(Requirement(Text(key), .lessThan, [value()]))
        default: throw found(sign, "in, notin, =, ==, !=, gt, lt")
        }
    }

    private func found(_ token: Token, _ expected: String) -> Failure {
        Failure(description: "found '\(token.literal)', expected: \(expected)")
    }

    private mutating func value() throws(Failure) -> Text {
        if next == .end || next == .sign(",") { return "" }
        let token = take()
        guard case .word(let value) = token else { throw found(token, "identifier") }
        return Text(value)
    }

    /// The values between parentheses, as a set.
    private mutating func list() throws(Failure) -> [Text] {
        let open = take()
        guard open == .sign("(") else { throw Failure(description: "found '\(open.literal)' expected: '('") }
        var values: Set<Text> = []
        switch next {
        case .sign(")"): values = [""]
        case .word, .sign(","): try words(into: &values)
        default: throw found(next, "',', ')' or identifier")
        }
        index += 1
        return values.sorted()
    }

    /// Up to the closing parenthesis; nothing at all beside a comma is an empty value.
    private mutating func words(into values: inout Set<Text>) throws(Failure) {
        while true {
            let token = take()
            switch token {
            case .word(let word):
                values.insert(Text(word))
                if next == .sign(")") { return }
                guard next == .sign(",") else { throw found(next, "',' or ')'") }
            case .sign(","):
                if values.isEmpty || next == .sign(",") { values.insert("") }
                if next == .sign(")") {
                    values.insert("")
                    return
                }
            default: throw found(token, "',', or identifier")
            }
        }
    }

    // MARK: What labels may be (labels.NewRequirement)

    private func checked(_ requirement: Requirement) throws(Failure) -> Requirement {
        var faults: [String] = []
        for (index, value) in requirement.values.enumerated() where requirement.operator.isOrder {
            guard Int64(value.string) == nil else { continue }
            let why = "for 'Gt', 'Lt' operators, the value must be an integer"
            faults.append(FieldError(.invalid, "values[\(index)]", value: .string(value), detail: why).description)
        }
        for (index, value) in requirement.values.enumerated() {
            let found = Names.labelValue(value.string)
            if found.isEmpty { continue }
            faults.append(fault(found, value.string, at: "values[\(index)][\(requirement.key)]"))
        }
        var seen: Set<String> = []
        faults = faults.filter { seen.insert($0).inserted }
        guard let first = faults.first else { return requirement }
        throw Failure(description: faults.count == 1 ? first : "[\(faults.joined(separator: ", "))]")
    }

    private func check(_ faults: [String], _ text: String, at field: String) throws(Failure) {
        if !faults.isEmpty { throw Failure(description: fault(faults, text, at: field)) }
    }

    private func fault(_ faults: [String], _ text: String, at field: String) -> String {
        FieldError(.invalid, field, value: .string(text), detail: faults.joined(separator: "; ")).description
    }
}

extension LabelSelector.Requirement.Operator {
    fileprivate var isOrder: Bool { self == .greaterThan || self == .lessThan }
}
