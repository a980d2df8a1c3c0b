/// CEL's grammar as the states between which its words lead (cel-spec, "Syntax"), in the form in which ANTLR has it: which
/// words are expected somewhere, and how a parser goes on behind a wrong one, follows from these states.
struct Grammar: Sendable {
    enum Rule: Int, CaseIterable, Sendable {
        case start, expr, or, and, relation, calc, unary, member, primary, exprList, listInit, fieldInits, optField
        case mapInits, escapeIdent, optExpr, literal
    }

    /// What a rule is made of.
    indirect enum Part: Sendable {
        case word(Token.Kinds)
        case rule(Rule, binding: Int = 0)
        case row([Part])
        case choice([Part])
        case optional(Part)
        /// Any number of times, one of these.
        case repeated([Part])
        case repeatedOnce(Part)
        /// Only where what is around does not bind as strongly.
        case weaker(than: Int)

        static func word(_ kind: Token.Kind) -> Part { .word(.only(kind)) }
    }

    enum Step: Sendable {
        case nothing
        case word(Token.Kinds)
        case weaker(than: Int)
        /// Another rule, after which it goes on in a state.
        case rule(Rule, binding: Int, follow: Int)
    }

    enum Kind: Sendable {
        case plain, choice, loopEntry, loopBack, onceEntry, onceBack, end
    }

    struct State: Sendable {
        let rule: Rule
        var kind = Kind.plain
        var steps: [(step: Step, target: Int)] = []
        /// The words by which each of the ways that lead on from here begins; empty where one word does not tell.
        var choices: [Token.Kinds] = []
    }

    private(set) var states: [State] = []
    private(set) var starts: [Int] = []
    private(set) var ends: [Int] = []
    /// The states that may follow each rule, wherever it stands.
    private(set) var follows: [[Int]] = []
    private var words: [Token.Kinds] = []

    static let cel = Grammar()

    private init() {
        for rule in Rule.allCases {
            starts.append(add(rule))
            ends.append(add(rule, .end))
        }
        for rule in Rule.allCases {
            let last = build(Self.definition(rule), from: starts[rule.rawValue], rule)
            link(last, .nothing, ends[rule.rawValue])
        }
        follows = Rule.allCases.map { _ in [] }
        for state in states {
            for (step, _) in state.steps {
                if case .rule(let rule, _, let follow) = step { follows[rule.rawValue].append(follow) }
            }
        }
        words = states.indices.map { index in
            var seen: Set<Int> = []
            return words(at: index, &seen)
        }
        for index in states.indices where states[index].steps.count > 1 { states[index].choices = choices(at: index) }
    }

    /// Whether a rule is one whose first part is the rule itself: a row of operators, or of fields.
    static func isChain(_ rule: Rule) -> Bool { rule == .relation || rule == .calc || rule == .member }

    private static func list(_ part: Part, _ more: Part) -> Part { .row([part, .repeated([more])]) }

    private static func definition(_ rule: Rule) -> Part {
        switch rule {
        case .start: .row([.rule(.expr), .word(.end)])
        case .expr:
            .row([
                .rule(.or), .optional(.row([.word(.question), .rule(.or), .word(.colon), .rule(.expr)])),
            ])
        case .or: list(.rule(.and), .row([.word(.or), .rule(.and)]))
        case .and: list(.rule(.relation), .row([.word(.and), .rule(.relation)]))
        case .relation: relation
        case .calc: calculation
        case .unary:
            .choice([
                .rule(.member), .row([.repeatedOnce(.word(.not)), .rule(.member)]),
                .row([.repeatedOnce(.word(.minus)), .rule(.member)]),
            ])
        case .member: .row([.rule(.primary), .repeated(suffixes)])
        case .primary: .choice(primaries)
        case .exprList: list(.rule(.expr), .row([.word(.comma), .rule(.expr)]))
        case .listInit: list(.rule(.optExpr), .row([.word(.comma), .rule(.optExpr)]))
        case .fieldInits: entries(.rule(.optField))
        case .mapInits: entries(.rule(.optExpr))
        case .optField: .row([.optional(.word(.question)), .rule(.escapeIdent)])
        case .optExpr: .row([.optional(.word(.question)), .rule(.expr)])
        case .escapeIdent: .choice([.word(.identifier), .word(.escapedIdentifier)])
        case .literal:
            .choice(
                [.row([.optional(.word(.minus)), .word(.int)]), .word(.uint)]
                    + [.row([.optional(.word(.minus)), .word(.float)])]
                    + [.string, .bytes, .true, .false, .null].map { .word($0) })
        }
    }

    private static func row(_ binding: Int, _ kinds: [Token.Kind], _ rule: Rule) -> Part {
        .row([.weaker(than: binding), .word(Token.Kinds(kinds)), .rule(rule, binding: binding + 1)])
    }

    private static let relation = list(
        .rule(.calc), row(1, [.less, .lessEquals, .greaterEquals, .greater, .equals, .notEquals, .in], .relation))

    private static let calculation = Part.row([
        .rule(.unary), .repeated([row(2, [.star, .slash, .percent], .calc), row(1, [.plus, .minus], .calc)]),
    ])

    private static func entries(_ key: Part) -> Part {
        let entry: [Part] = [key, .word(.colon), .rule(.expr)]
        return .row(entry + [.repeated([.row([.word(.comma)] + entry)])])
    }

    private static let arguments: [Part] = [.word(.open), .optional(.rule(.exprList)), .word(.close)]

