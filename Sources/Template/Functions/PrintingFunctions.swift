import Document

extension Function {
    /// Printing and escaping of text/template.
    static let printing: [Function] = [
        Function(variadic: "print", .any) { arguments in .string(GoFormat.sprint(arguments)) }.costing(.trees()),
        Function(variadic: "println", .any) { arguments in .string(GoFormat.sprintln(arguments)) }.costing(.trees()),
        Function(variadic: "printf", .string, .any) { arguments throws(CallFailure) in
            var run = GoPrintf(arguments.bytes(0), Array(arguments.dropFirst()))
            let bytes = run.run()
            if run.isFull { throw .limit("printf would write more than \(mostBytes) bytes") }
            return .string(Text(bytes: bytes))
        }.costing(.trees()),
        Function(variadic: "html", .any) { arguments in .string(Text(bytes: Escaping.html(joined(arguments)))) }
            .costing(.trees()),
        Function(variadic: "js", .any) { arguments in .string(Text(bytes: Escaping.javaScript(joined(arguments)))) }
            .costing(.trees()),
        Function(variadic: "urlquery", .any) { arguments in
            .string(Text(bytes: Escaping.query(joined(arguments))))
        }.costing(.trees()),
    ]

    /// What the escapers escape: one string as it is, all else as `print` writes it.
    private static func joined(_ arguments: [GoValue]) -> [UInt8] {
        if arguments.count == 1, let text = arguments[0].text { return text.bytes }
        return GoFormat.sprint(arguments.map { $0.isNil ? .string("<no value>") : $0 }).bytes
    }
}

/// Escaping for HTML, JavaScript and URLs.
enum Escaping {
    /// `template.HTMLEscapeString`
    static func html(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0: out += "\u{FFFD}".utf8
            case UInt8(ascii: "\""): out += "&#34;".utf8
            case UInt8(ascii: "'"): out += "&#39;".utf8
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            default: out.append(byte)
            }
        }
        return out
    }

    /// `template.JSEscapeString`
    static func javaScript(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (scalar, width) = UTF8Decoding.decode(bytes, at: index)
            let piece = bytes[index..<(index + width)]
            index += width
            switch scalar {
            case "\\", "'", "\"": out += [UInt8(ascii: "\\")] + piece
            case "<", ">", "&", "=": out += "\\u00".utf8 + hex(piece.first ?? 0)
            case let scalar? where scalar.isASCII:
                if scalar.value < 0x20 { out += "\\u00".utf8 + hex(UInt8(scalar.value)) } else { out += piece }
            case let scalar?:
                if GoUnicode.isPrint(scalar) { out += piece } else { out += unicode(scalar) }
            case nil: out += piece
            }
        }
        return out
    }

    private static func hex(_ byte: UInt8) -> [UInt8] {
        let digits = Array(String(byte, radix: 16, uppercase: true).utf8)
        return digits.count == 1 ? [UInt8(ascii: "0")] + digits : digits
    }

    private static func unicode(_ scalar: Unicode.Scalar) -> [UInt8] {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return Array(("\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8)
    }

    /// `url.QueryEscape`
    static func query(_ bytes: [UInt8]) -> [UInt8] { percent(bytes, keeping: "-_.~", spaceAsPlus: true) }

    /// Percent-encoding of all but letters, digits and the kept ones.
    static func percent(_ bytes: [UInt8], keeping kept: StaticString, spaceAsPlus: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isPlain || kept.withUTF8Buffer({ $0.contains(byte) }) {
                out.append(byte)
            } else if byte == UInt8(ascii: " "), spaceAsPlus {
                out.append(UInt8(ascii: "+"))
            } else {
                out += [UInt8(ascii: "%")] + hex(byte)
            }
        }
        return out
    }
}
