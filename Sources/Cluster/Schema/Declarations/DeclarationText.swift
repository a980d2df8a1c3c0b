import CDeclarations

/// The embedded text of a group's declarations, a line at a time. docs/schema.md tells the language.
struct DeclarationText {
    /// A line without its indentation, split at spaces.
    struct Line {
        /// Two spaces are one step.
        let depth: Int
        let words: [Substring]

        var verb: Substring { words[0] }
    }

    private let text: String

    /// The names of all embedded texts.
    static let names: [String] = (0..<helmctl_declaration_count()).map {
        String(cString: helmctl_declaration_at($0).pointee.name)
    }

    /// The text of that name; nil where none is embedded.
    init?(named name: String) {
        guard let index = DeclarationText.names.firstIndex(of: name) else { return nil }
        let declaration = helmctl_declaration_at(UInt(index)).pointee
        text = String(
            decoding: UnsafeBufferPointer(start: declaration.text, count: Int(declaration.length)), as: UTF8.self)
    }

    /// What is said of the kinds of a file of that name; nil where nothing is.
    init?(words name: String) {
        let files = (0..<helmctl_words_count()).lazy.map { helmctl_words_at($0).pointee }
        guard let file = files.first(where: { String(cString: $0.name) == name }) else { return nil }
        text = String(decoding: UnsafeBufferPointer(start: file.text, count: Int(file.length)), as: UTF8.self)
    }

    /// The text itself, for tests.
    init(text: String) { self.text = text }

    /// The lines as they stand there.
    var raw: [Substring] { text.split(separator: "\n") }

    /// The lines up to the first `version`: what is served, which discovery needs at start.
    var head: [Line] { lines { $0.verb == "version" } }

    /// The lines from the first `version` on: what the kinds look like.
    var body: [Line] {
        guard let start = text.range(of: "\nversion ") else { return [] }
        return DeclarationText(text: String(text[text.index(after: start)...])).lines { _ in false }
    }

    private func lines(until stop: (Line) -> Bool) -> [Line] {
        var result: [Line] = []
        for raw in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let indent = raw.prefix { $0 == UInt8(ascii: " ") }.count
            let words = raw.dropFirst(indent).split(separator: UInt8(ascii: " ")).map { Substring($0) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let line = Line(depth: indent / 2, words: words)
            if stop(line) { break }
            result.append(line)
        }
        return result
    }
}

extension String {
    /// Where `needle` begins, by bytes.
    fileprivate func range(of needle: String) -> String.Index? {
        let wanted = Array(needle.utf8)
        var index = utf8.startIndex
        while let candidate = utf8[index...].firstIndex(of: wanted[0]) {
            if utf8[candidate...].starts(with: wanted) { return candidate }
            index = utf8.index(after: candidate)
        }
        return nil
    }
}
