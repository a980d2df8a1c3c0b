import Document

/// Walks through a TOML text and counts its lines.
struct TomlScanner {
    /// What is wrong, and on which line.
    struct Fault: Error {
        let line: Int
        let message: String
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private(set) var line = 1
    /// The first byte that is no UTF-8, and where it stands among the scalars.
    private let stray: (index: Int, byte: UInt8)?

    init(_ bytes: [UInt8]) {
        scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        stray = scalars.contains("\u{FFFD}") ? TomlScanner.stray(bytes) : nil
    }

    private static func stray(_ bytes: [UInt8]) -> (index: Int, byte: UInt8)? {
        var (index, offset) = (0, 0)
        while offset < bytes.count {
            let (scalar, width) = UTF8Decoding.decode(bytes, at: offset)
            if scalar == nil { return (index, bytes[offset]) }
            (index, offset) = (index + 1, offset + width)
        }
        return nil
    }

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func skip() {
        if peek == "\n" { line += 1 }
        index += 1
    }

    /// What is wrong at this place: above all what may stand nowhere.
    func fault(_ message: String) -> Fault { Fault(line: line, message: refusal ?? message) }

    /// Refuses a byte that is no UTF-8, a control character, and a return without a new line.
    func checkCharacter() throws(Fault) {
        if let refusal { throw Fault(line: line, message: refusal) }
    }

    private var refusal: String? {
        func hexadecimal(_ code: UInt32) -> String { "0x" + (code < 16 ? "0" : "") + String(code, radix: 16) }
        if let stray, stray.index == index { return "invalid UTF-8 byte: \(hexadecimal(UInt32(stray.byte)))" }
        let isAllowed: Bool
        switch peek {
        case nil, "\t", "\n": isAllowed = true
        case "\r": isAllowed = index + 1 < scalars.count && scalars[index + 1] == "\n"
        case let scalar?: isAllowed = scalar.value >= 0x20 && scalar.value != 0x7F
        }
        if isAllowed { return nil }
        return "TOML files cannot contain control characters: '\(hexadecimal(peek?.value ?? 0))'"
    }

    /// Go's `%q` of a character.
    static func shown(_ scalar: Unicode.Scalar) -> String {
        String(decoding: Quoting.rune(scalar, ascii: false), as: UTF8.self)
    }

    mutating func take(_ word: String) -> Bool {
        let wanted = Array(word.unicodeScalars)
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    /// Takes scalars while they are wanted.
    mutating func run(_ isWanted: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        while let scalar = peek, isWanted(scalar) {
            result.append(scalar)
            index += 1
        }
        return String(result)
    }

    mutating func skipBlanks() { while peek == " " || peek == "\t" { index += 1 } }

    /// Skips blanks, line ends and comments.
    mutating func skipBlankLines() throws(Fault) {
        while let scalar = peek {
            switch scalar {
            case " ", "\t", "\n": skip()
            case "\r":
                try checkCharacter()
                skip()
            case "#":
                while peek != nil, peek != "\n" {
                    try checkCharacter()
                    skip()
                }
            default: return
            }
        }
    }

    /// What has to follow an item.
    mutating func endOfLine() throws(Fault) {
        skipBlanks()
        switch peek {
        case nil, "\n"?, "\r"?, "#"?: return
        case let other?:
            throw fault(
                "expected a top-level item to end with a newline, comment, or EOF, but got "
                    + "\(TomlScanner.shown(other)) instead")
        }
    }

    // MARK: - Keys

    static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
            || scalar == "-"
    }

    /// A dotted key with its `=`.
    mutating func key() throws(Fault) -> [String] {
        var parts: [String] = []
        while true {
            skipBlanks()
            parts.append(try keyPart())
            skipBlanks()
            guard let next = peek else { throw fault("unexpected EOF; expected key separator '='") }
            if next == "=" {
                skip()
                return parts
            }
            guard next == "." else {
                throw fault("expected '.' or '=', but got \(TomlScanner.shown(next)) instead")
            }
            skip()
        }
    }

    private mutating func keyPart() throws(Fault) -> String {
        switch peek {
        case nil: throw fault("unexpected EOF; expected key separator '='")
        case "="?: throw fault("unexpected '=': key name appears blank")
        case "."?: throw fault("keys cannot start with a '.'")
        case "\""?, "'"?: return try string().string
        default: return run(TomlScanner.isBare)
        }
    }

