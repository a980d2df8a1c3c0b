/// What is written down in an expression, read (cel-spec, "Values"): a message where it cannot be.
enum Literal {
    struct Failure: Error {
        let message: String
    }

    /// - Parameter text: with the sign before it, if there is one.
    static func int(_ text: String) throws(Failure) -> CELValue {
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.dropFirst(sign.count)
        let value =
            digits.hasPrefix("0x") ? Int64(sign + digits.dropFirst(2), radix: 16) : Int64(sign + digits, radix: 10)
        guard let value else { throw Failure(message: "invalid int literal") }
        return .int(value)
    }

    static func uint(_ text: String) throws(Failure) -> CELValue {
        let digits = text.dropLast()
        let value = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits, radix: 10)
        guard let value else { throw Failure(message: "invalid uint literal") }
        return .uint(value)
    }

    static func double(_ text: String) throws(Failure) -> CELValue {
        guard let value = Double(text), value.isFinite else { throw Failure(message: "invalid double literal") }
        return .double(value)
    }

    static func string(_ text: String) throws(Failure) -> CELValue {
        .string(String(decoding: try bytes(text, isBytes: false), as: UTF8.self))
    }

    static func bytes(_ text: String) throws(Failure) -> CELValue {
        .bytes(try bytes(String(text.dropFirst()), isBytes: true))
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    /// What stands between the quotes. The lexer has seen to it that they and all escapes are whole.
    private static func bytes(_ text: String, isBytes: Bool) throws(Failure) -> [UInt8] {
        var rest = normal(Array(text.utf8))[...]
        let isRaw = rest.first == UInt8(ascii: "r") || rest.first == UInt8(ascii: "R")
        if isRaw { rest = rest.dropFirst() }
        let isLong = rest.count >= 6 && rest.prefix(3).allSatisfy { $0 == rest.first }
        rest = rest.dropFirst(isLong ? 3 : 1).dropLast(isLong ? 3 : 1)
        if isRaw { return Array(rest) }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            try unescape(escape, &rest, into: &bytes, isBytes: isBytes)
        }
        return bytes
    }

    /// Every end of a line as one byte.
    private static func normal(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(13) else { return bytes }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == 13, rest.first == 10 { rest.removeFirst() }
            result.append(byte == 13 ? 10 : byte)
        }
        return result
    }

    private static func unescape(
        _ escape: UInt8, _ rest: inout ArraySlice<UInt8>, into bytes: inout [UInt8], isBytes: Bool
    ) throws(Failure) {
        let (count, radix): (Int, Int)
        switch escape {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): (count, radix) = (2, 16)
        case UInt8(ascii: "u"): (count, radix) = (4, 16)
        case UInt8(ascii: "U"): (count, radix) = (8, 16)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): (count, radix) = (2, 8)
        default: return bytes.append(escapes[escape] ?? escape)
        }
        if isBytes, count > 2 { throw Failure(message: "unable to unescape string") }
        let digits = (radix == 8 ? [escape] : []) + rest.prefix(count)
        rest = rest.dropFirst(count)
        let code = UInt32(String(decoding: digits, as: UTF8.self), radix: radix) ?? .max
        if isBytes { return bytes.append(UInt8(truncatingIfNeeded: code)) }
        guard let scalar = Unicode.Scalar(code) else { throw Failure(message: "invalid unicode code point") }
        bytes += Array(String(Character(scalar)).utf8)
    }
}
