import Document

/// One `fmt.Sprintf`: reads the format and hands each verb to the printer.
struct GoPrintf {
    private let format: [UInt8]
    private let values: [GoValue]
    private var printer = GoPrinter()
    private var index = 0
    private var argument = 0
    private var reordered = false
    private var goodIndex = true
    private var afterIndex = false

    init(_ format: [UInt8], _ values: [GoValue]) {
        self.format = format
        self.values = values
    }

    /// Whether something was left out, for there is too much of it.
    var isFull: Bool { printer.isFull }

    mutating func run() -> [UInt8] {
        while index < format.count, printer.hasRoom() {
            let start = index
            while index < format.count, format[index] != UInt8(ascii: "%") { index += 1 }
            printer.out += format[start..<index]
            guard index < format.count else { break }
            index += 1
            goodIndex = true
            afterIndex = false
            directive()
        }
        if !reordered, argument < values.count { extra() }
        return printer.out
    }

    private mutating func directive() {
        printer.flags = GoPrinter.Flags()
        readFlags()
        if let byte = peek, (0x61...0x7A).contains(byte), argument < values.count {
            index += 1
            return print(Unicode.Scalar(byte))
        }
        readArgumentNumber()
        readWidth()
        readPrecision()
        if !afterIndex { readArgumentNumber() }
        guard index < format.count else {
            printer.out += "%!(NOVERB)".utf8
            return
        }
        let (scalar, size) = UTF8Decoding.decode(format, at: index)
        index += size
        let verb = scalar ?? "\u{FFFD}"
        if verb == "%" {
            printer.out.append(UInt8(ascii: "%"))
        } else if !goodIndex {
            printer.out += "%!\(verb)(BADINDEX)".utf8
        } else if argument >= values.count {
            printer.out += "%!\(verb)(MISSING)".utf8
        } else {
            print(verb)
        }
    }

    private mutating func print(_ verb: Unicode.Scalar) {
        // `%w` is for errors, which no template has; its flags are those of `%v`.
        if verb == "v" || verb == "w" {
            printer.flags.sharpV = printer.flags.sharp
            printer.flags.sharp = false
            printer.flags.plusV = printer.flags.plus
            printer.flags.plus = false
        }
        let value = values[argument]
        argument += 1
        verb == "w" ? printer.badVerb(verb, value) : printer.print(value, verb)
    }

    private mutating func extra() {
        printer.flags = GoPrinter.Flags()
        printer.out += "%!(EXTRA ".utf8
        for (offset, value) in values[argument...].enumerated() {
            if offset > 0 { printer.out += ", ".utf8 }
            if value.isNil {
                printer.out += "<nil>".utf8
            } else {
                printer.out += "\(value.typeName)=".utf8
                printer.print(value, "v")
            }
        }
        printer.out.append(UInt8(ascii: ")"))
    }

    // MARK: - Reading

    private var peek: UInt8? { index < format.count ? format[index] : nil }

    private mutating func readFlags() {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "#"): printer.flags.sharp = true
            case UInt8(ascii: "0"): printer.flags.zero = true
            case UInt8(ascii: "+"): printer.flags.plus = true
            case UInt8(ascii: "-"): printer.flags.minus = true
            case UInt8(ascii: " "): printer.flags.space = true
            default: return
            }
            index += 1
        }
    }

    private mutating func readWidth() {
        if peek == UInt8(ascii: "*") {
            index += 1
            printer.flags.width = integerArgument()
            if printer.flags.width == nil { printer.out += "%!(BADWIDTH)".utf8 }
            if let width = printer.flags.width, width < 0 {
                printer.flags.width = -width
                printer.flags.minus = true
                printer.flags.zero = false
            }
            afterIndex = false
        } else {
            printer.flags.width = readNumber()
            if afterIndex, printer.flags.width != nil { goodIndex = false }
        }
    }

    private mutating func readPrecision() {
        // A point at the very end is a verb.
        guard peek == UInt8(ascii: "."), index + 1 < format.count else { return }
        index += 1
        if afterIndex { goodIndex = false }
        readArgumentNumber()
        if peek == UInt8(ascii: "*") {
            index += 1
            let precision = integerArgument()
            printer.flags.precision = precision.flatMap { $0 < 0 ? nil : $0 }
            if printer.flags.precision == nil { printer.out += "%!(BADPREC)".utf8 }
            afterIndex = false
        } else {
            printer.flags.precision = readNumber() ?? 0
        }
    }

    /// A number of at most a million; a larger one swallows the rest of the format, as in Go.
    private mutating func readNumber() -> Int? {
        var number: Int?
        while let byte = peek, (0x30...0x39).contains(byte) {
            if let value = number, value > 1_000_000 {
                index = format.count
                return nil
            }
            number = (number ?? 0) * 10 + Int(byte - 0x30)
            index += 1
        }
        return number
    }

    private mutating func integerArgument() -> Int? {
        guard argument < values.count else { return nil }
        let value = values[argument].integer
        argument += 1
        guard let value, value.magnitude <= 1_000_000 else { return nil }
        return Int(value)
    }

    /// Reads an explicit argument index, as `[2]`.
    private mutating func readArgumentNumber() {
        afterIndex = false
        guard peek == UInt8(ascii: "[") else { return }
        reordered = true
        let rest = format[index...]
        guard rest.count >= 3, let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
            goodIndex = false
            index += 1
            return
        }
        let digits = rest[(index + 1)..<end]
        index = end + 1
        let isNumber = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(String(decoding: digits, as: UTF8.self)), number <= 10_000_000 else {
            goodIndex = false
            return
        }
        afterIndex = true
        if number >= 1, number <= values.count { argument = number - 1 } else { goodIndex = false }
    }
}
