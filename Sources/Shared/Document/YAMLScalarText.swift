/// How a string looks in YAML: plain where that reads back as the same string, else quoted or as a literal block.
///
/// The rules are those of libyaml's emitter (`yaml_emitter_analyze_scalar` and its writers) with go-yaml's choice of
/// style on top.
enum YAMLScalarText {
    /// Whether a key can stand before its colon on one line.
    static func isSimpleKey(_ text: Text) -> Bool {
        text.count <= 128
            && text.withBytes { bytes in
                for index in 0..<bytes.count where isBreak(bytes, index) { return false }
                return true
            }
    }

    static func write(
        _ text: Text, into bytes: inout [UInt8], indent: Int, isSimpleKey: Bool, dialect: YAML.Dialect
    ) {
        let valid = text.isValidUTF8 ? text : Text(text.string)
        valid.withBytes { value in
            // The third version asks for lines without end.
            let folds = !isSimpleKey && dialect == .second
            var writer = ScalarWriter(value: value, bytes: bytes, indent: indent, allowsBreaks: folds)
            bytes = []
            writer.write(style(value, isSimpleKey: isSimpleKey, dialect))
            bytes = writer.bytes
        }
    }

    enum Style { case plain, single, double, literal }

    private static func style(
        _ value: UnsafeBufferPointer<UInt8>, isSimpleKey: Bool, _ dialect: YAML.Dialect
    ) -> Style {
        if isHarmless(value) { return isString(value) ? .plain : .double }
        let shape = Shape(value, tabsAllowBlocks: dialect == .third)
        if value.contains(UInt8(ascii: "\n")) {
            return shape.allowsBlock && !isSimpleKey ? .literal : .double
        }
        // What would read back as something else needs quotes, and go-yaml asks for double ones.
        guard isString(value) else { return .double }
        if shape.allowsPlain, !(value.isEmpty && isSimpleKey) { return .plain }
        return shape.allowsSingle ? .single : .double
    }

