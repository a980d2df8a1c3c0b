/// A byte-level reader that keeps its own stack, so that hostile depth cannot exhaust the thread's.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private let findDuplicates: Bool
    private var index = 0

    /// Containers that are still open, outermost first.
    private var open: [Container] = []
    /// The finished children of all open containers, those of the innermost last.
    private var values: [Value] = []
    private var members: [Object.Member] = []
    private(set) var duplicates: [[JSON.PathStep]] = []

    private struct Container {
        let isObject: Bool
        /// Where its children begin in `values` or `members`.
        let base: Int
        /// The key that waits for its value, in an object.
        var key = Text("")
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, findDuplicates: Bool) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.findDuplicates = findDuplicates
    }

    mutating func document() throws(JSON.Failure) -> Value {
        let value = try value()
        try end()
        return value
    }

    private mutating func end() throws(JSON.Failure) {
        skipSpace()
        guard index == bytes.count else { throw unexpected("after top-level value") }
    }

    private mutating func value() throws(JSON.Failure) -> Value {
        while true {
            guard var value = try startValue() else { continue }
            while true {
                guard let container = open.last else { return value }
                add(value, to: container)
                guard try closes(container) else { break }
                value = close(container)
            }
        }
    }

    /// Reads a scalar or an empty container; nil when a container was opened and its first child comes next.
    private mutating func startValue() throws(JSON.Failure) -> Value? {
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try openObject()
        case UInt8(ascii: "["): return try openArray()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw unexpected("looking for beginning of value")
        }
    }

    private mutating func openObject() throws(JSON.Failure) -> Value? {
        try checkDepth()
        index += 1
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        if bytes[index] == UInt8(ascii: "}") {
            index += 1
            return .object(Object())
        }
        open.append(Container(isObject: true, base: members.count, key: try key()))
        return nil
    }

    private mutating func openArray() throws(JSON.Failure) -> Value? {
        try checkDepth()
        index += 1
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        if bytes[index] == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        open.append(Container(isObject: false, base: values.count))
        return nil
    }

    private func checkDepth() throws(JSON.Failure) {
        if open.count >= maximumDepth { throw JSON.Failure(message: "exceeded max depth", offset: index) }
    }

    private mutating func key() throws(JSON.Failure) -> Text {
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        guard bytes[index] == UInt8(ascii: "\"") else {
            throw unexpected("looking for beginning of object key string")
        }
        let key = try string()
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        guard bytes[index] == UInt8(ascii: ":") else { throw unexpected("after object key") }
        index += 1
        return key
    }

    private mutating func add(_ value: Value, to container: Container) {
        if container.isObject {
            members.append(Object.Member(key: container.key, value: value))
        } else {
            values.append(value)
        }
    }

    /// Reads what follows a child: true at the container's end, false before its next child.
    private mutating func closes(_ container: Container) throws(JSON.Failure) -> Bool {
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        let byte = bytes[index]
        if byte == UInt8(ascii: ",") {
            index += 1
            if container.isObject { open[open.count - 1].key = try key() }
            return false
        }
        guard byte == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw unexpected(container.isObject ? "after object key:value pair" : "after array element")
        }
        index += 1
        return true
    }

    private mutating func close(_ container: Container) -> Value {
        open.removeLast()
        guard container.isObject else {
            let children = Array(values[container.base...])
            values.removeSubrange(container.base...)
            return .array(children)
        }
        let children = Array(members[container.base...])
        members.removeSubrange(container.base...)
        let object = Object(unsorted: children)
        if findDuplicates, object.count != children.count { noteDuplicates(children) }
        return .object(object)
    }

    private mutating func noteDuplicates(_ children: [Object.Member]) {
        let here = open.enumerated().map { depth, container -> JSON.PathStep in
            if container.isObject { return .key(container.key) }
            let next = depth + 1 < open.count ? open[(depth + 1)...].first { !$0.isObject } : nil
            return .index((next?.base ?? values.count) - container.base)
        }
        var seen: Set<Text> = []
        var told: Set<Text> = []
        for child in children where !seen.insert(child.key).inserted && told.insert(child.key).inserted {
            duplicates.append(here + [.key(child.key)])
        }
    }
}

// MARK: Parts

extension JSONReader {
    /// Reads a whole text, and makes values of its wanted parts alone.
    mutating func document(_ parts: JSON.Parts) throws(JSON.Failure) -> Value {
        let value = try value(parts)
        try end()
        return value
    }

