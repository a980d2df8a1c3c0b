import Glibc

/// A lexical element of a template: numbers only, for the parser hands it around by the thousand.
struct Token {
    enum Kind: UInt8 {
        case error, bool, char, charConstant, complex, assign, declare, endOfFile, field, identifier, leftDelimiter
        case leftParen, number, pipe, rawString, rightDelimiter, rightParen, space, string, text, variable, dot, `nil`
        case block, `break`, `continue`, define, `else`, end, `if`, range, template, with

        /// Whether this is one of the words that the language keeps for itself.
        var isKeyword: Bool { rawValue >= Kind.dot.rawValue }
    }

    let kind: Kind
    let span: Span

    init(_ kind: Kind, _ start: Int, _ end: Int) {
        self.kind = kind
        span = Span(start, end)
    }
}

extension Token.Kind {
    /// What a word is: a keyword, a truth value or a name.
    init(word: UnsafeBufferPointer<UInt8>) {
        self = .identifier
        guard let first = word.first else { return }
        let keyword: (spelling: StaticString, kind: Token.Kind)
        // The length and the first letter leave one or two, for every word of a template passes here.
        switch (word.count, first) {
        case (2, UInt8(ascii: "i")): keyword = ("if", .if)
        case (3, UInt8(ascii: "e")): keyword = ("end", .end)
        case (3, UInt8(ascii: "n")): keyword = ("nil", .nil)
        case (4, UInt8(ascii: "e")): keyword = ("else", .else)
        case (4, UInt8(ascii: "t")): keyword = ("true", .bool)
        case (4, UInt8(ascii: "w")): keyword = ("with", .with)
        case (5, UInt8(ascii: "b")) where word.last == UInt8(ascii: "k"):
            keyword = word[1] == UInt8(ascii: "l") ? ("block", .block) : ("break", .break)
        case (5, UInt8(ascii: "f")): keyword = ("false", .bool)
        case (5, UInt8(ascii: "r")): keyword = ("range", .range)
        case (6, UInt8(ascii: "d")): keyword = ("define", .define)
        case (8, UInt8(ascii: "c")): keyword = ("continue", .continue)
        case (8, UInt8(ascii: "t")): keyword = ("template", .template)
        default: return
        }
        if let base = word.baseAddress, memcmp(base, keyword.spelling.utf8Start, word.count) == 0 {
            self = keyword.kind
        }
    }
}
