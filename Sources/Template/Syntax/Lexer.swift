import Document
import Glibc

/// Cuts a template into tokens, by the rules of Go's text/template/parse.
struct Lexer {
    /// All tokens of a template, the end last, and what is wrong where an error stands before it.
    static func tokens(of text: [UInt8]) -> (tokens: ContiguousArray<Token>, fault: String?) {
        text.withUnsafeBufferPointer { source in
            var lexer = Lexer(source)
            var tokens: ContiguousArray<Token> = []
            // About what a template has; the array grows where it has more.
            tokens.reserveCapacity(source.count / 6 + 8)
            while true {
                let token = lexer.next()
                tokens.append(token)
                if token.kind == .endOfFile { return (tokens, lexer.fault) }
            }
        }
    }

    let source: UnsafeBufferPointer<UInt8>
    var position = 0
    var start = 0
    var parenDepth = 0
    private var insideAction = false
    /// What is wrong, once an error was found; nothing but the end follows then.
    private var fault: String?

    private init(_ source: UnsafeBufferPointer<UInt8>) { self.source = source }

    /// The next token; after an error or the end, the end.
    private mutating func next() -> Token {
        start = position
        if fault != nil { return Token(.endOfFile, position, position) }
        return insideAction ? insideActionToken() : textToken()
    }

    // MARK: - Text

    private mutating func textToken() -> Token {
        while true {
            start = position
            guard let delimiter = findDelimiter() else {
                position = source.count
                return start < position ? emit(.text) : emit(.endOfFile)
            }
            if delimiter > position {
                let marked = hasLeftTrimMarker(delimiter + 2)
                var end = delimiter
                if marked { while end > position, Lexer.isSpace(source[end - 1]) { end -= 1 } }
                let begin = position
                position = delimiter
                if end > begin { return Token(.text, begin, end) }
                continue
            }
            if let token = leftDelimiter() { return token }
        }
    }

    private func findDelimiter() -> Int? {
        var index = position
        while index < source.count, let base = source.baseAddress,
            let brace = memchr(base + index, CInt(UInt8(ascii: "{")), source.count - index)
        {
            let found = UnsafeRawPointer(brace) - UnsafeRawPointer(base)
            if found + 1 < source.count, source[found + 1] == UInt8(ascii: "{") { return found }
            index = found + 1
        }
        return nil
    }

    /// The delimiter, or nil after a comment, which is skipped.
    private mutating func leftDelimiter() -> Token? {
        position += 2
        let afterMarker = hasLeftTrimMarker(position) ? position + 2 : position
        if matches("/*", at: afterMarker) { return comment(from: afterMarker) }
        let token = emit(.leftDelimiter)
        position = afterMarker
        parenDepth = 0
        insideAction = true
        return token
    }

    private mutating func comment(from opening: Int) -> Token? {
        start = opening
        position = opening + 2
        var index = position
        while index < source.count, !matches("*/", at: index) { index += 1 }
        guard index < source.count else { return failure("unclosed comment") }
        position = index + 2
        guard let (width, trims) = rightDelimiter(at: position) else {
            return failure("comment ends before closing delimiter")
        }
        position += width
        if trims { skipSpaces() }
        return nil
    }

    // MARK: - Actions

    private mutating func insideActionToken() -> Token {
        guard position < source.count else { return failure("unclosed action") }
        let byte = source[position]
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            return identifier()
        case 0x20, 0x09, 0x0D, 0x0A, UInt8(ascii: "}"): return blankOrClosing()
        case UInt8(ascii: "."):
            // A dot followed by no digit starts a field; else a number.
            guard position + 1 < source.count, !(0x30...0x39).contains(source[position + 1]) else { return number() }
            position += 1
            return isAtTerminator ? emit(.dot) : fieldOrVariable(.field)
        case UInt8(ascii: "$"):
            position += 1
            return isAtTerminator ? emit(.variable) : fieldOrVariable(.variable)
        case UInt8(ascii: "\""): return quoted()
        case UInt8(ascii: "`"): return rawQuoted()
        case UInt8(ascii: "'"): return charConstant()
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case 0x80...: return beyondASCII()
        default: return punctuation(Unicode.Scalar(byte), 1)
        }
    }

    private mutating func beyondASCII() -> Token {
        guard let (scalar, width) = peek() else { return failure("unclosed action") }
        return Lexer.isAlphaNumeric(scalar) ? identifier() : punctuation(scalar, width)
    }

    /// Blanks, or the delimiter, to which a blank before its trim marker belongs.
    private mutating func blankOrClosing() -> Token {
        if let (width, trims) = rightDelimiter(at: position) {
            return parenDepth == 0 ? closing(width, trims) : failure("unclosed left paren")
        }
        guard Lexer.isSpace(source[position]) else { return punctuation("}", 1) }
        position += 1
        while position < source.count, Lexer.isSpace(source[position]), rightDelimiter(at: position) == nil {
            position += 1
        }
        return emit(.space)
    }

    private mutating func punctuation(_ scalar: Unicode.Scalar, _ width: Int) -> Token {
        position += width
        switch scalar {
        case "=": return emit(.assign)
        case ":":
            guard let (next, _) = peek(), next == "=" else {
                if let (_, width) = peek() { position += width }
                return failure("expected :=")
            }
            position += 1
            return emit(.declare)
        case "|": return emit(.pipe)
        case "(":
            parenDepth += 1
            return emit(.leftParen)
        case ")":
            parenDepth -= 1
            return parenDepth < 0 ? failure("unexpected right paren") : emit(.rightParen)
        case "\u{20}"..."\u{7E}": return emit(.char)
        default: return failure("unrecognized character in action: " + Lexer.codePoint(scalar))
        }
    }

    private mutating func closing(_ width: Int, _ trims: Bool) -> Token {
        let marker = width - 2
        position += marker
        start = position
        position += 2
        let token = emit(.rightDelimiter)
        insideAction = false
        if trims { skipSpaces() }
        return token
    }

    // MARK: - Pieces

    mutating func emit(_ kind: Token.Kind) -> Token {
        Token(kind, start, position)
    }

    mutating func failure(_ message: String) -> Token {
        fault = message
        return Token(.error, start, position)
    }

    private mutating func skipSpaces() {
        while position < source.count, Lexer.isSpace(source[position]) { position += 1 }
    }

    /// The scalar at `position` and its width; U+FFFD for a byte that starts none, nil at the end.
    func peek() -> (Unicode.Scalar, Int)? {
        guard position < source.count else { return nil }
        let byte = source[position]
        if byte < 0x80 { return (Unicode.Scalar(byte), 1) }
        let (scalar, width) = UTF8Decoding.decode(source, at: position)
        return (scalar ?? "\u{FFFD}", width)
    }

    func matches(_ text: StaticString, at index: Int) -> Bool {
        guard index + text.utf8CodeUnitCount <= source.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where source[index + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    private func hasLeftTrimMarker(_ index: Int) -> Bool {
        index + 1 < source.count && source[index] == UInt8(ascii: "-") && Lexer.isSpace(source[index + 1])
    }

    /// The width of a right delimiter with its trim marker, and whether it trims; nil where none stands.
    func rightDelimiter(at index: Int) -> (width: Int, trims: Bool)? {
        guard index + 1 < source.count else { return nil }
        let (first, second) = (source[index], source[index + 1])
        if first == UInt8(ascii: "}") { return second == first ? (2, false) : nil }
        guard second == UInt8(ascii: "-"), Lexer.isSpace(first), matches("}}", at: index + 2) else { return nil }
        return (4, true)
    }
}
