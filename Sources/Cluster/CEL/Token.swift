/// A word of an expression.
struct Token: Sendable {
    /// The words in the order of their numbers in CEL's grammar: messages list them so.
    enum Kind: UInt8, Sendable {
        case end, equals, notEquals, `in`, less, lessEquals, greaterEquals, greater, and, or
        case openBracket, closeBracket, openBrace, closeBrace, open, close, dot, comma, minus, not, question, colon
        case plus, star, slash, percent, `true`, `false`, null, float, int, uint, string, bytes
        case identifier, escapedIdentifier
    }

    /// Kinds of words, and that there may be no word any more.
    struct Kinds: OptionSet, Hashable {
        let rawValue: UInt64

        /// A rule may end here.
        static let nothing = Kinds(rawValue: 1 << 63)

        static func only(_ kind: Kind) -> Kinds { Kinds(rawValue: 1 << UInt64(kind.rawValue)) }

        init(rawValue: UInt64) { self.rawValue = rawValue }

        init(_ kinds: [Kind]) { self = kinds.reduce([]) { $0.union(.only($1)) } }

        func contains(_ kind: Kind) -> Bool { contains(Kinds.only(kind)) }

        /// As ANTLR writes a set: one without braces.
        var description: String {
            let names = Token.names.enumerated().filter { rawValue & 1 << UInt64($0.offset) != 0 }.map(\.element)
            return names.count == 1 ? names[0] : "{\(names.joined(separator: ", "))}"
        }
    }

    let kind: Kind
    /// How many characters stand before it, and before its end.
    let offset: Int
    let end: Int

    static let symbols: [(text: String, kind: Kind)] = [
        ("==", .equals), ("!=", .notEquals), ("<=", .lessEquals), (">=", .greaterEquals), ("&&", .and), ("||", .or),
        ("<", .less), (">", .greater), ("[", .openBracket), ("]", .closeBracket), ("{", .openBrace),
        ("}", .closeBrace), ("(", .open), (")", .close), (".", .dot), (",", .comma), ("-", .minus), ("!", .not),
        ("?", .question), (":", .colon), ("+", .plus), ("*", .star), ("/", .slash), ("%", .percent),
    ]

    static let keywords: [String: Kind] = ["in": .in, "true": .true, "false": .false, "null": .null]

    /// As messages name the kinds.
    private static let names: [String] = [
        "<EOF>", "'=='", "'!='", "'in'", "'<'", "'<='", "'>='", "'>'", "'&&'", "'||'", "'['", "']'", "'{'", "'}'",
        "'('",
        "')'", "'.'", "','", "'-'", "'!'", "'?'", "':'", "'+'", "'*'", "'/'", "'%'", "'true'", "'false'", "'null'",
        "NUM_FLOAT", "NUM_INT", "NUM_UINT", "STRING", "BYTES", "IDENTIFIER", "ESC_IDENTIFIER",
    ]
}
