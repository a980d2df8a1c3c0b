extension JSON {
    /// How a tree is written.
    public struct Format: Sendable {
        /// Which text a number gets.
        public enum Numbers: Sendable {
            /// The literal that was read.
            case literal
            /// Integers as they are, all else as float64: Kubernetes' reading.
            case kubernetes
            /// Every number as float64: Helm's reading of files.
            case helm
        }

        /// Whether `<`, `>`, `&` are escaped, as `json.Marshal` does and an Encoder with SetEscapeHTML(false) does not.
        public var escapesHTML: Bool
        public var numbers: Numbers
        /// The text of one level of indentation; nil writes everything on one line.
        public var indent: String?

        public init(escapesHTML: Bool = true, numbers: Numbers = .kubernetes, indent: String? = nil) {
            self.escapesHTML = escapesHTML
            self.numbers = numbers
            self.indent = indent
        }
    }

    /// The value as Go's encoding/json writes it, without a newline at the end.
    public static func write(_ value: Value, _ format: Format = Format()) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, into: &bytes, format)
        return bytes
    }

    /// The value as text.
    public static func text(_ value: Value, _ format: Format = Format()) -> Text {
        Text(bytes: write(value, format))
    }

    /// Appends the value as Go's encoding/json writes it.
    public static func write(_ value: Value, into bytes: inout [UInt8], _ format: Format = Format()) {
        var writer = JSONWriter(bytes: bytes, format: format)
        bytes = []  // leaves one reference, so that appending does not copy
        writer.write(value, depth: 0)
        bytes = writer.bytes
    }

    /// Appends a string with its quotes.
    public static func write(string: Text, into bytes: inout [UInt8], escapesHTML: Bool = true) {
        var writer = JSONWriter(bytes: bytes, format: Format(escapesHTML: escapesHTML))
        bytes = []
        writer.write(string)
        bytes = writer.bytes
    }
}

struct JSONWriter {
    var bytes: [UInt8]
    let format: JSON.Format

    mutating func write(_ value: Value, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(true): append("true")
        case .bool(false): append("false")
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements): write(elements, depth: depth)
        case .object(let object): write(object, depth: depth)
        }
    }

    private mutating func write(_ number: Number) {
        let shown =
            switch format.numbers {
            case .literal: number
            case .kubernetes: number.kubernetes
            case .helm: number.helm
            }
        shown.literal.withBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func write(_ elements: [Value], depth: Int) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine(depth + 1)
            write(element, depth: depth + 1)
        }
        if !elements.isEmpty { newLine(depth) }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: Object, depth: Int) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in object.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine(depth + 1)
            write(member.key)
            bytes.append(UInt8(ascii: ":"))
            if format.indent != nil { bytes.append(UInt8(ascii: " ")) }
            write(member.value, depth: depth + 1)
        }
        if !object.isEmpty { newLine(depth) }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func newLine(_ depth: Int) {
        guard let indent = format.indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { bytes.append(contentsOf: indent.utf8) }
    }

    mutating func write(_ text: Text) {
        bytes.append(UInt8(ascii: "\""))
        text.withBytes { source in
            var start = 0
            var index = 0
            while index < source.count {
                guard let (escape, width) = self.escape(source, at: index) else {
                    index += 1
                    continue
                }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<index]))
                bytes.append(contentsOf: escape.utf8)
                index += width
                start = index
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// What stands for the character at `index`, and its width; nil where the byte stands for itself.
    private func escape(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> (String, Int)? {
        let byte = source[index]
        switch byte {
        case 0x22: return ("\\\"", 1)
        case 0x5C: return ("\\\\", 1)
        case 0x08: return ("\\b", 1)
        case 0x0C: return ("\\f", 1)
        case 0x0A: return ("\\n", 1)
        case 0x0D: return ("\\r", 1)
        case 0x09: return ("\\t", 1)
        case 0..<0x20: return (byte < 0x10 ? "\\u000\(String(byte, radix: 16))" : "\\u00\(String(byte, radix: 16))", 1)
        case 0x3C where format.escapesHTML: return ("\\u003c", 1)
        case 0x3E where format.escapesHTML: return ("\\u003e", 1)
        case 0x26 where format.escapesHTML: return ("\\u0026", 1)
        case 0..<0x80: return nil
        default: return escapeNonASCII(source, at: index)
        }
    }

    private func escapeNonASCII(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> (String, Int)? {
        // Continuation bytes of a valid scalar were judged with its first byte.
        if source[index] & 0xC0 == 0x80, isInsideScalar(source, index) { return nil }
        let (scalar, width) = UTF8Decoding.decode(source, at: index)
        switch scalar {
        case nil: return ("\\ufffd", 1)
        case "\u{2028}": return ("\\u2028", width)
        case "\u{2029}": return ("\\u2029", width)
        default: return nil
        }
    }

    private func isInsideScalar(_ source: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        for back in 1...3 where index >= back && source[index - back] & 0xC0 != 0x80 {
            let (scalar, width) = UTF8Decoding.decode(source, at: index - back)
            return scalar != nil && width > back
        }
        return false
    }

    private mutating func append(_ word: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}
