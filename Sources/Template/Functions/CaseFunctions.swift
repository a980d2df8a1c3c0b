import Document

extension Function {
    /// Sprig's functions that look at words and letter case.
    static let cases: [Function] = [
        Function("untitle", .string) { .string(bytes: LatinText.untitle($0.bytes(0))) },
        Function("nospace", .string) { arguments in
            let scalars = arguments.bytes(0).map(LatinText.scalar)
            // Nothing is remade where nothing is left out.
            guard scalars.contains(where: GoUnicode.isSpace) else { return arguments[0] }
            return .string(bytes: LatinText.bytes(scalars.filter { !GoUnicode.isSpace($0) }))
        },
        Function("initials", .string) { .string(bytes: LatinText.initials($0.bytes(0))) },
        Function("swapcase", .string) { .string(bytes: LatinText.swapCase($0.bytes(0))) },
        Function("wrap", .int, .string) { .string(bytes: Wrapping.wrap($0.bytes(1), $0.int(0), [], false)) },
        Function("wrapWith", .int, .string, .string) {
            .string(bytes: Wrapping.wrap($0.bytes(2), $0.int(0), $0.bytes(1), true))
        },
        Function("camelcase", .string) { .string(bytes: WordCase.camel(UTF8Decoding.runes($0.bytes(0)))) },
        Function("snakecase", .string) { .string(bytes: WordCase.lower($0.bytes(0), connector: "_")) },
        Function("kebabcase", .string) { .string(bytes: WordCase.lower($0.bytes(0), connector: "-")) },
    ]
}

/// goutils works byte by byte, each taken for the Latin-1 character of its value.
enum LatinText {
    static func scalar(_ byte: UInt8) -> Unicode.Scalar { Unicode.Scalar(byte) }

    static func bytes(_ scalars: [Unicode.Scalar]) -> [UInt8] {
        var out: [UInt8] = []
        for scalar in scalars { GoStrings.append(scalar, to: &out) }
        return out
    }

    static func initials(_ bytes: [UInt8]) -> [UInt8] {
        var result: [Unicode.Scalar] = []
        var afterGap = true
        for scalar in bytes.map(scalar) {
            if GoUnicode.isSpace(scalar) {
                afterGap = true
            } else if afterGap {
                result.append(scalar)
                afterGap = false
            }
        }
        return LatinText.bytes(result)
    }

    /// Upper case for lower and the other way round; this one works on runes, and makes invalid bytes U+FFFD.
    static func swapCase(_ bytes: [UInt8]) -> [UInt8] {
        var afterSpace = true
        return LatinText.bytes(
            UTF8Decoding.runes(bytes).map { scalar in
                if GoUnicode.isUpper(scalar) || scalar.properties.generalCategory == .titlecaseLetter {
                    afterSpace = false
                    return GoUnicode.toLower(scalar)
                }
                if GoUnicode.isLower(scalar) {
                    defer { afterSpace = false }
                    return afterSpace ? GoUnicode.toTitle(scalar) : GoUnicode.toUpper(scalar)
                }
                afterSpace = GoUnicode.isSpace(scalar)
                return scalar
            })
    }

    /// The first letter of each word in lower case; this one works on runes.
    static func untitle(_ bytes: [UInt8]) -> [UInt8] {
        var afterSpace = true
        return GoStrings.map(bytes) { scalar in
            if GoUnicode.isSpace(scalar) {
                afterSpace = true
                return scalar
            }
            defer { afterSpace = false }
            return afterSpace ? GoUnicode.toLower(scalar) : scalar
        }
    }
}

/// goutils' Wrap.
enum Wrapping {
    static func wrap(_ bytes: [UInt8], _ wanted: Int, _ separator: [UInt8], _ cutsWords: Bool) -> [UInt8] {
        let newline = separator.isEmpty ? [UInt8(ascii: "\n")] : separator
        let width = max(wanted, 1)
        let blank = UInt8(ascii: " ")
        var out: [UInt8] = []
        func line(_ words: ArraySlice<UInt8>) {
            out += words
            out += newline
        }
        var offset = 0
        while bytes.count - offset > width {
            if bytes[offset] == blank {
                offset += 1
                continue
            }
            let end = offset + width
            if let space = bytes[offset...end].lastIndex(of: blank) {
                line(bytes[offset..<space])
                offset = space + 1
            } else if cutsWords {
                line(bytes[offset..<end])
                offset = end
            } else if let space = bytes[end...].firstIndex(of: blank) {
                line(bytes[offset..<space])
                offset = space + 1
            } else {
                break
            }
        }
        out += bytes[offset...]
        return out
    }
}
