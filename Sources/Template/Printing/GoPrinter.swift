import Document

/// Prints values by one verb with its flags, width and precision, as Go's package fmt does.
struct GoPrinter {
    /// The flags of one verb.
    struct Flags {
        var width: Int?
        var precision: Int?
        var minus = false
        var plus = false
        var sharp = false
        var space = false
        var zero = false
        /// `%+v`: field names.
        var plusV = false
        /// `%#v`: Go syntax.
        var sharpV = false
    }

    var out: [UInt8] = []
    var flags = Flags()
    /// Whether something was left out, for there is too much of it.
    private(set) var isFull = false
    /// How deep the value nests that is being printed.
    private var depth = 0
    /// Whether a wrong verb is being told of: no method is asked then.
    private var isErring = false
    /// The type of the number that is being printed, where it has a name of its own.
    private var namedType: String?

    /// Prints an operand.
    mutating func print(_ value: GoValue, _ verb: Unicode.Scalar) {
        switch (value, verb) {
        case (.invalid, "v"), (.null, "v"), (.invalid, "T"), (.null, "T"): pad(Array("<nil>".utf8))
        case (.invalid, _), (.null, _): badVerb(verb, value)
        case (_, "T"): string(Text(value.typeName), "s", value)
        case (_, "p"): pointer(value, verb)
        case (.bytes(let text), _): bytes(text, verb, value)
        case (.object(let item), _): object(item, verb, value, isInner: false)
        default: element(value, verb)
        }
    }

    /// Prints what stands in an operand or within another value.
    private mutating func element(_ value: GoValue, _ verb: Unicode.Scalar) {
        switch value {
        case .invalid, .null: out += (flags.sharpV ? "interface {}(nil)" : "<nil>").utf8
        case .bool(let bool):
            if verb == "t" || verb == "v" { pad(Array((bool ? "true" : "false").utf8)) } else { badVerb(verb, value) }
        case .int(let int): integer(UInt64(bitPattern: Int64(int)), signed: true, verb, value)
        case .int64(let int): integer(UInt64(bitPattern: int), signed: true, verb, value)
        case .uint8(let int): integer(UInt64(int), signed: false, verb, value)
        case .uint64(let int): integer(int, signed: false, verb, value)
        case .float(let double): float(double, verb, value)
        case .complex(let real, let imaginary): complex(real, imaginary, verb, value)
        case .string(let text): string(text, verb, value)
        case .bytes(let text): list(GoList(text.bytes.map(GoValue.uint8)), "[]uint8", verb)
        case .list(let items): list(items, items.type.listName, verb)
        case .map(let items): map(items, items.kind.name, verb)
        case .object(let object): self.object(object, verb, value, isInner: true)
        }
    }

    /// `%!verb(type=value)`
    mutating func badVerb(_ verb: Unicode.Scalar, _ value: GoValue) {
        out += "%!\(verb)(".utf8
        if value.isNil {
            out += "<nil>".utf8
        } else {
            out += "\(namedType ?? value.typeName)=".utf8
            let outer = (isErring, depth)
            (isErring, depth) = (true, 0)
            print(value, "v")
            (isErring, depth) = outer
        }
        out.append(UInt8(ascii: ")"))
    }

    // MARK: - Collections

    /// Whether there is room for so many more bytes.
    mutating func hasRoom(for count: Int = 0) -> Bool {
        if out.count + count > Function.mostBytes { isFull = true }
        return !isFull
    }

    /// Whether a collection may be printed: Go would use up its stack on one that holds itself.
    private mutating func enter() -> Bool {
        if depth > Extent.mostDepth { isFull = true }
        guard hasRoom() else { return false }
        depth += 1
        return true
    }

    private mutating func list(_ list: GoList, _ type: String, _ verb: Unicode.Scalar) {
        guard enter() else { return }
        defer { depth -= 1 }
        if list.type == .any, type == "[]uint8", "sqxX".unicodeScalars.contains(verb) {
            let text = Text(bytes: list.elements.map { UInt8(truncatingIfNeeded: $0.integer ?? 0) })
            return bytes(text, verb, .bytes(text))
        }
        if flags.sharpV {
            out += type.utf8
            if list.isNil {
                out += "(nil)".utf8
                return
            }
        }
        out.append(UInt8(ascii: flags.sharpV ? "{" : "["))
        for (index, item) in list.elements.enumerated() {
            if index > 0 { out += (flags.sharpV ? ", " : " ").utf8 }
            element(item, verb)
        }
        out.append(UInt8(ascii: flags.sharpV ? "}" : "]"))
    }

    private mutating func map(_ map: GoMap, _ type: String, _ verb: Unicode.Scalar) {
        guard enter() else { return }
        defer { depth -= 1 }
        if flags.sharpV, map.isNil {
            out += "\(type)(nil)".utf8
            return
        }
        out += (flags.sharpV ? type + "{" : "map[").utf8
        for (index, entry) in map.entries.enumerated() {
            if index > 0 { out += (flags.sharpV ? ", " : " ").utf8 }
            string(entry.key, verb, .string(entry.key))
            out.append(UInt8(ascii: ":"))
            element(entry.value, verb)
        }
        out.append(UInt8(ascii: flags.sharpV ? "}" : "]"))
    }

