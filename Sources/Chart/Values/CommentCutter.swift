import Glibc

/// Cuts the comments of a values file down to their marks: they are most of it, and libyaml takes as long for a letter of
/// a comment as for one of a value.
///
/// Lines stay lines and what is no comment stays as it is, so that a fault keeps its place. A comment behind a line that
/// may go on in the next one (a quoted text or a flow collection without its end) might be none: from there on nothing is
/// cut, and nothing within a block scalar.
struct CommentCutter {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var result: [UInt8] = []
    private var copied = 0
    /// The column that the lines of a block scalar begin behind.
    private var block: Int?

    /// What a line says of those below it.
    private enum Line {
        case whole
        /// A block scalar begins, whose lines stand behind that column.
        case block(Int)
        case unclear
    }

    /// The text with its comments cut.
    ///
    /// - Parameter bytes: one YAML document, each line of which ends with a newline alone, the last one too.
    static func cut(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer { buffer in
            var cutter = CommentCutter(buffer)
            return cutter.cut()
        }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        result.reserveCapacity(bytes.count)
    }

    private mutating func cut() -> [UInt8] {
        var start = 0
        while start < bytes.count, let base = bytes.baseAddress,
            let newline = memchr(base + start, CInt(UInt8(ascii: "\n")), bytes.count - start)
        {
            let end = UnsafeRawPointer(newline) - UnsafeRawPointer(base)
            guard pass(start, end) else { break }
            start = end + 1
        }
        result += bytes[copied...]
        return result
    }

    /// Passes over a line; false where nothing more may be cut.
    private mutating func pass(_ start: Int, _ end: Int) -> Bool {
        var first = start
        while first < end, bytes[first] == UInt8(ascii: " ") { first += 1 }
        if first == end { return true }
        if let block {
            if first - start > block { return true }
            self.block = nil
        }
        if bytes[first] == UInt8(ascii: "#") {
            shorten(first, end)
            return true
        }
        switch line(start, first, end) {
        case .whole: return true
        case .block(let column):
            block = column
            return true
        case .unclear: return false
        }
    }

    /// Leaves the mark of a comment; all of one that libyaml may find something wrong with.
    private mutating func shorten(_ first: Int, _ end: Int) {
        let comment = bytes[(first + 1)..<end]
        guard !comment.isEmpty, comment.allSatisfy({ $0 &- 0x20 < 0x5F || $0 == UInt8(ascii: "\t") }) else { return }
        result += bytes[copied...first]
        copied = end
    }

    // MARK: - Lines of values

    private func line(_ start: Int, _ first: Int, _ end: Int) -> Line {
        var key = first
        var column = first - start
        while key + 1 < end, bytes[key] == UInt8(ascii: "-"), bytes[key + 1] == UInt8(ascii: " ") {
            column = key - start
            key += 1
            while key < end, bytes[key] == UInt8(ascii: " ") { key += 1 }
        }
        let isScalarAlone = key < end && CommentCutter.beginsBlock(bytes[key])
        if isScalarAlone ? key == first : !(key < end && CommentCutter.isPlain(bytes[key])) { return .unclear }
        guard let content = contentEnd(key, end) else { return .unclear }
        switch header(key, content) {
        case .none: return .whole
        case .plain: return .block(isScalarAlone ? column : key - start)
        case .indented: return .unclear
        }
    }

    /// Whether a key or a value that begins so is as simple as most are: no tag, anchor, flow collection or directive.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
            || isQuote(byte)
    }

    private static func beginsBlock(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "|") || byte == UInt8(ascii: ">") }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// Where the line ends but for a comment behind it; nil where a quoted text or a flow collection may go on below.
    private func contentEnd(_ first: Int, _ end: Int) -> Int? {
        var index = first
        var depth = 0
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let next = passQuote(index, first, end) else { return nil }
                index = next
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth < 0 { return nil }
            case UInt8(ascii: "#") where bytes[index - 1] == UInt8(ascii: " ") || header(first, index) != .none:
                return depth == 0 ? index : nil
            case UInt8(ascii: "\t"): return nil
            default: break
            }
            index += 1
        }
        return depth == 0 ? end : nil
    }

    /// The last byte of a quoted text, or the quote itself where it is part of a plain one; nil where that is not clear.
    private func passQuote(_ index: Int, _ first: Int, _ end: Int) -> Int? {
        if index == first { return closing(of: index, end) }
        var before = index - 1
        while before > first, bytes[before] == UInt8(ascii: " ") { before -= 1 }
        switch bytes[before] {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): return closing(of: index, end)
        case UInt8(ascii: ":"): return before < index - 1 ? closing(of: index, end) : nil
        // Behind a letter it is one itself, as in "don't".
        default: return before == index - 1 && CommentCutter.isPlain(bytes[before]) ? index : nil
        }
    }

    private func closing(of opening: Int, _ end: Int) -> Int? {
        let quote = bytes[opening]
        var index = opening + 1
        while index < end {
            if bytes[index] == quote { return index }
            index += quote == UInt8(ascii: "\"") && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// What a line says at its end of a block scalar below it.
    private enum Header {
        case none
        /// `|` or `>-`
        case plain
        /// `|2`: shallower lines may end it.
        case indented
    }

    private func header(_ first: Int, _ end: Int) -> Header {
        var index = end - 1
        while index > first, bytes[index] == UInt8(ascii: " ") { index -= 1 }
        var isIndented = false
        while index > first {
            if bytes[index] &- 0x30 < 10 {
                isIndented = true
            } else if bytes[index] != UInt8(ascii: "-"), bytes[index] != UInt8(ascii: "+") {
                break
            }
            index -= 1
        }
        guard index >= first, CommentCutter.beginsBlock(bytes[index]) else { return .none }
        return isIndented ? .indented : .plain
    }
}