    private mutating func value(_ parts: JSON.Parts) throws(JSON.Failure) -> Value {
        skipSpace()
        guard !parts.isWhole, index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return try value() }
        index += 1
        skipSpace()
        guard index < bytes.count else { throw endOfInput }
        var members: [Object.Member] = []
        if bytes[index] == UInt8(ascii: "}") {
            index += 1
            return .object(Object())
        }
        while true {
            let key = try key()
            if let wanted = parts[key] {
                members.append(Object.Member(key: key, value: try value(wanted)))
            } else {
                try skipValue()
            }
            skipSpace()
            guard index < bytes.count else { throw endOfInput }
            index += 1
            switch bytes[index - 1] {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return .object(Object(unsorted: members))
            default: throw unexpected("after object key:value pair", at: index - 1)
            }
        }
    }

    /// Passes over a value, of which only its brackets and texts are looked at.
    private mutating func skipValue() throws(JSON.Failure) {
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return
            default: break
            }
            index += 1
        }
        throw endOfInput
    }

    /// Goes on to the quote at the end of a text.
    private mutating func skipString() throws(JSON.Failure) {
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        throw endOfInput
    }
}

// MARK: Scalars

extension JSONReader {
    private mutating func literal(_ word: StaticString, _ value: Value) throws(JSON.Failure) -> Value {
        let start = index
        for offset in 0..<word.utf8CodeUnitCount {
            let expected = word.utf8Start[offset]
            guard index < bytes.count, bytes[index] == expected else {
                let letter = Character(Unicode.Scalar(expected))
                throw unexpected("in literal \(word) (expecting '\(letter)')", at: start + offset)
            }
            index += 1
        }
        return value
    }

    private mutating func number() throws(JSON.Failure) -> Number {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index += 1
        } else {
            try digits("in numeric literal")
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits("after decimal point in numeric literal")
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits("in exponent of numeric literal")
        }
        return Number(literal: UnsafeBufferPointer(rebasing: bytes[start..<index]))
    }

    private mutating func digits(_ place: String) throws(JSON.Failure) {
        guard index < bytes.count, isDigit(bytes[index]) else { throw unexpected(place) }
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private mutating func string() throws(JSON.Failure) -> Text {
        index += 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let run = UnsafeBufferPointer(rebasing: bytes[start..<index])
                index += 1
                return JSONReader.text(run)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw unexpected("in string literal") }
            index += 1
        }
        throw endOfInput
    }

    /// Go's decoder repairs invalid UTF-8 byte by byte.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Text {
        let text = Text(bytes: bytes)
        return text.isValidUTF8 ? text : Text(text.string)
    }

    private mutating func escapedString(from start: Int) throws(JSON.Failure) -> Text {
        var result = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return result.withUnsafeBufferPointer(JSONReader.text)
            }
            guard byte >= 0x20 else { throw unexpected("in string literal") }
            index += 1
            if byte == UInt8(ascii: "\\") {
                try escape(into: &result)
            } else {
                result.append(byte)
            }
        }
        throw endOfInput
    }

    private mutating func escape(into result: inout [UInt8]) throws(JSON.Failure) {
        guard index < bytes.count else { throw unexpected("in string escape code") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): result.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw unexpected("in string escape code", at: index - 1)
        }
    }

    /// The scalar of `\uXXXX`, with its second half where the first is a high surrogate; U+FFFD for a lone half.
    private mutating func unicodeEscape() throws(JSON.Failure) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let mark = index
        if first < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            index += 2
            let second = try fourHexDigits()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            index = mark
        }
        return "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(JSON.Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw unexpected("in \\u hexadecimal character escape")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private var endOfInput: JSON.Failure {
        JSON.Failure(message: "unexpected end of JSON input", offset: bytes.count)
    }

    private func unexpected(_ place: String, at offset: Int? = nil) -> JSON.Failure {
        let offset = offset ?? index
        // At the end Go's scanner is shown a blank.
        let byte = offset < bytes.count ? bytes[offset] : 0x20
        return JSON.Failure(message: "invalid character \(quoted(byte)) \(place)", offset: offset)
    }

    /// Go's `quoteChar`: the byte as a rune between single quotes, escaped as strconv.Quote does.
    private func quoted(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"): "'\\''"
        case UInt8(ascii: "\""): "'\"'"
        default: "'\(GoQuote.escaped(Unicode.Scalar(byte)))'"
        }
    }
}
