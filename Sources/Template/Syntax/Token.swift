/// A lexical element of a template: numbers only, for the parser hands it around by the thousand.
struct Token {
    enum Kind: UInt8 {
        case error, bool, char, charConstant, complex, assign, declare, endOfFile, field, identifier, leftDelimiter
        case leftParen, number, pipe, rawString, rightDelimiter, rightParen, space, string, text, variable, dot, `nil`
        case block, `break`, `continue`, define, `else`, end, `if`, range, template, with

        /// Whether this is one of the words that the language keeps for itself.
        var isKeyword: Bool { rawValue >= Kind.dot.rawValue }
    }

    var kind: Kind
    var start: Int
    var end: Int

    var span: Span { Span(start, end) }
}

extension Token.Kind {
    /// What a word is: a keyword, a truth value or a name.
    init(word: Slice<UnsafeBufferPointer<UInt8>>) {
        self = .identifier
        guard word.count <= 8 else { return }
        let number = word.reduce(0) { $0 << 8 | UInt64($1) }
        for keyword in Token.Kind.keywords where keyword.spelling == number { self = keyword.kind }
    }

    /// Spelled as numbers, since a comparison of texts for each word of a template is felt.
    private static let keywords: [(spelling: UInt64, kind: Token.Kind)] = [
        ("block" as String, .block), ("break", .break), ("continue", .continue), ("define", .define), ("else", .else),
        ("end", .end), ("if", .if), ("range", .range), ("nil", .nil), ("template", .template), ("with", .with),
        ("true", .bool), ("false", .bool),
    ].map { ($0.utf8.reduce(0) { $0 << 8 | UInt64($1) }, $1) }
}