    /// Whether all is letters, digits and inner `_ - . /`, as most strings are: plain as far as its characters go.
    private static func isHarmless(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = value.first, isAlphanumeric(first) else { return false }
        for byte in value where !isAlphanumeric(byte) {
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): continue
            default: return false
            }
        }
        return true
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    private static func isString(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = value.first else { return false }
        // Only these can begin what is resolved to anything but a string.
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            if isBase60(value) { return false }
        case UInt8(ascii: "~"), UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"),
            UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "O"):
            guard value.count <= 5 else { return true }
        default: return true
        }
        let text = Text(bytes: value)
        guard case .string = YAMLScalar(plain: text) else { return false }
        return !YAMLScalar.isTimestamp(text)
    }

    private static func isBase60(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        value.contains(UInt8(ascii: ":")) && YAMLScalar.isBase60(value)
    }

    /// What the characters of a string allow.
    private struct Shape {
        var allowsPlain = true
        var allowsSingle = true
        var allowsBlock = true
        private let tabsAllowBlocks: Bool

        init(_ value: UnsafeBufferPointer<UInt8>, tabsAllowBlocks: Bool) {
            self.tabsAllowBlocks = tabsAllowBlocks
            guard !value.isEmpty else {
                allowsBlock = false
                return
            }
            if value.starts(with: "---".utf8) || value.starts(with: "...".utf8) { allowsPlain = false }
            var previous = Previous.nothing
            var index = 0
            while index < value.count {
                let width = YAMLScalarText.width(value[index])
                look(value, index, width, &previous)
                index += width
            }
        }

        private enum Previous { case nothing, space, lineBreak, other }

        private mutating func look(
            _ value: UnsafeBufferPointer<UInt8>, _ index: Int, _ width: Int, _ previous: inout Previous
        ) {
            let isLast = index + width == value.count
            if isIndicator(value, index, isLast) { allowsPlain = false }
            if value[index] == 0x09, tabsAllowBlocks {
                allowsPlain = false
                allowsSingle = false
            } else if !isPrintable(value, index) {
                forbidAll()
            }
            if value[index] == 0x20 {
                if index == 0 || isLast { allowsPlain = false }
                if isLast { allowsBlock = false }
                if previous == .lineBreak {
                    allowsPlain = false
                    allowsSingle = false
                }
                previous = .space
            } else if isBreak(value, index) {
                allowsPlain = false
                if previous == .space { forbidAll() }
                previous = .lineBreak
            } else {
                previous = .other
            }
        }

        private mutating func forbidAll() {
            allowsPlain = false
            allowsSingle = false
            allowsBlock = false
        }

        /// Whether the character would mean something to a reader of block style.
        private func isIndicator(_ value: UnsafeBufferPointer<UInt8>, _ index: Int, _ isLast: Bool) -> Bool {
            let followedBySpace = isLast || isBlank(value[index + 1]) || isBreak(value, index + 1)
            guard index > 0 else {
                switch value[index] {
                case UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
                    UInt8(ascii: "}"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"),
                    UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"),
                    UInt8(ascii: "`"):
                    return true
                case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "-"): return followedBySpace
                default: return false
                }
            }
            switch value[index] {
            case UInt8(ascii: ":"): return followedBySpace
            case UInt8(ascii: "#"): return isBlank(value[index - 1]) || isBreakEnd(value, index - 1)
            default: return false
            }
        }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether a line break begins at `index`: CR, LF, NEL, LS or PS.
    static func isBreak(_ value: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard index < value.count else { return false }
        switch value[index] {
        case 0x0D, 0x0A: return true
        case 0xC2: return index + 1 < value.count && value[index + 1] == 0x85
        case 0xE2:
            return index + 2 < value.count && value[index + 1] == 0x80
                && (value[index + 2] == 0xA8 || value[index + 2] == 0xA9)
        default: return false
        }
    }

    private static func isBreakEnd(_ value: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        var start = index
        while start > 0, value[start] & 0xC0 == 0x80 { start -= 1 }
        return isBreak(value, start)
    }

    /// libyaml's idea of printable: no control character but LF, no tab, no byte order mark, nothing above U+FFFF.
    static func isPrintable(_ value: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let byte = value[index]
        switch byte {
        case 0x0A, 0x20...0x7E: return true
        case 0xC2: return value[index + 1] >= 0xA0
        case 0xC3..<0xED, 0xEE: return true
        case 0xED: return value[index + 1] < 0xA0
        case 0xEF:
            let (second, third) = (value[index + 1], value[index + 2])
            return !(second == 0xBB && third == 0xBF) && !(second == 0xBF && (third == 0xBE || third == 0xBF))
        default: return false
        }
    }

    static func width(_ byte: UInt8) -> Int {
        byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

}

/// Writes one scalar in a chosen style.
private struct ScalarWriter {
    let value: UnsafeBufferPointer<UInt8>
    var bytes: [UInt8]
    let indent: Int
    let allowsBreaks: Bool
    /// How many characters the line has; literal blocks do not fold and so do not keep it.
    private var column = 0

    init(value: UnsafeBufferPointer<UInt8>, bytes: [UInt8], indent: Int, allowsBreaks: Bool) {
        self.value = value
        self.bytes = bytes
        self.indent = indent
        self.allowsBreaks = allowsBreaks
    }

    mutating func write(_ style: YAMLScalarText.Style) {
        switch style {
        case .plain: plain()
        case .single: single()
        case .double: double()
        case .literal: literal()
        }
    }

    private mutating func measureLine() {
        let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        column = bytes[start...].count { $0 & 0xC0 != 0x80 }
    }

    private mutating func put(_ byte: UInt8) {
        bytes.append(byte)
        column += 1
    }

    private mutating func putCharacter(at index: Int) -> Int {
        let width = YAMLScalarText.width(value[index])
        bytes.append(contentsOf: value[index..<min(index + width, value.count)])
        column += 1
        return width
    }

    private mutating func fold() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(0x20, count: indent))
        column = indent
    }

    /// Whether the blank at `index` may become a line break.
    private func folds(at index: Int, afterSpace: Bool) -> Bool {
        allowsBreaks && !afterSpace && column > 80 && index > 0 && index < value.count - 1
    }

    private mutating func plain() {
        guard allowsBreaks, value.contains(0x20) else {
            bytes.append(contentsOf: value)
            return
        }
        measureLine()
        var afterSpace = false
        var index = 0
        while index < value.count {
            let isSpace = value[index] == 0x20
            if isSpace, folds(at: index, afterSpace: afterSpace), value[index + 1] != 0x20 {
                fold()
                index += 1
            } else {
                index += putCharacter(at: index)
            }
            afterSpace = isSpace
        }
    }

    private mutating func single() {
        measureLine()
        put(UInt8(ascii: "'"))
        var afterSpace = false
        var afterBreak = false
        var index = 0
        while index < value.count {
            if value[index] == 0x20 {
                if folds(at: index, afterSpace: afterSpace), value[index + 1] != 0x20 { fold() } else { put(0x20) }
                index += 1
                afterSpace = true
            } else if YAMLScalarText.isBreak(value, index) {
                if !afterBreak, value[index] == 0x0A { bytes.append(0x0A) }
                index += putCharacter(at: index)
                column = 0
                afterBreak = true
            } else {
                if afterBreak { bytes.append(contentsOf: repeatElement(0x20, count: indent)) }
                if value[index] == UInt8(ascii: "'") { put(UInt8(ascii: "'")) }
                index += putCharacter(at: index)
                afterSpace = false
                afterBreak = false
            }
        }
        put(UInt8(ascii: "'"))
    }

    private mutating func double() {
        measureLine()
        put(UInt8(ascii: "\""))
        // go-yaml looks for the byte order mark at the start of the value, whatever character it asks about.
        let escapesAll = value.starts(with: [0xEF, 0xBB, 0xBF])
        var afterSpace = false
        var index = 0
        while index < value.count {
            let byte = value[index]
            if escapesAll || needsEscape(index) {
                index += escape(at: index)
                afterSpace = false
            } else if byte == 0x20 {
                if folds(at: index, afterSpace: afterSpace) {
                    fold()
                    if value[index + 1] == 0x20 { put(UInt8(ascii: "\\")) }
                } else {
                    put(0x20)
                }
                index += 1
                afterSpace = true
            } else {
                index += putCharacter(at: index)
                afterSpace = false
            }
        }
        put(UInt8(ascii: "\""))
    }

    private func needsEscape(_ index: Int) -> Bool {
        value[index] == UInt8(ascii: "\"") || value[index] == UInt8(ascii: "\\")
            || !YAMLScalarText.isPrintable(value, index) || YAMLScalarText.isBreak(value, index)
    }

    private static let shortEscapes: [UInt32: Unicode.Scalar] = [
        0x00: "0", 0x07: "a", 0x08: "b", 0x09: "t", 0x0A: "n", 0x0B: "v", 0x0C: "f", 0x0D: "r", 0x1B: "e", 0x22: "\"",
        0x5C: "\\", 0x85: "N", 0xA0: "_", 0x2028: "L", 0x2029: "P",
    ]

    private mutating func escape(at index: Int) -> Int {
        let (scalar, width) = UTF8Decoding.decode(value, at: index)
        let code = scalar?.value ?? 0xFFFD
        put(UInt8(ascii: "\\"))
        if let short = ScalarWriter.shortEscapes[code] {
            put(UInt8(ascii: short))
            return width
        }
        let (letter, digits): (Unicode.Scalar, Int) = code <= 0xFF ? ("x", 2) : code <= 0xFFFF ? ("u", 4) : ("U", 8)
        put(UInt8(ascii: letter))
        let text = String(code, radix: 16, uppercase: true)
        for byte in (String(repeating: "0", count: digits - text.utf8.count) + text).utf8 { put(byte) }
        return width
    }

    private mutating func literal() {
        bytes.append(UInt8(ascii: "|"))
        hints()
        bytes.append(UInt8(ascii: "\n"))
        var atLineStart = true
        var index = 0
        while index < value.count {
            if YAMLScalarText.isBreak(value, index) {
                index += putCharacter(at: index)
                atLineStart = true
            } else {
                if atLineStart { bytes.append(contentsOf: repeatElement(0x20, count: indent)) }
                index += putCharacter(at: index)
                atLineStart = false
            }
        }
        // The caller ends the line, which the last break of the value has ended already.
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    }

    /// The indentation where the text begins with a blank, and what becomes of the breaks at its end.
    private mutating func hints() {
        if value[0] == 0x20 || YAMLScalarText.isBreak(value, 0) { bytes.append(UInt8(ascii: "2")) }
        var last = value.count - 1
        while last > 0, value[last] & 0xC0 == 0x80 { last -= 1 }
        guard YAMLScalarText.isBreak(value, last) else {
            bytes.append(UInt8(ascii: "-"))
            return
        }
        guard last > 0 else {
            bytes.append(UInt8(ascii: "+"))
            return
        }
        var before = last - 1
        while before > 0, value[before] & 0xC0 == 0x80 { before -= 1 }
        if YAMLScalarText.isBreak(value, before) { bytes.append(UInt8(ascii: "+")) }
    }
}
