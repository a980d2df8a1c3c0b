import Document

extension GoPrinter {
    /// Writes bytes, padded to the width, which counts runes.
    mutating func pad(_ bytes: [UInt8], zeros: Bool = true) {
        guard hasRoom(for: max(bytes.count, flags.width ?? 0)) else { return }
        guard let width = flags.width, width > 0 else {
            out += bytes
            return
        }
        let missing = width - GoStrings.runeCount(bytes)
        if flags.minus {
            out += bytes
            padding(missing, zeros: false)
        } else {
            padding(missing, zeros: zeros && flags.zero)
            out += bytes
        }
    }

    private mutating func padding(_ count: Int, zeros: Bool) {
        if count > 0, hasRoom(for: count) { out += [UInt8](repeating: UInt8(ascii: zeros ? "0" : " "), count: count) }
    }

    mutating func formatInteger(
        _ bits: UInt64, signed: Bool, radix: Int, _ verb: Unicode.Scalar, upper: Bool
    ) {
        let negative = signed && Int64(bitPattern: bits) < 0
        let magnitude = negative ? 0 &- bits : bits
        if flags.precision == 0, magnitude == 0 { return padding(flags.width ?? 0, zeros: false) }
        var digits = Array(String(magnitude, radix: radix, uppercase: upper).utf8)
        let wanted = minimumDigits(negative)
        if digits.count < wanted {
            digits = [UInt8](repeating: UInt8(ascii: "0"), count: wanted - digits.count) + digits
        }
        if flags.sharp { digits = prefixed(digits, radix, upper) }
        if verb == "O" { digits = Array("0o".utf8) + digits }
        if negative {
            digits.insert(UInt8(ascii: "-"), at: 0)
        } else if flags.plus {
            digits.insert(UInt8(ascii: "+"), at: 0)
        } else if flags.space {
            digits.insert(UInt8(ascii: " "), at: 0)
        }
        pad(digits, zeros: false)
    }

    /// How many digits `%.3d` or `%03d` ask for.
    private func minimumDigits(_ negative: Bool) -> Int {
        if let precision = flags.precision { return precision }
        guard flags.zero, !flags.minus, let width = flags.width else { return 0 }
        return negative || flags.plus || flags.space ? width - 1 : width
    }

    private func prefixed(_ digits: [UInt8], _ radix: Int, _ upper: Bool) -> [UInt8] {
        switch radix {
        case 2: Array("0b".utf8) + digits
        case 8: digits.first == UInt8(ascii: "0") ? digits : [UInt8(ascii: "0")] + digits
        case 16: Array((upper ? "0X" : "0x").utf8) + digits
        default: digits
        }
    }

    mutating func formatUnicode(_ bits: UInt64) {
        let digits = String(bits, radix: 16, uppercase: true)
        let wanted = max(4, flags.precision ?? 4)
        var text = "U+" + String(repeating: "0", count: max(0, wanted - digits.count)) + digits
        if flags.sharp, let value = UInt32(exactly: bits), let scalar = Unicode.Scalar(value),
            GoUnicode.isPrint(scalar)
        {
            text += " '\(scalar)'"
        }
        pad(Array(text.utf8), zeros: false)
    }

    mutating func formatString(_ text: Text) {
        if flags.width == nil, flags.precision == nil { return text.withBytes { out += $0 } }
        pad(truncated(text.bytes))
    }

    /// The first runes, as many as the precision says.
    private func truncated(_ bytes: [UInt8]) -> [UInt8] {
        guard let precision = flags.precision else { return bytes }
        var index = 0
        var runes = 0
        while index < bytes.count, runes < precision {
            index += UTF8Decoding.decode(bytes, at: index).1
            runes += 1
        }
        return Array(bytes[..<index])
    }

    mutating func formatQuoted(_ text: Text) {
        let bytes = truncated(text.bytes)
        if flags.sharp, GoStrings.canBackquote(bytes) {
            return pad([UInt8(ascii: "`")] + bytes + [UInt8(ascii: "`")])
        }
        pad(Quoting.quote(bytes, ascii: flags.plus))
    }

    mutating func formatHex(_ bytes: [UInt8], upper: Bool) {
        let shown = bytes.prefix(flags.precision ?? bytes.count)
        guard !shown.isEmpty else { return padding(flags.width ?? 0, zeros: flags.zero && !flags.minus) }
        let prefix = flags.sharp ? (upper ? "0X" : "0x") : ""
        var text = prefix
        for (index, byte) in shown.enumerated() {
            if index > 0, flags.space { text += " " + prefix }
            let digits = String(byte, radix: 16, uppercase: upper)
            text += digits.count == 1 ? "0" + digits : digits
        }
        pad(Array(text.utf8))
    }

    mutating func formatFloat(_ double: Double, _ verb: Unicode.Scalar, _ defaultPrecision: Int?) {
        let precision = flags.precision ?? defaultPrecision
        var number = Array(GoNumber.format(double, verb, precision).utf8)
        if number[0] != UInt8(ascii: "-"), number[0] != UInt8(ascii: "+") {
            number.insert(UInt8(ascii: "+"), at: 0)
        }
        if flags.space, number[0] == UInt8(ascii: "+"), !flags.plus { number[0] = UInt8(ascii: " ") }
        if !double.isFinite {
            if double.isNaN, !flags.space, !flags.plus { number.removeFirst() }
            if double == .infinity, !flags.space, !flags.plus { number = Array("+Inf".utf8) }
            return pad(number, zeros: false)
        }
        if flags.sharp, verb != "b" { number = withPoint(number, verb, precision) }
        guard flags.plus || number[0] != UInt8(ascii: "+") else { return pad(Array(number.dropFirst())) }
        if flags.zero, !flags.minus, let width = flags.width, width > number.count {
            out.append(number[0])
            padding(width - number.count, zeros: true)
            out += number.dropFirst()
            return
        }
        pad(number)
    }

    /// The `#` flag: always a decimal point, and for `%g` no trailing zeros removed.
    private func withPoint(_ number: [UInt8], _ verb: Unicode.Scalar, _ precision: Int?) -> [UInt8] {
        var digits = "vgGx".unicodeScalars.contains(verb) ? precision ?? 6 : 0
        let isHex = verb == "x" || verb == "X"
        let tailStart = number.firstIndex { byte in
            byte | 0x20 == UInt8(ascii: "p") || !isHex && byte | 0x20 == UInt8(ascii: "e")
        }
        var head = Array(number[..<(tailStart ?? number.count)])
        var sawNonzero = false
        for byte in head.dropFirst() where byte != UInt8(ascii: ".") {
            if byte != UInt8(ascii: "0") { sawNonzero = true }
            if sawNonzero { digits -= 1 }
        }
        if !head.contains(UInt8(ascii: ".")) {
            if head.count == 2, head[1] == UInt8(ascii: "0") { digits -= 1 }
            head.append(UInt8(ascii: "."))
        }
        if digits > 0 { head += [UInt8](repeating: UInt8(ascii: "0"), count: digits) }
        return head + number[(tailStart ?? number.count)...]
    }
}