    /// The name of a table up to its closing bracket.
    mutating func tableName(isArray: Bool) throws(Fault) -> [String] {
        var parts: [String] = []
        while true {
            skipBlanks()
            switch peek {
            case nil: throw fault("unexpected EOF; expected table name")
            case "]"?: throw fault("unexpected end of table name (table names cannot be empty)")
            case "."?: throw fault("unexpected '.': table name cannot start with a '.'")
            case "\""?, "'"?: parts.append(try string().string)
            default: parts.append(run(TomlScanner.isBare))
            }
            skipBlanks()
            try checkCharacter()
            let next = peek
            skip()
            if next == "." { continue }
            guard next == "]" else {
                guard let next else { throw fault("unexpected EOF; expected '.' or ']' to end table name") }
                throw fault("expected '.' or ']' to end table name, but got \(TomlScanner.shown(next)) instead")
            }
            if isArray, !take("]") {
                // BurntSushi's scanner reads a zero byte at the end.
                let next = peek ?? "\0"
                let found = TomlScanner.shown(next)
                if next == "\n" { skip() }
                throw fault("expected end of table array name delimiter ']', but got \(found) instead")
            }
            return parts
        }
    }

    // MARK: - Strings

    mutating func string() throws(Fault) -> Text {
        if take("'''") { return try raw("'''") }
        if take("\"\"\"") { return try quoted("\"\"\"") }
        return take("'") ? try raw("'") : try quoted("\"", skipsMark: true)
    }

    private mutating func raw(_ mark: String) throws(Fault) -> Text {
        let isLong = mark.unicodeScalars.count > 1
        if isLong { dropFirstLineEnd() }
        var result = String.UnicodeScalarView()
        while try !takeEnd(mark, into: &result) {
            guard let scalar = peek else { throw fault("unexpected EOF; expected \"\(mark)\"") }
            if scalar == "\n", !isLong { throw fault("strings cannot contain newlines") }
            try checkCharacter()
            result.append(scalar)
            skip()
        }
        return Text(String(result))
    }

    /// Takes the mark at the end of a string; up to two quotes before that of a long one are text.
    private mutating func takeEnd(
        _ mark: String, into result: inout String.UnicodeScalarView
    ) throws(Fault) -> Bool {
        guard take(mark) else { return false }
        guard mark.unicodeScalars.count > 1, let quote = mark.unicodeScalars.first else { return true }
        for _ in 0..<2 where peek == quote {
            result.append(quote)
            skip()
        }
        if peek == quote { throw fault(quote == "'" ? "unexpected \"''''''\"" : "unexpected '\"\"\"\"\"\"'") }
        return true
    }

    private mutating func dropFirstLineEnd() {
        if take("\r\n") { line += 1 } else if peek == "\n" { skip() }
    }

    private mutating func quoted(_ mark: String, skipsMark: Bool = false) throws(Fault) -> Text {
        if skipsMark { skip() }
        let isLong = mark.unicodeScalars.count > 1
        if isLong { dropFirstLineEnd() }
        var result = String.UnicodeScalarView()
        while try !takeEnd(mark, into: &result) {
            guard let scalar = peek else { throw fault("unexpected EOF; expected '\(mark)'") }
            if scalar == "\\" {
                skip()
                try escape(into: &result, isLong)
            } else {
                if scalar == "\n", !isLong { throw fault("strings cannot contain newlines") }
                try checkCharacter()
                result.append(scalar)
                skip()
            }
        }
        return Text(String(result))
    }

    private mutating func escape(into result: inout String.UnicodeScalarView, _ isLong: Bool) throws(Fault) {
        guard let scalar = peek else { throw fault("unexpected EOF; expected '\"'") }
        let plain: [Unicode.Scalar: Unicode.Scalar] = [
            "b": "\u{08}", "t": "\t", "n": "\n", "f": "\u{0C}", "r": "\r", "\"": "\"", "\\": "\\", "e": "\u{1B}",
        ]
        if let meant = plain[scalar] {
            result.append(meant)
            skip()
        } else if scalar == "x" || scalar == "u" || scalar == "U" {
            skip()
            try unicode(scalar, into: &result)
        } else if isLong, scalar == "\n" || scalar == " " || scalar == "\t" || scalar == "\r" {
            while let blank = peek, " \t\r\n".unicodeScalars.contains(blank) { skip() }
        } else {
            throw fault("invalid escape in string '\\\(scalar)'")
        }
    }

    private mutating func unicode(
        _ mark: Unicode.Scalar, into result: inout String.UnicodeScalarView
    ) throws(Fault) {
        let (count, word) = mark == "x" ? (2, "two") : mark == "u" ? (4, "four") : (8, "eight")
        var digits = ""
        for _ in 0..<count {
            guard let scalar = peek, Character(scalar).isHexDigit else {
                let found = peek.map(TomlScanner.shown) ?? "EOF"
                throw fault("expected \(word) hexadecimal digits after '\\\(mark)', but got \(found) instead")
            }
            digits.unicodeScalars.append(scalar)
            skip()
        }
        guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
            throw fault("Escaped character '\\u\(digits)' is not valid UTF-8.")
        }
        result.append(scalar)
    }
}
