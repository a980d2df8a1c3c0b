/// A text that is not all UTF-8 as Go matches it: each byte that belongs to no character is U+FFFD, which RE2 would not
/// take it for.
struct ReadableText {
    /// The text with U+FFFD in those places.
    let bytes: [UInt8]
    /// Where in `bytes` each of them begins.
    private let marks: [Int]

    /// Nil for a text that is UTF-8.
    init?(_ text: [UInt8]) {
        if text.allSatisfy({ $0 < 0x80 }) || String(validating: text, as: UTF8.self) != nil { return nil }
        var (bytes, marks): ([UInt8], [Int]) = ([], [])
        var index = 0
        while index < text.count {
            let width = ReadableText.width(text, index)
            if let width {
                bytes += text[index..<(index + width)]
            } else {
                marks.append(bytes.count)
                bytes += [0xEF, 0xBF, 0xBD]
            }
            index += width ?? 1
        }
        (self.bytes, self.marks) = (bytes, marks)
    }

    /// The place in the text as it was.
    func original(_ offset: Int) -> Int {
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if marks[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return offset - 2 * low
    }

    /// The width of the character at an index; nil where none stands there.
    private static func width(_ text: [UInt8], _ index: Int) -> Int? {
        let (first, second) = (text[index], index + 1 < text.count ? text[index + 1] : 0)
        let width: Int
        // The table of well-formed sequences (Unicode, table 3-7).
        switch (first, second) {
        case (0...0x7F, _): return 1
        case (0xC2...0xDF, 0x80...0xBF): return 2
        case (0xE0, 0xA0...0xBF), (0xE1...0xEC, 0x80...0xBF), (0xED, 0x80...0x9F), (0xEE...0xEF, 0x80...0xBF): width = 3
        case (0xF0, 0x90...0xBF), (0xF1...0xF3, 0x80...0xBF), (0xF4, 0x80...0x8F): width = 4
        default: return nil
        }
        guard index + width <= text.count else { return nil }
        return text[(index + 2)..<(index + width)].allSatisfy { $0 & 0xC0 == 0x80 } ? width : nil
    }
}
