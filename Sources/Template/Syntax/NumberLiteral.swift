import Document

/// A number, rune or complex constant of a template, with every reading that Go's parser keeps of it.
struct NumberLiteral {
    let text: String
    var int: Int64?
    var uint: UInt64?
    var double: Double?
    var complex: (Double, Double)?

    /// What is wrong with a literal that is none.
    struct Malformed: Error {
        let message: String
    }

    init(_ bytes: ArraySlice<UInt8>, _ kind: Token.Kind) throws(Malformed) {
        text = String(decoding: bytes, as: UTF8.self)
        switch kind {
        case .charConstant: try readRune(bytes)
        case .complex: try readComplex()
        default: try readNumber()
        }
    }

    private mutating func readRune(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
        guard let rune = Unquote.rune(bytes) else {
            // Go tells bad escapes from more than one rune.
            let isEscape = bytes.dropFirst().first == UInt8(ascii: "\\") || bytes.count < 3
            throw Malformed(message: isEscape ? "invalid syntax" : "malformed character constant: \(text)")
        }
        int = Int64(rune)
        uint = UInt64(rune)
        double = Double(rune)
    }

    private mutating func readComplex() throws(Malformed) {
        let body = text.dropLast()
        guard let sign = body.indices.dropFirst().last(where: { isSign(body, $0) }),
            let real = GoNumber.float(String(body[..<sign])), let imaginary = GoNumber.float(String(body[sign...]))
        else { throw Malformed(message: "syntax error scanning complex number") }
        complex = (real, imaginary)
        simplifyComplex()
    }

    private func isSign(_ body: Substring, _ index: String.Index) -> Bool {
        guard body[index] == "+" || body[index] == "-" else { return false }
        let before = body[body.index(before: index)]
        let isHex = body.lowercased().contains("0x")
        return isHex ? before != "p" && before != "P" : before != "e" && before != "E"
    }

    /// A complex number without imaginary part may be used as any other kind.
    private mutating func simplifyComplex() {
        guard let (real, imaginary) = complex, imaginary == 0 else { return }
        double = real
        int = Int64(exactly: real)
        uint = UInt64(exactly: real)
    }

    private mutating func readNumber() throws(Malformed) {
        if let value = NumberLiteral.plain(text) {
            (int, uint, double) = (value, UInt64(value), Double(value))
            return
        }
        if text.hasSuffix("i"), let imaginary = GoNumber.float(String(text.dropLast())) {
            complex = (0, imaginary)
            simplifyComplex()
            return
        }
        uint = GoNumber.unsigned(text)
        int = GoNumber.signed(text)
        if int == 0 { uint = 0 }  // -0
        if let int {
            double = Double(int)
        } else if let uint {
            double = Double(uint)
        } else if let value = GoNumber.float(text) {
            guard text.contains(where: { ".eEpP".contains($0) }) else {
                throw Malformed(message: "integer overflow: " + Quoting.string(Text(text)))
            }
            double = value
            int = Int64(exactly: value)
            uint = UInt64(exactly: value)
        } else {
            throw Malformed(message: "illegal number syntax: " + Quoting.string(Text(text)))
        }
    }

    /// The value of a few decimal digits, as most numbers are; nil for all else.
    private static func plain(_ text: String) -> Int64? {
        let digits = text.utf8
        guard digits.count == 1 || digits.first != UInt8(ascii: "0"), digits.count <= 15 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit &- 0x30 < 10 else { return nil }
            value = value * 10 + Int64(digit &- 0x30)
        }
        return value
    }

    /// The value of the literal where no type is asked for; nil where it overflows int.
    var ideal: GoValue? {
        if let (real, imaginary) = complex { return .complex(real, imaginary) }
        let isHexInt = text.count > 2 && text.lowercased().hasPrefix("0x") && !text.contains { "pP".contains($0) }
        let isRune = text.hasPrefix("'")
        if let double, !isHexInt, !isRune, text.contains(where: { ".eEpP".contains($0) }) { return .float(double) }
        return int.map { .int(Int($0)) }
    }
}
