/// A list of words, each of them whole (pflag's StringArray).
extension [String]: FlagValue {
    public static var kind: String { "stringArray" }

    public mutating func take(_ text: String) { append(text) }

    public var shownDefault: String { isEmpty ? "" : "[\(joined(separator: ","))]" }
}

/// A list of words that commas divide, as CSV (pflag's StringSlice).
public struct StringSlice: FlagValue {
    public static var kind: String { "strings" }

    /// The words of all values.
    public private(set) var items: [String] = []

    /// No words.
    public init() {}

    public mutating func take(_ text: String) throws(InvalidFlagValue) { items += try CSVRecord.fields(text) }

    public var shownDefault: String { items.shownDefault }
}

/// Words with words for them, `a=b,c=d` (pflag's StringToString).
public struct StringToString: FlagValue {
    public static var kind: String { "stringToString" }

    /// The pairs in the order in which they were given; the last of a key holds.
    public private(set) var pairs: [(key: String, value: String)] = []

    /// No pairs.
    public init() {}

    public mutating func take(_ text: String) throws(InvalidFlagValue) {
        for item in try items(text) {
            guard let equals = item.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw InvalidFlagValue("\(item) must be formatted as key=value")
            }
            pairs.append((String(item[..<equals]), String(item[item.utf8.index(after: equals)...])))
        }
    }

    /// A text with one `=` is one pair, whatever commas its value has.
    private func items(_ text: String) throws(InvalidFlagValue) -> [String] {
        let count = text.utf8.count { $0 == UInt8(ascii: "=") }
        if count > 1 { return try CSVRecord.fields(text) }
        let isQuoted = text.utf8.count > 1 && text.utf8.first == CSVRecord.quote && text.utf8.last == CSVRecord.quote
        return [isQuoted ? String(text.dropFirst().dropLast()) : text]
    }

    public var shownDefault: String { pairs.map { "\($0.key)=\($0.value)" }.shownDefault }
}

/// One line of comma-separated values, as Go's package encoding/csv reads it (RFC 4180).
enum CSVRecord {
    static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    /// The fields of the first line; none of an empty text.
    static func fields(_ text: String) throws(InvalidFlagValue) -> [String] {
        if text.isEmpty { return [] }
        let bytes = Array(text.utf8)
        var fields: [String] = []
        var index = 0
        while true {
            let field = index < bytes.count && bytes[index] == quote ? quoted(bytes, &index) : try plain(bytes, &index)
            guard let field else { throw fault(index, "extraneous or missing \" in quoted-field") }
            fields.append(field)
            guard index < bytes.count, bytes[index] == comma else { return fields }
            index += 1
        }
    }

    private static func plain(_ bytes: [UInt8], _ index: inout Int) throws(InvalidFlagValue) -> String? {
        let start = index
        while index < bytes.count, bytes[index] != comma, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == quote { throw fault(index, "bare \" in non-quoted-field") }
            index += 1
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// A field between quotes, with `""` for each quote in it; nil where it does not end, or goes on behind its end.
    private static func quoted(_ bytes: [UInt8], _ index: inout Int) -> String? {
        var field: [UInt8] = []
        index += 1
        while index < bytes.count {
            if bytes[index] != quote {
                field.append(bytes[index])
                index += 1
            } else if index + 1 < bytes.count, bytes[index + 1] == quote {
                field.append(quote)
                index += 2
            } else {
                index += 1
                let isEnd = index == bytes.count || bytes[index] == comma || bytes[index] == UInt8(ascii: "\n")
                if !isEnd { index -= 1 }
                return isEnd ? String(decoding: field, as: UTF8.self) : nil
            }
        }
        return nil
    }

    private static func fault(_ index: Int, _ why: String) -> InvalidFlagValue {
        InvalidFlagValue("parse error on line 1, column \(index + 1): \(why)")
    }
}
