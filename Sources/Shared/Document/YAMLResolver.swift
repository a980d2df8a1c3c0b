import Glibc

/// What a scalar means by YAML 1.1 as go-yaml v2 resolves it.
enum YAMLScalar {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case float(Double)
    case string(Text)
    /// `<<` that nothing quoted.
    case merge

    private static let prefix = "tag:yaml.org,2002:"

    /// Resolves a scalar.
    ///
    /// - Parameters:
    ///   - tag: the explicit tag, empty where there is none.
    ///   - isPlain: whether it stood without quotes.
    init(_ text: Text, tag: String, isPlain: Bool) throws(YAML.Failure) {
        if tag.isEmpty, !isPlain {
            self = .string(text)
            return
        }
        let short = tag.hasPrefix(YAMLScalar.prefix) ? "!!" + tag.dropFirst(YAMLScalar.prefix.count) : tag
        switch short {
        case "": self = text == "<<" ? .merge : YAMLScalar(plain: text)
        case "!!str": self = .string(text)
        case "!!binary": self = .string(try YAMLScalar.decodedBinary(text))
        case "!!merge": self = .merge
        case "!!bool", "!!int", "!!float", "!!null", "!!timestamp":
            self = try YAMLScalar.checked(YAMLScalar(plain: text), short, text)
        default: self = .string(text)
        }
    }

    /// An explicit tag has to fit what the text resolves to; a float may be written as an int.
    private static func checked(_ scalar: YAMLScalar, _ tag: String, _ text: Text) throws(YAML.Failure) -> YAMLScalar {
        if case .int(let value) = scalar, tag == "!!float" { return .float(Double(value)) }
        if tag == "!!timestamp", isTimestamp(text) { return .string(text) }
        let found = isTimestamp(text) ? "!!timestamp" : scalar.tag
        guard found == tag else {
            throw YAML.Failure(message: "yaml: cannot decode \(found) `\(text)` as a \(tag)")
        }
        return scalar
    }

    private var tag: String {
        switch self {
        case .null: "!!null"
        case .bool: "!!bool"
        case .int, .uint: "!!int"
        case .float: "!!float"
        case .string: "!!str"
        case .merge: "!!merge"
        }
    }

    /// Resolves text that stood without quotes and without a tag.
    init(plain text: Text) {
        self = text.withBytes { YAMLScalar.resolve($0) } ?? .string(text)
    }

    /// Nil for what is plain text.
    private static func resolve(_ bytes: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return fewDigits(bytes) ?? number(bytes)
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return word(bytes) ?? number(bytes)
        case UInt8(ascii: "."):
            return word(bytes) ?? float(String(decoding: bytes, as: UTF8.self))
        case UInt8(ascii: "~"), UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"),
            UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "O"):
            return word(bytes)
        default:
            return nil
        }
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
        guard bytes.count <= 5 else { return nil }
        let number = bytes.reduce(0) { $0 << 8 | UInt64($1) }
        return spellings.firstIndex(of: number).map { words[$0].meaning }
    }

    /// Spelled as numbers, since most scalars of a values file are asked whether they are one of these.
    private static let words: [(spelling: UInt64, meaning: YAMLScalar)] = {
        let all: [([String], YAMLScalar)] = [
            (["~", "null", "Null", "NULL"], .null),
            (["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], .bool(true)),
            (["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], .bool(false)),
            ([".nan", ".NaN", ".NAN"], .float(.nan)),
            ([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], .float(.infinity)),
            (["-.inf", "-.Inf", "-.INF"], .float(-.infinity)),
        ]
        return all.flatMap { words, meaning in words.map { ($0.utf8.reduce(0) { $0 << 8 | UInt64($1) }, meaning) } }
    }()

    private static let spellings = words.map(\.spelling)

    /// What most numbers are.
    private static func fewDigits(_ bytes: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
        guard bytes.count == 1 || bytes.count <= 18 && bytes[0] != UInt8(ascii: "0") else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            guard byte &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + Int64(byte &- UInt8(ascii: "0"))
        }
        return .int(value)
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
        let text = bytes.filter { $0 != UInt8(ascii: "_") }
        if let integer = integer(text[...]) { return integer }
        guard isFloat(text) else { return nil }
        return float(String(decoding: text, as: UTF8.self))
    }

    /// Go's `strconv.ParseInt(s, 0, 64)`, then `ParseUint`: decimal, `0x`, `0o`, `0b` and a leading 0 for octal.
    private static func integer(_ text: ArraySlice<UInt8>) -> YAMLScalar? {
        let negative = text.first == UInt8(ascii: "-")
        let isSigned = negative || text.first == UInt8(ascii: "+")
        let (radix, digits) = radix(isSigned ? text.dropFirst() : text)
        guard let magnitude = magnitude(digits, radix) else { return nil }
        if negative { return magnitude <= 1 << 63 ? .int(Int64(truncatingIfNeeded: 0 &- magnitude)) : nil }
        if magnitude <= UInt64(Int64.max) { return .int(Int64(magnitude)) }
        return isSigned ? nil : .uint(magnitude)
    }

    /// The base that a prefix names, and the digits after it.
    private static func radix(_ text: ArraySlice<UInt8>) -> (UInt64, ArraySlice<UInt8>) {
        guard text.count > 1, text.first == UInt8(ascii: "0") else { return (10, text) }
        switch text[text.startIndex + 1] | 0x20 {
        case UInt8(ascii: "x"): return (16, text.dropFirst(2))
        case UInt8(ascii: "o"): return (8, text.dropFirst(2))
        case UInt8(ascii: "b"): return (2, text.dropFirst(2))
        default: return (8, text.dropFirst())
        }
    }

    private static func magnitude(_ digits: ArraySlice<UInt8>, _ radix: UInt64) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, UInt64(digit) < radix else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isFloat(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        func dropSign() {
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        }
        dropSign()
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole + fraction > 0 else { return false }
        if let e = rest.first, e | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            dropSign()
            guard !rest.isEmpty else { return false }
            rest = rest.drop(while: isDigit)
        }
        return rest.isEmpty
    }

    private static func float(_ text: String) -> YAMLScalar? {
        // strconv refuses what is out of range, where Swift answers infinity.
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "_") }), text.utf8.first != nil, let value = Double(text),
            value.isFinite, isFloat(Array(text.utf8))
        else { return nil }
        return .float(value)
    }

    private static func decodedBinary(_ text: Text) throws(YAML.Failure) -> Text {
        guard let bytes = Base64.decode(text.bytes) else {
            throw YAML.Failure(message: "yaml: !!binary value contains invalid base64 data")
        }
        return Text(bytes: bytes)
    }
}

