/// A lexical element of a template.
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
    var line: Int
    /// What is wrong, for errors.
    var message = ""

    var span: Span { Span(start, end) }
}

extension Token.Kind {
    /// The keyword that these bytes spell.
    static func keyword(_ word: ArraySlice<UInt8>) -> Token.Kind? {
        switch String(decoding: word, as: UTF8.self) {
        case "block": .block
        case "break": .break
        case "continue": .continue
        case "define": .define
        case "else": .else
        case "end": .end
        case "if": .if
        case "range": .range
        case "nil": .nil
        case "template": .template
        case "with": .with
        default: nil
        }
    }
}
