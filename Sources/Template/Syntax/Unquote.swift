import Document

/// Reading of Go's quoted literals (`strconv.Unquote`).
enum Unquote {
    /// The text of a literal in double quotes or back-quotes; nil for bad syntax.
    static func text(_ literal: ArraySlice<UInt8>) -> Text? {
        guard literal.count >= 2, let quote = literal.first, literal.last == quote else { return nil }
        let body = literal[(literal.startIndex + 1)..<(literal.endIndex - 1)]
        // Most literals are plain, and need no bytes of their own in between.
        if quote == UInt8(ascii: "`") {
            if !body.contains(UInt8(ascii: "\r")) { return Text(bytes: body) }
        } else if quote == UInt8(ascii: "\"") {
            let isPlain = body.allSatisfy { $0 != quote && $0 != UInt8(ascii: "\\") && $0 >= UInt8(ascii: " ") }
            if isPlain { return Text(bytes: body) }
        }
        return string(literal).map { Text(bytes: $0) }
    }

    /// The bytes of a literal in double quotes or back-quotes; nil for bad syntax.
    static func string(_ literal: ArraySlice<UInt8>) -> [UInt8]? {
        guard literal.count >= 2, let quote = literal.first, literal.last == quote else { return nil }
        let body = literal.dropFirst().dropLast()
        if quote == UInt8(ascii: "`") { return body.filter { $0 != UInt8(ascii: "\r") } }
        guard quote == UInt8(ascii: "\""), !body.contains(UInt8(ascii: "\n")) else { return nil }
        if !body.contains(UInt8(ascii: "\\")) { return body.contains(quote) ? nil : Array(body) }
        var out: [UInt8] = []
        var rest = body
        while true {
            let end = rest.firstIndex { $0 == quote || $0 == UInt8(ascii: "\\") } ?? rest.endIndex
            out += rest[..<end]
            rest = rest[end...]
            if rest.isEmpty { return out }
            guard rest.first != quote, let piece = unit(&rest, quote: quote) else { return nil }
            out += piece.bytes
        }
    }

    /// The rune of a literal in single quotes; nil for bad syntax.
    static func rune(_ literal: ArraySlice<UInt8>) -> Int? {
        guard literal.count >= 3, literal.last == UInt8(ascii: "'") else { return nil }
        var rest = literal.dropFirst().dropLast()
        guard rest.first != UInt8(ascii: "'"), let piece = unit(&rest, quote: UInt8(ascii: "'")), rest.isEmpty else {
            return nil
        }
        return Int(piece.value)
    }

    /// One character or escape: its value and the bytes that it stands for.
    private static func unit(
        _ rest: inout ArraySlice<UInt8>, quote: UInt8
    ) -> (value: UInt32, bytes: [UInt8])? {
        guard let first = rest.first else { return nil }
        guard first == UInt8(ascii: "\\") else { return character(&rest) }
        rest.removeFirst()
        guard let kind = rest.popFirst() else { return nil }
        switch kind {
        case UInt8(ascii: "x"): return hex(&rest, 2).map { ($0, [UInt8(truncatingIfNeeded: $0)]) }
        case UInt8(ascii: "u"): return hex(&rest, 4).flatMap(scalar)
        case UInt8(ascii: "U"): return hex(&rest, 8).flatMap(scalar)
        case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal(kind, &rest)
        case UInt8(ascii: "\\"): return (UInt32(kind), [kind])
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return kind == quote ? (UInt32(kind), [kind]) : nil
        default: return simple(kind).map { (UInt32($0), [$0]) }
        }
    }

    private static func character(_ rest: inout ArraySlice<UInt8>) -> (value: UInt32, bytes: [UInt8])? {
        let (scalar, width) = UTF8Decoding.decode(rest, at: 0)
        let bytes = Array(rest.prefix(width))
        rest = rest.dropFirst(width)
        return (scalar?.value ?? 0xFFFD, bytes)
    }

    private static func simple(_ kind: UInt8) -> UInt8? {
        switch kind {
        case UInt8(ascii: "a"): 0x07
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "v"): 0x0B
        default: nil
        }
    }

    private static func scalar(_ value: UInt32) -> (value: UInt32, bytes: [UInt8])? {
        Unicode.Scalar(value).map { ($0.value, Array(String($0).utf8)) }
    }

    private static func hex(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> UInt32? {
        guard rest.count >= count else { return nil }
        let digits = rest.prefix(count)
        rest = rest.dropFirst(count)
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func octal(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> (value: UInt32, bytes: [UInt8])? {
        guard rest.count >= 2 else { return nil }
        var value = UInt32(first - UInt8(ascii: "0"))
        for _ in 0..<2 {
            guard let digit = rest.popFirst(), (0x30...0x37).contains(digit) else { return nil }
            value = value * 8 + UInt32(digit - 0x30)
        }
        return value > 255 ? nil : (value, [UInt8(value)])
    }
}
