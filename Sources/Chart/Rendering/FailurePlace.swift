import Document
import Template

/// Where something went wrong, with what an author needs to see: an addition of ours to Helm's words.
public struct FailurePlace: Sendable, Hashable {
    /// `FILE:LINE:COLUMN`, counted as in Helm's own texts: lines from 1, columns from 0 in bytes.
    public let location: String
    /// The line itself.
    public let excerpt: String
    public let line: Int
    /// Where in the line it begins and how wide it is.
    public let column: Int
    public let width: Int
    /// What there is to say of it.
    public let note: String

    init(_ source: Source, _ span: Span, note: String) {
        let (line, column) = source.position(of: Int(span.offset))
        self.init(source, line, column, width: Int(span.length), note: note)
    }

    init(_ source: Source, _ line: Int, _ column: Int, width: Int, note: String) {
        self.line = line
        self.column = column
        self.note = note
        location = "\(source.name.string):\(line):\(column)"
        let lines = source.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        excerpt = line <= lines.count ? String(decoding: lines[line - 1].prefix(200), as: UTF8.self) : ""
        self.width = max(1, min(width, excerpt.utf8.count - column))
    }

    /// A place in a file that is no template.
    ///
    /// - Parameters:
    ///   - line: from 1.
    ///   - character: from 1, in characters; where it is not known, the first of the line that is no blank.
    init(file: String, _ bytes: [UInt8], line: Int, character: Int? = nil, note: String) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let text = lines.indices.contains(line - 1) ? String(decoding: lines[line - 1].prefix(200), as: UTF8.self) : ""
        let blanks = text.prefix { $0 == " " || $0 == "\t" }.utf8.count
        column = character.map { text.unicodeScalars.prefix($0 - 1).reduce(0) { $0 + $1.utf8.count } } ?? blanks
        location = "\(file):\(line):\(column)"
        excerpt = text
        width = max(1, GoText.trimmedRight(text).utf8.count - column)
        (self.line, self.note) = (line, note)
    }

    /// The place that a YAML reader refused, below that many lines of the file; nil where it knows none.
    init?(file: String, _ bytes: [UInt8], _ failure: YAML.Failure, below lines: Int = 0, note: String) {
        guard let line = failure.mark?.line ?? (failure.line == 0 ? nil : failure.line) else { return nil }
        self.init(file: file, bytes, line: lines + line, character: failure.mark?.column, note: note)
    }

    /// The place with its line and a caret under it.
    public var text: String {
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        // A tab is as wide below as above.
        let blanks = excerpt.utf8.prefix(column).filter { $0 & 0xC0 != 0x80 }.map { $0 == 0x09 ? "\t" : " " }.joined()
        let caret = String(repeating: "^", count: width)
        return "\(location): \(note)\n\(margin) |\n\(number) | \(excerpt)\n\(margin) | \(blanks)\(caret)\n"
    }
}

extension FailurePlace {
    /// How many places are told of one failure: of a template that calls itself a thousand times those near both ends.
    private static let most = 8

    /// The places of a failed execution: where it failed first, then who called it.
    static func places(of error: TemplateError) -> [FailurePlace] {
        var result: [FailurePlace] = []
        let links = error.chain.filter { $0.place != nil }
        let cause = error.chain.last
        let left = max(0, links.count - most)
        for (index, link) in links.reversed().enumerated() {
            guard let place = link.place, index < most - 1 || index >= most - 1 + left else { continue }
            let words = (index == 0 ? cause?.message.string : nil) ?? ""
            let hint = (index == 0 ? link.hint ?? cause?.hint : nil).map { " (\($0))" } ?? ""
            let name = place.template == place.source.name ? "" : " in \(GoQuote.quote(place.template).string)"
            let others = left > 0 && index == most - 1 + left ? ", after \(left) other calls" : ""
            let note = index == 0 ? "\(words)\(hint)\(name)" : "called from here\(name)\(others)"
            result.append(FailurePlace(place.source, place.span, note: note))
        }
        return result
    }

    /// The place of what wrote a byte: in plain text the very byte, else the action.
    init(_ mark: OutputMark, at offset: Int, note: String) {
        let first = mark.source.bytes[Int(mark.span.offset)...].prefix(Int(mark.span.length))
        let isText = !first.starts(with: "{{".utf8)
        let (line, column) = mark.source.position(of: Int(mark.span.offset) + (isText ? offset - mark.offset : 0))
        self.init(mark.source, line, column, width: isText ? 1 : Int(mark.span.length), note: note)
    }

    /// The place of what the parser refused.
    static func place(of failure: ParseFailure) -> FailurePlace {
        if failure.source.position(of: Int(failure.span.offset)).line == failure.line {
            return FailurePlace(failure.source, failure.span, note: failure.message)
        }
        return FailurePlace(failure.source, failure.line, 0, width: 1, note: failure.message)
    }
}
