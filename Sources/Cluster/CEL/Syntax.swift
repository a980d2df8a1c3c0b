/// Tells what is wrong with the words of an expression, in ANTLR's words, for cel-go's parser is made by ANTLR 4: where a
/// word is wrong it is passed over, or one that is missing is made up, or words are passed over until one may follow, by the
/// rules of ANTLR's DefaultErrorStrategy; and what is wrong behind it is told too.
struct Syntax {
    private struct Frame {
        let rule: Grammar.Rule
        /// In which state it goes on when the rule ends.
        let follow: Int
        let binding: Int
        /// How many of the rule this frame counts for.
        var depth = 1
    }

    /// Nothing more is told.
    private struct End: Error {}

    private enum Wrong {
        case mismatch
        case noViable(place: Int)
    }

    /// How deep one rule may stand within itself, how often a parser goes on, and how many words it then passes over.
    static let deepest = 250
    private static let attemptLimit = 30
    private static let passedLimit = 256

    private let lexer: Lexer
    private let tokens: [Token]
    private let grammar = Grammar.cel
    private var place = 0
    private var state: Int
    private var frames: [Frame]
    private var depths = [Int](repeating: 0, count: Grammar.Rule.allCases.count)
    private var isRecovering = false
    private var lastPlace = -1
    private var lastStates: Set<Int> = []
    private var attempts = 0
    private var faults: [CELFault] = []

    private init(_ lexer: Lexer) {
        self.lexer = lexer
        tokens = lexer.tokens
        state = grammar.starts[Grammar.Rule.start.rawValue]
        frames = [Frame(rule: .start, follow: -1, binding: 0)]
    }

    static func faults(_ lexer: Lexer) -> [CELFault] {
        var syntax = Syntax(lexer)
        do throws(End) { try syntax.run() } catch {}
        return syntax.faults
    }

    /// A text as messages show it.
    static func quoted(_ text: String) -> String {
        var shown = "'"
        for character in text.unicodeScalars {
            switch character {
            case "\t": shown += "\\t"
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            default: shown.unicodeScalars.append(character)
            }
        }
        return shown + "'"
    }

    private var current: Token { tokens[place] }

    private func word(_ distance: Int) -> Token.Kind { tokens[min(place + distance, tokens.count - 1)].kind }

    private mutating func advance() { place = min(place + 1, tokens.count - 1) }

    // MARK: Going through the states

    private mutating func run() throws(End) {
        while !frames.isEmpty {
            do throws(Failure) { try step() } catch {
                if error.isEnd { throw End() }
                if let wrong = error.wrong { report(wrong) }
                try recover()
                leave()
            }
        }
    }

    /// Why a rule cannot go on.
    private struct Failure: Error {
        var wrong: Wrong?
        var isEnd = false
    }

    private mutating func leave() {
        guard let frame = frames.popLast() else { return }
        depths[frame.rule.rawValue] -= frame.depth
        state = frame.follow
    }

    private mutating func step() throws(Failure) {
        let here = grammar.states[state]
        switch here.kind {
        case .end: leave()
        case .plain: try take(here.steps[0])
        case .onceEntry:
            try synchronize()
            state = here.steps[0].target
        case .loopBack:
            try synchronize()
            state = here.steps[0].target
            try decide()
        case .choice, .loopEntry, .onceBack:
            try synchronize()
            try decide()
        }
    }

    private mutating func take(_ way: (step: Grammar.Step, target: Int)) throws(Failure) {
        switch way.step {
        case .nothing, .weaker: state = way.target
        case .word(let kinds):
            if kinds.contains(word(0)) {
                matched()
                advance()
            } else {
                try recoverInline(way.target)
            }
            state = way.target
        case .rule(let rule, let binding, let follow):
            frames.append(Frame(rule: rule, follow: follow, binding: binding))
            state = way.target
            try deepen(rule)
        }
    }

    private mutating func deepen(_ rule: Grammar.Rule) throws(Failure) {
        depths[rule.rawValue] += 1
        guard depths[rule.rawValue] > Self.deepest else { return }
        faults.append(.tooDeep)
        throw Failure(isEnd: true)
    }