extension YAMLScalar {
    /// Whether go-yaml would take the text for a time: `2006-1-2`, with `T`, `t` or a blank before a time of day.
    static func isTimestamp(_ text: Text) -> Bool {
        let bytes = text.bytes
        guard bytes.count >= 8, bytes[4] == UInt8(ascii: "-") else { return false }
        var scanner = TimestampScanner(bytes[...])
        guard let year = scanner.number(4...4), scanner.take("-"), let month = scanner.number(1...2), scanner.take("-"),
            let day = scanner.number(1...2), (1...12).contains(month),
            (1...TimestampScanner.days(month, year)).contains(day)
        else { return false }
        if scanner.isAtEnd { return true }
        let hasZone = scanner.take("T") || scanner.take("t")
        guard hasZone || scanner.take(" ") else { return false }
        guard let hour = scanner.number(1...2), hour < 24, scanner.take(":"), let minute = scanner.number(1...2),
            minute < 60, scanner.take(":"), let second = scanner.number(1...2), second < 60
        else { return false }
        if scanner.take(".") { guard scanner.number(1...9) != nil else { return false } }
        return hasZone ? scanner.takeZone() && scanner.isAtEnd : scanner.isAtEnd
    }

    /// Whether old YAML would take the text for a number of base 60, such as `1:30`.
    static func isBase60(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        var rest = bytes[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        guard let first = rest.first, isDigit(first) else { return false }
        rest = rest.drop { isDigit($0) || $0 == UInt8(ascii: "_") }
        var groups = 0
        while rest.first == UInt8(ascii: ":") {
            rest.removeFirst()
            let digits = rest.prefix(while: isDigit)
            guard digits.count == 1 || digits.count == 2 && digits[digits.startIndex] <= UInt8(ascii: "5") else {
                return false
            }
            rest = rest.dropFirst(digits.count)
            groups += 1
        }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { isDigit($0) || $0 == UInt8(ascii: "_") }
        }
        return groups > 0 && rest.isEmpty
    }
}

private struct TimestampScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ widths: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(widths.upperBound).prefix { $0 &- UInt8(ascii: "0") < 10 }
        guard widths.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    mutating func takeZone() -> Bool {
        if take("Z") { return true }
        guard take("+") || take("-"), let hours = number(2...2), take(":"), let minutes = number(2...2) else {
            return false
        }
        return hours <= 24 && minutes < 60
    }

    static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
