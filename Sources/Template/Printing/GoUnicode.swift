/// The classes of Go's package unicode, from Swift's Unicode tables.
enum GoUnicode {
    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .decimalNumber }

    static func isUpper(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .uppercaseLetter }

    static func isLower(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .lowercaseLetter }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Letters, marks, numbers, punctuation, symbols and the ASCII space (unicode.IsPrint).
    static func isPrint(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }

    /// The simple uppercase mapping of one rune (unicode.ToUpper).
    static func toUpper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII {
            return (0x61...0x7A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value - 32)) : scalar
        }
        return single(scalar.properties.uppercaseMapping) ?? scalar
    }

    /// The simple lowercase mapping of one rune (unicode.ToLower).
    static func toLower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII {
            return (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
        }
        if scalar == "\u{130}" { return "i" }
        return single(scalar.properties.lowercaseMapping) ?? scalar
    }

    /// The simple titlecase mapping of one rune (unicode.ToTitle).
    static func toTitle(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return toUpper(scalar) }
        return single(scalar.properties.titlecaseMapping) ?? scalar
    }

    /// Swift's full mappings may give several scalars, where Go's simple ones leave the rune alone.
    private static func single(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
