import Document

/// The quoting of Go's package strconv.
enum Quoting {
    /// `strconv.Quote` (or `QuoteToASCII`) of bytes.
    static func quote(_ bytes: some RandomAccessCollection<UInt8>, ascii: Bool = false) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "\"")]
        append(bytes, quote: UInt8(ascii: "\""), ascii: ascii, to: &out)
        out.append(UInt8(ascii: "\""))
        return out
    }

    /// `strconv.Quote` as a string.
    static func string(_ bytes: some RandomAccessCollection<UInt8>) -> String {
        String(decoding: quote(bytes), as: UTF8.self)
    }

    /// `strconv.Quote` of a text.
    static func string(_ text: Text) -> String { text.withBytes { string($0) } }

    /// `strconv.QuoteRune` (or `QuoteRuneToASCII`).
    static func rune(_ scalar: Unicode.Scalar, ascii: Bool = false) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "'")]
        append(scalar, quote: UInt8(ascii: "'"), ascii: ascii, to: &out)
        out.append(UInt8(ascii: "'"))
        return out
    }

    private static func append(
        _ bytes: some RandomAccessCollection<UInt8>, quote: UInt8, ascii: Bool, to out: inout [UInt8]
    ) {
        let array = Array(bytes)
        var index = 0
        while index < array.count {
            let byte = array[index]
            if byte < 0x80 {
                append(Unicode.Scalar(byte), quote: quote, ascii: ascii, to: &out)
                index += 1
                continue
            }
            let (scalar, width) = UTF8Decoding.decode(array, at: index)
            if let scalar {
                append(scalar, quote: quote, ascii: ascii, to: &out)
            } else {
                out += Array("\\x".utf8) + hex(UInt32(byte), 2)
            }
            index += width
        }
    }

    private static func append(_ scalar: Unicode.Scalar, quote: UInt8, ascii: Bool, to out: inout [UInt8]) {
        if scalar.value == UInt32(quote) || scalar == "\\" {
            out += [UInt8(ascii: "\\"), UInt8(scalar.value)]
        } else if ascii ? (scalar.isASCII && GoUnicode.isPrint(scalar)) : GoUnicode.isPrint(scalar) {
            out += Array(String(scalar).utf8)
        } else if let short = shortEscape(scalar) {
            out += [UInt8(ascii: "\\"), short]
        } else if scalar.value < 0x20 || scalar.value == 0x7F {
            out += Array("\\x".utf8) + hex(scalar.value, 2)
        } else if scalar.value < 0x10000 {
            out += Array("\\u".utf8) + hex(scalar.value, 4)
        } else {
            out += Array("\\U".utf8) + hex(scalar.value, 8)
        }
    }

    private static func shortEscape(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x07: UInt8(ascii: "a")
        case 0x08: UInt8(ascii: "b")
        case 0x0C: UInt8(ascii: "f")
        case 0x0A: UInt8(ascii: "n")
        case 0x0D: UInt8(ascii: "r")
        case 0x09: UInt8(ascii: "t")
        case 0x0B: UInt8(ascii: "v")
        default: nil
        }
    }

    private static func hex(_ value: UInt32, _ width: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 16).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, width - digits.count)) + digits
    }
}
