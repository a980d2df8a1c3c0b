import CLibYAML

/// The escape `\'` of double-quoted text, which go-yaml knows (scannerc.go) and libyaml 0.2.5 does not.
///
/// Elsewhere the same two characters are plain text or end a quotation, so that only libyaml's own scanner can tell: it is
/// let run on the text until it refuses one.
enum YAMLEscapes {
    private static let mark = Array("\\'".utf8)
    /// How many texts between quotes are looked at; each costs a run of the scanner.
    private static let most = 32

    /// The text with `\x27` in the place of such escapes.
    static func known(_ text: [UInt8]) -> [UInt8] {
        guard holdsMark(text) else { return text }
        var result = text
        for _ in 0..<most {
            guard let refused = refusal(in: result), result[refused...].starts(with: mark) else { break }
            replace(in: &result, from: refused)
        }
        return result
    }

    private static func holdsMark(_ text: [UInt8]) -> Bool {
        var start = text.startIndex
        while let slash = text[start...].firstIndex(of: mark[0]), slash + 1 < text.count {
            if text[slash + 1] == mark[1] { return true }
            start = slash + 1
        }
        return false
    }

    /// Where the scanner finds the first escape that it does not know; nil where something else is wrong, or nothing.
    private static func refusal(in text: [UInt8]) -> Int? {
        var parser = yaml_parser_t()
        yaml_parser_initialize(&parser)
        defer { yaml_parser_delete(&parser) }
        let character: Int? = text.withUnsafeBufferPointer { bytes in
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            while true {
                var token = yaml_token_t()
                guard yaml_parser_scan(&parser, &token) == 1 else {
                    let isEscape = parser.problem.map { String(cString: $0) } == "found unknown escape character"
                    return isEscape ? parser.problem_mark.index : nil
                }
                defer { yaml_token_delete(&token) }
                if token.type == YAML_STREAM_END_TOKEN { return nil }
            }
        }
        guard let character else { return nil }
        // Marks count characters, and a byte order mark at the start for none.
        var left = character
        return text.indices.dropFirst(text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0).first { index in
            guard text[index] & 0xC0 != 0x80 else { return false }
            defer { left -= 1 }
            return left == 0
        }
    }

    /// Replaces the escapes up to the end of the quotation.
    private static func replace(in text: inout [UInt8], from start: Int) {
        var inner: [UInt8] = []
        var index = start
        while index + 1 < text.count, text[index] != UInt8(ascii: "\"") {
            let isEscape = text[index] == mark[0]
            let piece = text[index...].prefix(isEscape ? 2 : 1)
            inner += piece.elementsEqual(mark) ? Array("\\x27".utf8) : Array(piece)
            index += piece.count
        }
        text.replaceSubrange(start..<index, with: inner)
    }
}
