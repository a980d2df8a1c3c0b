import Glibc

extension Lexer {
    // MARK: - Words

    mutating func identifier() -> Token {
        skipAlphaNumeric()
        guard isAtTerminator else { return badCharacter() }
        return emit(Token.Kind(word: UnsafeBufferPointer(rebasing: source[start..<position])))
    }

    mutating func fieldOrVariable(_ kind: Token.Kind) -> Token {
        skipAlphaNumeric()
        return isAtTerminator ? emit(kind) : badCharacter()
    }

    private mutating func skipAlphaNumeric() {
        repeat {
            var index = position
            while index < source.count, Lexer.isAlphaNumeric(source[index]) { index += 1 }
            position = index
        } while position < source.count && source[position] >= 0x80 && skipLetter()
    }

    /// Passes over a letter or digit beyond ASCII.
    @inline(never)
    private mutating func skipLetter() -> Bool {
        guard let (scalar, width) = peek(), Lexer.isAlphaNumeric(scalar) else { return false }
        position += width
        return true
    }

    private mutating func badCharacter() -> Token {
        let scalar = peek()?.0 ?? "\u{FFFD}"
        return failure("bad character " + Lexer.codePoint(scalar))
    }

    /// Whether what follows may end an identifier, field or variable.
    var isAtTerminator: Bool {
        guard position < source.count else { return true }
        switch source[position] {
        case 0x20, 0x09, 0x0D, 0x0A: return true
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: ")"),
            UInt8(ascii: "("):
            return true
        case UInt8(ascii: "}"): return matches("}}", at: position)
        default: return false
        }
    }

    // MARK: - Constants

    mutating func quoted() -> Token { delimited(by: UInt8(ascii: "\""), .string, "unterminated quoted string") }

    mutating func charConstant() -> Token {
        delimited(by: UInt8(ascii: "'"), .charConstant, "unterminated character constant")
    }

    private mutating func delimited(by quote: UInt8, _ kind: Token.Kind, _ message: String) -> Token {
        position += 1
        while position < source.count {
            let byte = source[position]
            if byte == UInt8(ascii: "\n") { break }
            position += 1
            if byte == quote { return emit(kind) }
            if byte == UInt8(ascii: "\\") {
                guard position < source.count, source[position] != UInt8(ascii: "\n") else { break }
                position += 1
            }
        }
        return failure(message)
    }

    mutating func rawQuoted() -> Token {
        position += 1
        guard let base = source.baseAddress,
            let quote = memchr(base + position, CInt(UInt8(ascii: "`")), source.count - position)
        else {
            position = source.count
            return failure("unterminated raw quoted string")
        }
        position = UnsafeRawPointer(quote) - UnsafeRawPointer(base) + 1
        return emit(.rawString)
    }

    mutating func number() -> Token {
        guard scanNumber() else { return badNumber() }
        if let (sign, _) = peek(), sign == "+" || sign == "-" {
            // Complex: 1+2i. No spaces, must end in 'i'.
            guard scanNumber(), source[position - 1] == UInt8(ascii: "i") else { return badNumber() }
            return emit(.complex)
        }
        return emit(.number)
    }

    private mutating func badNumber() -> Token {
        failure("bad number syntax: " + Quoting.string(source[start..<position]))
    }

    private mutating func scanNumber() -> Bool {
        _ = accept("+-")
        var digits: StaticString = "0123456789_"
        var exponents: StaticString = "eE"
        if accept("0") {
            if accept("xX") {
                (digits, exponents) = ("0123456789abcdefABCDEF_", "pP")
            } else if accept("oO") {
                (digits, exponents) = ("01234567_", "")
            } else if accept("bB") {
                (digits, exponents) = ("01_", "")
            }
        }
        while accept(digits) {}
        if accept(".") { while accept(digits) {} }
        if accept(exponents) {
            _ = accept("+-")
            while accept("0123456789_") {}
        }
        _ = accept("i")
        if let (scalar, width) = peek(), Lexer.isAlphaNumeric(scalar) {
            position += width
            return false
        }
        return true
    }

    private mutating func accept(_ set: StaticString) -> Bool {
        guard position < source.count else { return false }
        for index in 0..<set.utf8CodeUnitCount where set.utf8Start[index] == source[position] {
            position += 1
            return true
        }
        return false
    }

    // MARK: - Classes

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && isSpace(UInt8(scalar.value)) }

    static func isAlphaNumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
    }

    static func isAlphaNumeric(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isAlphaNumeric(UInt8(scalar.value)) }
        return GoUnicode.isLetter(scalar) || GoUnicode.isDigit(scalar)
    }

    /// The text of fmt's `%#U`.
    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        return "U+" + padded + (GoUnicode.isPrint(scalar) ? " '" + String(scalar) + "'" : "")
    }
}
