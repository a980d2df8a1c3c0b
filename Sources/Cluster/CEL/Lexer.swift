/// A word of an expression.
struct Token: Sendable {
    enum Kind: Sendable, Hashable {
        case identifier(String)
        case int(Int64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        /// An operator or a bracket.
        case symbol(String)
        case end
    }

    let kind: Kind
    let offset: Int
}

/// Splits an expression into its words (cel-spec, "Syntax").
struct Lexer {
    private let text: [Character]
    private var place = 0

    private init(_ source: String) { text = Array(source) }

    static func tokens(_ source: String) throws(CELFault) -> [Token] {
        var lexer = Lexer(source)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private var current: Character? { place < text.count ? text[place] : nil }

    private func at(_ distance: Int) -> Character? {
        place + distance < text.count ? text[place + distance] : nil
    }

    private mutating func skipSpace() {
        while let character = current {
            if character == "/", at(1) == "/" {
                while let character = current, character != "\n" {
                    place += 1
                    _ = character
                }
            } else if character.isWhitespace {
                place += 1
            } else {
                return
            }
        }
    }

    private mutating func next() throws(CELFault) -> Token {
        skipSpace()
        let start = place
        guard let character = current else { return Token(kind: .end, offset: start) }
        if let prefix = stringPrefix() {
            place += prefix.count
            return Token(kind: try string(isRaw: prefix.contains("r"), isBytes: prefix.contains("b")), offset: start)
        }
        if character.isASCII, character.isLetter || character == "_" {
            let word = take { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            return Token(kind: .identifier(word), offset: start)
        }
        if character.isASCII, character.isNumber || (character == "." && at(1)?.isNumber == true) {
            return Token(kind: try number(start), offset: start)
        }
        let pair = String(character) + (at(1).map(String.init) ?? "")
        for symbol in [pair, String(character)] where Self.symbols.contains(symbol) {
            place += symbol.count
            return Token(kind: .symbol(symbol), offset: start)
        }
        throw CELFault(offset: start, message: "Syntax error: token recognition error at: '\(character)'")
    }

    private static let symbols: Set<String> = [
        "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[",
        "]", "{", "}",
    ]

    private mutating func take(_ belongs: (Character) -> Bool) -> String {
        let start = place
        while let character = current, belongs(character) {
            place += 1
            _ = character
        }
        return String(text[start..<place])
    }

    /// The letters before a quote, empty for none; nil where no string begins.
    private func stringPrefix() -> String? {
        var prefix = ""
        var distance = 0
        while let character = at(distance), distance < 3 {
            if character == "\"" || character == "'" { return prefix }
            guard "rRbB".contains(character) else { return nil }
            prefix += character.lowercased()
            distance += 1
        }
        return nil
    }

    private mutating func number(_ start: Int) throws(CELFault) -> Token.Kind {
        func fault(_ why: String) -> CELFault { CELFault(offset: start, message: why) }
        if current == "0", at(1) == "x" || at(1) == "X" { return try hexadecimal(start) }
        var digits = take(\.isNumber)
        var isDouble = false
        if current == ".", at(1)?.isNumber == true {
            isDouble = true
            place += 1
            digits += "." + take(\.isNumber)
        }
        if current == "e" || current == "E" {
            isDouble = true
            place += 1
            digits += "e"
            if let sign = current, sign == "+" || sign == "-" {
                digits.append(sign)
                place += 1
            }
            digits += take(\.isNumber)
        }
        if isDouble {
            guard let value = Double(digits) else { throw fault("invalid double literal") }
            return .double(value)
        }
        if current == "u" || current == "U" {
            place += 1
            guard let value = UInt64(digits) else { throw fault("invalid uint literal") }
            return .uint(value)
        }
        // The smallest int has no positive of its own; the parser puts the sign before it.
        if digits == "9223372036854775808" { return .int(.min) }
        guard let value = Int64(digits) else { throw fault("invalid int literal") }
        return .int(value)
    }

    private mutating func hexadecimal(_ start: Int) throws(CELFault) -> Token.Kind {
        place += 2
        let digits = take(\.isHexDigit)
        if current == "u" || current == "U" {
            place += 1
            guard let value = UInt64(digits, radix: 16) else {
                throw CELFault(offset: start, message: "invalid uint literal")
            }
            return .uint(value)
        }
        guard let value = Int64(digits, radix: 16) else {
            throw CELFault(offset: start, message: "invalid int literal")
        }
        return .int(value)
    }

    // MARK: Strings

    private mutating func string(isRaw: Bool, isBytes: Bool) throws(CELFault) -> Token.Kind {
        let start = place
        guard let quote = current else { throw CELFault(offset: start, message: "Syntax error: a quote is missing") }
        let isLong = at(1) == quote && at(2) == quote
        place += isLong ? 3 : 1
        var bytes: [UInt8] = []
        while let character = current {
            let ends = isLong ? character == quote && at(1) == quote && at(2) == quote : character == quote
            if ends {
                place += isLong ? 3 : 1
                return isBytes ? .bytes(bytes) : .string(String(decoding: bytes, as: UTF8.self))
            }
            if character == "\n", !isLong { break }
            place += 1
            if character == "\\", !isRaw {
                try escape(into: &bytes, isBytes: isBytes)
            } else {
                bytes += Array(String(character).utf8)
            }
        }
        throw CELFault(offset: start, message: "Syntax error: token recognition error at: the string is not ended")
    }

    private static let escapes: [Character: UInt8] = [
        "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "?": 63, "\"": 34, "'": 39, "`": 96,
    ]

    private mutating func escape(into bytes: inout [UInt8], isBytes: Bool) throws(CELFault) {
        let start = place
        guard let character = current else { throw CELFault(offset: start, message: "Syntax error: unfinished escape") }
        place += 1
        if let byte = Self.escapes[character] { return bytes.append(byte) }
        let (count, radix): (Int, Int)
        switch character {
        case "x", "X": (count, radix) = (2, 16)
        case "u": (count, radix) = (4, 16)
        case "U": (count, radix) = (8, 16)
        case "0"..."3":
            (count, radix) = (3, 8)
            place -= 1
        default: throw CELFault(offset: start, message: "Syntax error: unknown escape \\\(character)")
        }
        let digits = String(text[place..<min(place + count, text.count)])
        guard digits.count == count, let code = UInt32(digits, radix: radix) else {
            throw CELFault(offset: start, message: "Syntax error: bad escape")
        }
        place += count
        if isBytes, character != "u", character != "U" { return bytes.append(UInt8(truncatingIfNeeded: code)) }
        guard let scalar = Unicode.Scalar(code) else {
            throw CELFault(offset: start, message: "Syntax error: bad escape")
        }
        bytes += Array(String(Character(scalar)).utf8)
    }
}