    private mutating func object(
        _ object: any GoObject, _ verb: Unicode.Scalar, _ value: GoValue, isInner: Bool
    ) {
        switch object.underlying {
        case .list(let items)?: return list(items, object.typeName, verb)
        case .map(let items)?: return map(items, object.typeName, verb)
        case let other?: return element(other, verb)
        case nil: break
        }
        let isOfText = "vsxXq".unicodeScalars.contains(verb)
        let hasText = isOfText && !isErring && object.isStringer
        if flags.sharpV, verb == "v" {
            if !isErring, let syntax = object.goSyntax { return pad(syntax.bytes) }
        } else if hasText {
            return string(isInner ? object.inner : object.text, verb, value)
        }
        if let number = object.number {
            namedType = object.typeName
            defer { namedType = nil }
            return element(number, verb)
        }
        guard let fields = object.printedFields else {
            return isOfText ? string(object.text, verb, value) : badVerb(verb, value)
        }
        guard object.kindName == "ptr", depth > 0 else { return structure(object, fields, verb) }
        if verb == "v" { out += object.inner.bytes } else { badVerb(verb, value) }
    }

    private mutating func structure(
        _ object: any GoObject, _ fields: [(name: String, value: GoValue)], _ verb: Unicode.Scalar
    ) {
        if object.kindName == "ptr" { out.append(UInt8(ascii: "&")) }
        if flags.sharpV { out += object.typeName.drop { $0 == "*" }.utf8 }
        out.append(UInt8(ascii: "{"))
        depth += 1
        for (index, field) in fields.enumerated() {
            if index > 0 { out += (flags.sharpV ? ", " : " ").utf8 }
            if flags.plusV || flags.sharpV { out += "\(field.name):".utf8 }
            element(field.value, verb)
        }
        depth -= 1
        out.append(UInt8(ascii: "}"))
    }

    private mutating func pointer(_ value: GoValue, _ verb: Unicode.Scalar) {
        guard case .map(let map) = value else { return badVerb(verb, value) }
        let address = UInt64(UInt(bitPattern: Unmanaged.passUnretained(map).toOpaque()))
        flags.sharp.toggle()
        formatInteger(address, signed: false, radix: 16, verb, upper: false)
    }

    // MARK: - Scalars

    mutating func integer(_ bits: UInt64, signed: Bool, _ verb: Unicode.Scalar, _ value: GoValue) {
        switch verb {
        case "v":
            if flags.sharpV, !signed {
                hexByte(bits)
            } else {
                formatInteger(bits, signed: signed, radix: 10, verb, upper: false)
            }
        case "d": formatInteger(bits, signed: signed, radix: 10, verb, upper: false)
        case "b": formatInteger(bits, signed: signed, radix: 2, verb, upper: false)
        case "o", "O": formatInteger(bits, signed: signed, radix: 8, verb, upper: false)
        case "x": formatInteger(bits, signed: signed, radix: 16, verb, upper: false)
        case "X": formatInteger(bits, signed: signed, radix: 16, verb, upper: true)
        case "c": pad(Array(String(rune(bits)).utf8))
        case "q": pad(Quoting.rune(rune(bits), ascii: flags.plus))
        case "U": formatUnicode(bits)
        default: badVerb(verb, value)
        }
    }

    private func rune(_ bits: UInt64) -> Unicode.Scalar {
        UInt32(exactly: bits).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    }

    private mutating func hexByte(_ bits: UInt64) {
        let sharp = flags.sharp
        flags.sharp = true
        formatInteger(bits, signed: false, radix: 16, "v", upper: false)
        flags.sharp = sharp
    }

    mutating func float(_ double: Double, _ verb: Unicode.Scalar, _ value: GoValue) {
        switch verb {
        case "v": formatFloat(double, "g", nil)
        case "b", "g", "G", "x", "X": formatFloat(double, verb, nil)
        case "f", "e", "E": formatFloat(double, verb, 6)
        case "F": formatFloat(double, "f", 6)
        default: badVerb(verb, value)
        }
    }

    private mutating func complex(_ real: Double, _ imaginary: Double, _ verb: Unicode.Scalar, _ value: GoValue) {
        guard "vbgGxXfFeE".unicodeScalars.contains(verb) else { return badVerb(verb, value) }
        let plus = flags.plus
        out.append(UInt8(ascii: "("))
        float(real, verb, value)
        flags.plus = true
        float(imaginary, verb, value)
        out += "i)".utf8
        flags.plus = plus
    }

    mutating func string(_ text: Text, _ verb: Unicode.Scalar, _ value: GoValue) {
        switch verb {
        case "v": if flags.sharpV { formatQuoted(text) } else { formatString(text) }
        case "s": formatString(text)
        case "x": formatHex(text.bytes, upper: false)
        case "X": formatHex(text.bytes, upper: true)
        case "q": formatQuoted(text)
        default: badVerb(verb, value)
        }
    }

    private mutating func bytes(_ text: Text, _ verb: Unicode.Scalar, _ value: GoValue) {
        switch verb {
        case "v", "d": byteList(text.bytes, verb)
        case "s": formatString(text)
        case "x": formatHex(text.bytes, upper: false)
        case "X": formatHex(text.bytes, upper: true)
        case "q": formatQuoted(text)
        default: element(value, verb)
        }
    }

    private mutating func byteList(_ bytes: [UInt8], _ verb: Unicode.Scalar) {
        out += (flags.sharpV ? "[]byte{" : "[").utf8
        for (index, byte) in bytes.enumerated() {
            if index > 0 { out += (flags.sharpV ? ", " : " ").utf8 }
            if flags.sharpV {
                hexByte(UInt64(byte))
            } else {
                formatInteger(UInt64(byte), signed: false, radix: 10, verb, upper: false)
            }
        }
        out.append(UInt8(ascii: flags.sharpV ? "}" : "]"))
    }
}
