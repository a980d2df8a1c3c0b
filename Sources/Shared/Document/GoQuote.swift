/// Go's `strconv.Quote`: text between double quotes, with Go's escapes.
public enum GoQuote {
    /// The text between double quotes; what is not printable is escaped, invalid bytes as `\xNN`.
    public static func quote(_ text: Text) -> Text {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        text.withBytes { bytes in
            var index = 0
            while index < bytes.count {
                let (scalar, width) = UTF8Decoding.decode(bytes, at: index)
                if let scalar {
                    result.append(contentsOf: scalar == "\"" ? Array("\\\"".utf8) : Array(escaped(scalar).utf8))
                } else {
                    result.append(contentsOf: "\\x\(hex(UInt32(bytes[index]), 2))".utf8)
                }
                index += width
            }
        }
        result.append(UInt8(ascii: "\""))
        return Text(bytes: result)
    }

    /// The scalar as it stands between quotes; the quotes themselves are left as they are.
    public static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x5C: return "\\\\"
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x0C: return "\\f"
        case 0x0A: return "\\n"
        case 0x0D: return "\\r"
        case 0x09: return "\\t"
        case 0x0B: return "\\v"
        case 0x20..<0x7F: return String(scalar)
        case 0..<0x20, 0x7F: return "\\x\(hex(scalar.value, 2))"
        default:
            if isPrintable(scalar) { return String(scalar) }
            return scalar.value < 0x10000 ? "\\u\(hex(scalar.value, 4))" : "\\U\(hex(scalar.value, 8))"
        }
    }

    /// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
    public static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func hex(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
