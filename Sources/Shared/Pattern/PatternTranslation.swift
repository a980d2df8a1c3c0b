/// A pattern of Go's as RE2 reads it: what only Go knows is written otherwise, and what only RE2 knows so that it fails.
struct PatternTranslation {
    /// The pattern for RE2.
    private(set) var pattern: [UInt8] = []
    /// What was written otherwise, with the words that stood there, which errors show.
    private(set) var originals: [[UInt8]: [UInt8]] = [:]
    private var rest: ArraySlice<UInt8>
    private var isInClass = false

    init(_ pattern: [UInt8]) {
        rest = pattern[...]
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\\"): escape()
            case UInt8(ascii: "["): bracket()
            case UInt8(ascii: "]"):
                isInClass = false
                copy(1)
            case UInt8(ascii: "(") where !isInClass: group()
            default: copy(1)
            }
        }
    }

    private mutating func copy(_ count: Int) {
        pattern += rest.prefix(count)
        rest = rest.dropFirst(count)
    }

    private mutating func replace(_ count: Int, with text: some Sequence<UInt8>) {
        let (written, original) = (Array(text), Array(rest.prefix(count)))
        if written != original { originals[written] = original }
        pattern += written
        rest = rest.dropFirst(count)
    }

    private mutating func escape() {
        switch rest.dropFirst().first {
        // A single byte to RE2 and no escape to Go: it becomes one that neither knows.
        case UInt8(ascii: "C"): replace(2, with: "\\y".utf8)
        case UInt8(ascii: "Q") where !isInClass:
            let end = rest.indices.first { rest[$0...].starts(with: "\\E".utf8) }
            copy(end.map { $0 - rest.startIndex } ?? rest.count)
        case UInt8(ascii: "p"), UInt8(ascii: "P"): named()
        default: copy(2)
        }
    }

    /// The start of a class with what may stand there only, or of a named class within one.
    private mutating func bracket() {
        if isInClass {
            let end = rest.starts(with: "[:".utf8) ? rest.indices.first { rest[$0...].starts(with: ":]".utf8) } : nil
            return copy(end.map { $0 + 2 - rest.startIndex } ?? 1)
        }
        isInClass = true
        copy(1)
        if rest.first == UInt8(ascii: "^") { copy(1) }
        if rest.first == UInt8(ascii: "]") { copy(1) }
    }

    /// Go writes named groups `(?<name>…)` too, which this RE2 does not know, and names them with ASCII alone.
    private mutating func group() {
        let isNamed = rest.starts(with: "(?P<".utf8)
        let isShort =
            rest.starts(with: "(?<".utf8) && ![UInt8(ascii: "="), UInt8(ascii: "!")].contains(rest.dropFirst(3).first)
        guard isNamed || isShort else { return copy(1) }
        let start = isNamed ? 4 : 3
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return replace(start, with: "(?P<".utf8) }
        let name = rest[(rest.startIndex + start)..<end]
        // RE2 takes no dash in a name either.
        let known = name.allSatisfy { $0 < 0x80 } ? Array(name) : [UInt8(ascii: "-")]
        replace(end + 1 - rest.startIndex, with: Array("(?P<".utf8) + known + [UInt8(ascii: ">")])
    }

    /// `\pL`, `\p{Name}` or `\P{^Name}`
    private mutating func named() {
        let name: ArraySlice<UInt8>
        var length = 3
        if rest.dropFirst(2).first == UInt8(ascii: "{") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return copy(rest.count) }
            name = rest[(rest.startIndex + 3)..<end]
            length = end + 1 - rest.startIndex
        } else {
            name = rest.dropFirst(2).prefix(1)
            guard let byte = name.first, byte < 0x80 else { return copy(2) }
        }
        let isCaret = name.first == UInt8(ascii: "^")
        let isNegated = (rest[rest.startIndex + 1] == UInt8(ascii: "P")) != isCaret
        let text = String(decoding: isCaret ? name.dropFirst() : name, as: UTF8.self)
        replace(length, with: UnicodeClass.pattern(text, isNegated: isNegated, isInClass: isInClass).utf8)
    }
}