    private mutating func decide() throws(Failure) {
        let here = grammar.states[state]
        let way: Int
        if here.choices.isEmpty {
            way = try predicted()
        } else if let told = here.choices.firstIndex(where: { $0.contains(word(0)) }) {
            way = told
        } else if here.choices.count == 2 {
            way = 1
        } else {
            throw Failure(wrong: .noViable(place: place))
        }
        if here.kind == .loopEntry, way == 0, Grammar.isChain(here.rule) {
            frames[frames.count - 1].depth += 1
            try deepen(here.rule)
        }
        state = here.steps[way].target
    }

    // MARK: What is expected

    /// The words that may come next in a state of the rule that is read, with what may follow that.
    private func expected(at state: Int) -> Token.Kinds {
        var found = grammar.words(at: state)
        for frame in frames.dropFirst().reversed() where found.contains(.nothing) {
            found = found.subtracting(.nothing).union(grammar.words(at: frame.follow))
        }
        return found.contains(.nothing) ? found.subtracting(.nothing).union(.only(.end)) : found
    }

    private func shown(_ token: Token) -> String {
        token.kind == .end ? "'<EOF>'" : Self.quoted(lexer.text(token))
    }

    // MARK: Telling

    private mutating func tell(_ message: String, at token: Token) {
        faults.append(CELFault(offset: token.offset, message: "Syntax error: \(message)"))
    }

    private mutating func report(_ wrong: Wrong) {
        guard !isRecovering else { return }
        isRecovering = true
        switch wrong {
        case .mismatch:
            tell("mismatched input \(shown(current)) expecting \(expected(at: state).description)", at: current)
        case .noViable(let last):
            let end = tokens[last].kind == .end ? lexer.count : tokens[last].end
            let text = current.kind == .end ? "<EOF>" : lexer.words(current.offset, end)
            var message = "no viable alternative at input \(Self.quoted(text))"
            // As cel-go words it for what is no name.
            if text.utf8.count > 1, ["true", "false", "null"].contains(String(text.dropFirst())) {
                message = "mismatched input '\(text.dropFirst())' expecting IDENTIFIER"
            }
            tell(message, at: tokens[last])
        }
    }

    private mutating func reportUnwanted() {
        guard !isRecovering else { return }
        isRecovering = true
        tell("extraneous input \(shown(current)) expecting \(expected(at: state).description)", at: current)
    }

    // MARK: Going on behind what is wrong

    private mutating func matched() {
        isRecovering = false
        lastPlace = -1
        lastStates = []
    }

    /// Before a decision: a wrong word is passed over at once if the next one is right.
    private mutating func synchronize() throws(Failure) {
        guard !isRecovering else { return }
        let words = grammar.words(at: state)
        if words.contains(.nothing) || words.contains(word(0)) { return }
        switch grammar.states[state].kind {
        case .onceBack, .loopBack:
            reportUnwanted()
            var passed = 0
            try passOver(until: expected(at: state).union(recoverySet), &passed, limit: .max)
        default: if !deleteWord() { throw Failure(wrong: .mismatch) }
        }
    }

    private mutating func deleteWord() -> Bool {
        guard expected(at: state).contains(word(1)) else { return false }
        reportUnwanted()
        advance()
        matched()
        return true
    }

    private mutating func recoverInline(_ next: Int) throws(Failure) {
        try attempt()
        if deleteWord() { return advance() }
        guard expected(at: next).contains(word(0)) else { throw Failure(wrong: .mismatch) }
        guard !isRecovering else { return }
        isRecovering = true
        tell("missing \(expected(at: state).description) at \(shown(current))", at: current)
    }

    private mutating func attempt() throws(Failure) {
        attempts += 1
        guard attempts > Self.attemptLimit else { return }
        tell("error recovery attempt limit exceeded: \(Self.attemptLimit)", at: current)
        throw Failure(isEnd: true)
    }

    /// What may follow the rules within which this one is read.
    private var recoverySet: Token.Kinds {
        var found: Token.Kinds = []
        for frame in frames.dropFirst() { found.formUnion(grammar.words(at: frame.follow)) }
        return found.subtracting(.nothing)
    }

    private mutating func recover() throws(End) {
        do throws(Failure) {
            try attempt()
            var passed = 0
            if lastPlace == place, lastStates.contains(state) {
                passed = 1
                advance()
            }
            lastPlace = place
            lastStates.insert(state)
            try passOver(until: recoverySet, &passed, limit: Self.passedLimit)
        } catch {
            throw End()
        }
    }