    private static let suffixes: [Part] = [
        .row([.weaker(than: 3), .word(.dot), .optional(.word(.question)), .rule(.escapeIdent)]),
        .row([.weaker(than: 2), .word(.dot), .word(.identifier)] + arguments),
        .row([
            .weaker(than: 1), .word(.openBracket), .optional(.word(.question)), .rule(.expr), .word(.closeBracket),
        ]),
    ]

    private static func braced(_ open: Token.Kind, _ inner: Rule, _ close: Token.Kind) -> [Part] {
        [.word(open), .optional(.rule(inner)), .optional(.word(.comma)), .word(close)]
    }

    private static let primaries: [Part] = [
        .row([.optional(.word(.dot)), .word(.identifier)]),
        .row([.optional(.word(.dot)), .word(.identifier)] + arguments),
        .row([.word(.open), .rule(.expr), .word(.close)]),
        .row(braced(.openBracket, .listInit, .closeBracket)),
        .row(braced(.openBrace, .mapInits, .closeBrace)),
        .row(
            [.optional(.word(.dot)), .word(.identifier), .repeated([.row([.word(.dot), .word(.identifier)])])]
                + braced(.openBrace, .fieldInits, .closeBrace)),
        .rule(.literal),
    ]

    // MARK: States

    private mutating func add(_ rule: Rule, _ kind: Kind = .plain) -> Int {
        states.append(State(rule: rule, kind: kind))
        return states.count - 1
    }

    private mutating func link(_ from: Int, _ step: Step, _ target: Int) {
        states[from].steps.append((step, target))
    }

    /// A state behind another.
    private mutating func next(_ from: Int, _ step: Step, _ rule: Rule) -> Int {
        let state = add(rule)
        link(from, step, state)
        return state
    }

    /// Builds the states of a part, which begins in one; returns that in which it ends.
    private mutating func build(_ part: Part, from start: Int, _ rule: Rule) -> Int {
        switch part {
        case .word(let kinds): return next(start, .word(kinds), rule)
        case .weaker(let binding): return next(start, .weaker(than: binding), rule)
        case .rule(let other, let binding):
            let follow = add(rule)
            link(start, .rule(other, binding: binding, follow: follow), starts[other.rawValue])
            return follow
        case .row(let parts):
            var last = start
            for part in parts { last = build(part, from: last, rule) }
            return last
        case .choice(let parts): return choice(parts, from: start, rule)
        case .optional(let part): return choice([part, .row([])], from: start, rule)
        case .repeated(let parts): return loop(parts, from: start, rule)
        case .repeatedOnce(let part):
            let entry = add(rule, .onceEntry)
            link(start, .nothing, entry)
            let first = next(entry, .nothing, rule)
            let back = add(rule, .onceBack)
            link(build(part, from: first, rule), .nothing, back)
            link(back, .nothing, first)
            return next(back, .nothing, rule)
        }
    }

    private mutating func choice(_ parts: [Part], from start: Int, _ rule: Rule) -> Int {
        let fork = add(rule, .choice)
        let join = add(rule)
        link(start, .nothing, fork)
        for part in parts {
            let first = next(fork, .nothing, rule)
            link(build(part, from: first, rule), .nothing, join)
        }
        return join
    }

    private mutating func loop(_ parts: [Part], from start: Int, _ rule: Rule) -> Int {
        let entry = add(rule, .loopEntry)
        let back = add(rule, .loopBack)
        link(start, .nothing, entry)
        let body = next(entry, .nothing, rule)
        let last = parts.count == 1 ? build(parts[0], from: body, rule) : choice(parts, from: body, rule)
        link(last, .nothing, back)
        link(back, .nothing, entry)
        return next(entry, .nothing, rule)
    }

    // MARK: What may come

    /// The words that may come next in a state; `nothing` where the rule may end before.
    func words(at state: Int) -> Token.Kinds { words[state] }

    private func words(at state: Int, _ seen: inout Set<Int>) -> Token.Kinds {
        guard seen.insert(state).inserted else { return [] }
        if states[state].kind == .end { return .nothing }
        var found: Token.Kinds = []
        for (step, target) in states[state].steps {
            switch step {
            case .word(let kinds): found.formUnion(kinds)
            case .nothing, .weaker: found.formUnion(words(at: target, &seen))
            // No rule may be empty.
            case .rule: found.formUnion(words(at: target, &seen).subtracting(.nothing))
            }
        }
        return found
    }

    /// The words by which the ways from a state begin, if each of them tells the way.
    private func choices(at state: Int) -> [Token.Kinds] {
        var choices: [Token.Kinds] = []
        for (_, target) in states[state].steps {
            var seen: Set<Int> = []
            guard let words = words(beyond: target, &seen), choices.allSatisfy({ $0.isDisjoint(with: words) }) else {
                return []
            }
            choices.append(words)
        }
        return choices
    }

    /// As `words(at:)`, with what follows the rule wherever it stands; nil where it matters how strongly something binds.
    private func words(beyond state: Int, _ seen: inout Set<Int>) -> Token.Kinds? {
        guard seen.insert(state).inserted else { return [] }
        var found: Token.Kinds = []
        if states[state].kind == .end {
            for follow in follows[states[state].rule.rawValue] {
                guard let words = words(beyond: follow, &seen) else { return nil }
                found.formUnion(words)
            }
        }
        for (step, target) in states[state].steps {
            switch step {
            case .word(let kinds): found.formUnion(kinds)
            case .weaker: return nil
            case .rule: found.formUnion(words(at: target).subtracting(.nothing))
            case .nothing:
                guard let words = words(beyond: target, &seen) else { return nil }
                found.formUnion(words)
            }
        }
        return found
    }
}
