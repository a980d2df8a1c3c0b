import Document
import Pattern
import Synchronization

extension Function {
    /// Sprig's regular expressions. Those named `must…` answer an error where the others panic; both end the rendering.
    static let patterns: [Function] =
        [
            Function("regexMatch", .string, .string) { arguments in
                .bool((try? PatternCache.compiled(arguments.text(0)))?.matches(arguments.bytes(1)) ?? false)
            },
            Function("mustRegexMatch", .string, .string) { arguments throws(CallFailure) in
                .bool(try compiled(arguments.text(0), isPanic: false).matches(arguments.bytes(1)))
            },
            Function("regexQuoteMeta", .string) { .string(bytes: RegularExpression.quoted($0.bytes(0))) },
        ]
        + both("regexFind", .string, .string) { (pattern, arguments) in
            let text = arguments.bytes(1)
            let match = pattern.firstMatch(in: text, groups: false)
            return .string(bytes: match.map { text[$0.whole] } ?? [])
        }
        + both("regexFindAll", .string, .string, .int) { (pattern, arguments) throws(CallFailure) in
            let text = arguments.bytes(1)
            let matches = pattern.allMatches(in: text, limit: pieces(arguments.int(2)), groups: false)
            if matches.count > mostElements { throw .limit("there are more than \(mostElements) matches") }
            let found = matches.map { match in GoValue.string(bytes: text[match.whole]) }
            return .list(GoList(found, type: .string, isNil: found.isEmpty, .tens))
        }
        + both("regexReplaceAll", .string, .string, .string) { (pattern, arguments) throws(CallFailure) in
            let (text, template) = (arguments.bytes(1), arguments.bytes(2))
            return try bounded { count in
                pattern.replacing(in: text) { count(pattern.expand(template, text, $0)) }
            }
        }
        + both("regexReplaceAllLiteral", .string, .string, .string) { (pattern, arguments) throws(CallFailure) in
            let literal = arguments.bytes(2)
            return try bounded { count in pattern.replacing(in: arguments.bytes(1)) { _ in count(literal) } }
        }
        + both("regexSplit", .string, .string, .int) { (pattern, arguments) throws(CallFailure) in
            let pieces = pattern.split(
                arguments.bytes(1), limit: pieces(arguments.int(2)), patternIsEmpty: arguments.text(0).isEmpty)
            guard let pieces else { return .list(GoList([], type: .string, isNil: true)) }
            if pieces.count > mostElements { throw .limit("there are more than \(mostElements) pieces") }
            return .list(GoList(pieces.map { .string(bytes: $0) }, type: .string, .appended))
        }

    /// As many pieces as are wanted, or one more than there may be.
    private static func pieces(_ wanted: Int) -> Int {
        wanted < 0 ? mostElements + 1 : min(wanted, mostElements + 1)
    }

    private static func both(
        _ name: String, _ parameters: Parameter...,
        answer: @escaping @Sendable (RegularExpression, [GoValue]) throws(CallFailure) -> GoValue
    ) -> [Function] {
        [(name, true), ("mustR" + String(name.dropFirst()), false)].map { name, isPanic in
            Function(
                name, parameters,
                .plain { arguments throws(CallFailure) in
                    try answer(try compiled(arguments.text(0), isPanic: isPanic), arguments)
                })
        }
    }

    /// A text of which no more is made than a repetition may make: `make` passes each piece through its argument.
    private static func bounded(
        _ make: (_ count: ([UInt8]) -> [UInt8]) -> [UInt8]
    ) throws(CallFailure) -> GoValue {
        var total = 0
        let text = make { piece in
            total += piece.count
            return total > mostBytes ? [] : piece
        }
        if total > mostBytes { throw .limit("the replacements are \(total) bytes together") }
        return .string(bytes: text)
    }

    private static func compiled(_ pattern: Text, isPanic: Bool) throws(CallFailure) -> RegularExpression {
        do throws(RegularExpression.Malformed) {
            return try PatternCache.compiled(pattern)
        } catch {
            guard isPanic else { throw .text(error.message) }
            let bytes = pattern.bytes
            let shown = GoStrings.canBackquote(bytes) ? "`\(pattern.string)`" : Quoting.string(bytes)
            throw .text("regexp: Compile(\(shown)): \(error.message)")
        }
    }
}

/// The patterns that templates used before: charts use few, and each many times.
private enum PatternCache {
    private static let limit = 1000
    private static let patterns = Mutex(TextTable<RegularExpression>())

    static func compiled(_ pattern: Text) throws(RegularExpression.Malformed) -> RegularExpression {
        if let known = patterns.withLock({ $0[pattern] }) { return known }
        let made = try RegularExpression(pattern.bytes)
        patterns.withLock { patterns in
            if patterns.count >= limit { patterns = TextTable() }
            patterns.set(pattern, made)
        }
        return made
    }
}
