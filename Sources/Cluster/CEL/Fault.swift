/// What of an expression cannot be compiled.
public struct CELFault: Error, Sendable, Hashable {
    /// How many characters stand before the place; -1 for what has none.
    public let offset: Int
    public let message: String

    static func nowhere(_ message: String) -> CELFault { CELFault(offset: -1, message: message) }

    static let tooDeep = nowhere("expression recursion limit exceeded: \(Syntax.deepest)")
}

/// Why an expression cannot be compiled.
public struct CELFaults: Error, Sendable, Hashable {
    public let all: [CELFault]

    init(_ faults: [CELFault]) { all = faults }

    /// How many are told.
    private static let limit = 100
    /// Longer lines are not shown.
    private static let longest = 16_384

    /// All of them with their places, as cel-go shows them: in the order of the text.
    public func text(in source: String) -> String {
        let told = all.prefix(Self.limit).enumerated().sorted {
            ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset)
        }
        let lines = source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        var texts = told.map { Self.text($0.element, lines) }
        if all.count > Self.limit { texts.append("\(all.count - Self.limit) more errors were truncated") }
        return texts.joined(separator: "\n")
    }

    private static func text(_ fault: CELFault, _ lines: [Substring.UnicodeScalarView]) -> String {
        guard fault.offset >= 0 else { return "ERROR: <input>:-1:0: \(fault.message)" }
        var column = fault.offset
        var number = 0
        while number < lines.count - 1, column > lines[number].count {
            column -= lines[number].count + 1
            number += 1
        }
        let line = lines[number]
        let head = "ERROR: <input>:\(number + 1):\(column + 1): \(fault.message)"
        var shown = ""
        shown.unicodeScalars.append(contentsOf: line.map { $0 == "\t" ? " " : $0 })
        guard shown.utf8.count <= longest else { return head }
        // What is wider than a byte is thought to be wider than a column.
        let marks = line.prefix(column).map { $0.isASCII ? "." : "\u{ff0e}" }.joined()
        let isWide = line.dropFirst(column).first.map { !$0.isASCII } ?? false
        return "\(head)\n | \(shown)\n | \(marks)\(isWide ? "\u{ff3e}" : "^")"
    }
}