    private mutating func passOver(
        until wanted: Token.Kinds, _ passed: inout Int, limit: Int
    ) throws(Failure) {
        while current.kind != .end, !wanted.contains(current.kind) {
            if passed >= limit {
                faults.append(.nowhere("error recovery token lookahead limit exceeded: \(Self.passedLimit)"))
                throw Failure(isEnd: true)
            }
            passed += 1
            advance()
        }
    }

    // MARK: Decisions that need more than a word

    /// Where a reader may be that has taken one of the ways.
    private struct Position: Hashable {
        let state: Int
        let way: Int
        /// Where the rules go on that it has entered.
        var stack: [Int]
        /// Whether it has left the rule in which the way began; what follows it may be all that ever does.
        var isOutside: Bool
    }

    /// Which way fits the words that come, as ANTLR's SLL prediction finds it: the first of those that nothing tells apart.
    private func predicted() throws(Failure) -> Int {
        var positions: Set<Position> = []
        for (way, next) in grammar.states[state].steps.enumerated() {
            let start = Position(state: next.target, way: way, stack: [], isOutside: false)
            expand(start, binding: frames.last?.binding, into: &positions)
        }
        var ahead = place
        while true {
            let kind = tokens[ahead].kind
            var reached: Set<Position> = []
            for position in positions {
                for (step, target) in grammar.states[position.state].steps {
                    guard case .word(let kinds) = step, kinds.contains(kind) else { continue }
                    let next = Position(
                        state: target, way: position.way, stack: position.stack, isOutside: position.isOutside)
                    expand(next, binding: nil, into: &reached)
                }
            }
            if reached.isEmpty {
                if let way = positions.filter(\.isOutside).map(\.way).min() { return way }
                throw Failure(wrong: .noViable(place: ahead))
            }
            if let way = Self.decided(reached) { return way }
            // What goes on for so long is nested too deeply in any case.
            if ahead - place > 4 * Self.deepest { return reached.map(\.way).min() ?? 0 }
            positions = reached
            ahead = min(ahead + 1, tokens.count - 1)
        }
    }

    private static func decided(_ positions: Set<Position>) -> Int? {
        let ways = Set(positions.map(\.way))
        if ways.count == 1 { return ways.first }
        // Those of several ways that come to the same are never told apart.
        let alike = Dictionary(grouping: positions) {
            Position(state: $0.state, way: 0, stack: $0.stack, isOutside: false)
        }
        let byState = Dictionary(grouping: positions, by: \.state).values.map { Set($0.map(\.way)).count }
        guard alike.values.contains(where: { Set($0.map(\.way)).count > 1 }), byState.allSatisfy({ $0 > 1 }) else {
            return nil
        }
        return ways.min()
    }

    /// Adds the states before a word to which one leads.
    ///
    /// - Parameter binding: how strongly what is around binds, at the beginning of the ways.
    private func expand(_ start: Position, binding: Int?, into found: inout Set<Position>) {
        var seen: Set<Position> = []
        var open = [start]
        while let position = open.popLast() {
            guard seen.insert(position).inserted else { continue }
            let here = grammar.states[position.state]
            if here.kind == .end { open += ends(of: here.rule, position) }
            if here.kind == .end && here.rule == .start { found.insert(position) }
            for (step, target) in here.steps {
                var next = Position(
                    state: target, way: position.way, stack: position.stack, isOutside: position.isOutside)
                switch step {
                case .word: found.insert(position)
                case .weaker(let own):
                    if let binding, position.stack.isEmpty, !position.isOutside, own < binding { continue }
                    open.append(next)
                case .nothing: open.append(next)
                case .rule(_, _, let follow):
                    next.stack.append(follow)
                    open.append(next)
                }
            }
        }
    }

    private func ends(of rule: Grammar.Rule, _ position: Position) -> [Position] {
        var position = position
        if let follow = position.stack.popLast() {
            return [Position(state: follow, way: position.way, stack: position.stack, isOutside: position.isOutside)]
        }
        return grammar.follows[rule.rawValue].map {
            Position(state: $0, way: position.way, stack: [], isOutside: true)
        }
    }
}
