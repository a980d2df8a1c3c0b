extension JSON {
    /// A text that is known to be JSON with each value on a line of its own, two blanks for each level, as Go's
    /// json.MarshalIndent has it; without a newline at the end.
    public static func indented(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 2)
        var depth = 0
        // Whether something was opened that has nothing in it yet.
        var isEmpty = false
        func breakLine() {
            result.append(UInt8(ascii: "\n"))
            result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
        }
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            if byte <= UInt8(ascii: " ") { continue }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
                if !isEmpty { breakLine() }
                isEmpty = false
                result.append(byte)
                continue
            }
            if isEmpty { breakLine() }
            isEmpty = false
            result.append(byte)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                isEmpty = true
            case UInt8(ascii: ","): breakLine()
            case UInt8(ascii: ":"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""):
                let end = JSON.end(ofString: text, from: index)
                result.append(contentsOf: text[index..<end])
                index = end
            default: break
            }
        }
        return result
    }

    /// Where a string ends whose first byte after the quote stands there.
    private static func end(ofString text: [UInt8], from start: Int) -> Int {
        var index = start
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""): return index + 1
            default: index += 1
            }
        }
        return text.endIndex
    }
}
