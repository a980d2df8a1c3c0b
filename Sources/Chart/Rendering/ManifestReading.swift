import Document
import Glibc
import Template

/// The documents of a rendered file, perhaps read while the next ones are rendered.
struct ManifestReading: Sendable {
    /// A document and what Helm looks at in it.
    struct Document: Sendable {
        let text: Text
        let head: Head
    }

    /// What became of a document's head. A `Result` would have the runtime search for the conformance of its failure.
    enum Head: Sendable {
        case read(ManifestHead)
        case failed(ManifestHead.Failure)
    }

    /// What was rendered.
    let text: Text
    private let outcome: WorkAhead.Outcome<[Document]>

    /// Lets `ahead` read a file.
    init(_ text: Text, _ ahead: WorkAhead) {
        self.text = text
        outcome = ahead.add(weight: 8 * text.count) { ManifestReading.read(text) }
    }

    /// A file that nobody reads before somebody asks.
    init(_ text: Text) {
        self.text = text
        outcome = WorkAhead.Outcome { ManifestReading.read(text) }
    }

    /// Reads the documents now, unless somebody does.
    func prepare() { outcome.prepare() }

    /// The documents, up to the first that cannot be read.
    func documents() -> [Document] { outcome.get() }

    private static func read(_ text: Text) -> [Document] {
        var result: [Document] = []
        for document in documents(in: text) {
            do throws(ManifestHead.Failure) {
                result.append(Document(text: document, head: .read(try ManifestHead(document))))
            } catch {
                return result + [Document(text: document, head: .failed(error))]
            }
        }
        return result
    }

    /// The texts between separators: `---` at the start of a line, blanks around it taken off.
    static func documents(in text: Text) -> [Text] {
        text.withBytes { buffer in
            let all = Array(buffer)
            var rest = GoText.trimmingLeft(all[...])
            var result: [Text] = []
            var isFirst = true
            while true {
                let (head, tail) = cut(rest, isFirst: isFirst)
                isFirst = false
                let document = GoText.trimmingLeft(head)
                if !document.isEmpty { result.append(Text(bytes: document)) }
                guard let tail else { return result }
                rest = tail
            }
        }
    }

    /// The bytes before the first separator, and those after it; nil where there is none. A separator needs a newline
    /// before it that no other separator has taken, or the start of the text.
    private static func cut(
        _ bytes: ArraySlice<UInt8>, isFirst: Bool
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        var line = bytes.startIndex
        while line < bytes.endIndex {
            if bytes[line] == UInt8(ascii: "-"), bytes[line...].starts(with: "---".utf8),
                line > bytes.startIndex || isFirst
            {
                var head = bytes[..<line]
                while let last = head.last, isBlank(last) { head.removeLast() }
                return (head, bytes[(line + 3)...].drop(while: isBlank))
            }
            guard let newline = ManifestReading.newline(in: bytes, from: line) else { break }
            line = newline + 1
        }
        return (bytes, nil)
    }

    private static func newline(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            let offset = start - bytes.startIndex
            guard let base = buffer.baseAddress, let found = memchr(base + offset, 0x0A, buffer.count - offset) else {
                return nil
            }
            return UnsafeRawPointer(found) - base + bytes.startIndex
        }
    }

    /// The blanks of a regular expression's `\s`.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }
}
