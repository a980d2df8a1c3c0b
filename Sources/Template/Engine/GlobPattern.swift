public import Document

/// A pattern of gobwas/glob with `/` as separator: `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}` and escapes.
public struct GlobPattern: Sendable {
    private indirect enum Piece: Sendable {
        case literal(Unicode.Scalar)
        case any, anything
        case one(isNarrow: Bool)
        case set([ClosedRange<UInt32>], negated: Bool, isNarrow: Bool)
        case either([[Piece]])
        /// What braces without anything between them match.
        case nothing
    }

    private let pieces: [Piece]

    /// Reads a pattern; nil where it is none.
    public init?(_ pattern: Text) {
        var rest = Array(pattern.string.unicodeScalars)[...]
        guard let pieces = GlobPattern.read(&rest, isNested: false), rest.isEmpty else { return nil }
        self.pieces = GlobPattern.narrowed(pieces)
    }

    /// The library takes a byte for a character where it matches a row of pieces of known lengths, so that those which
    /// stand before text never match what is longer.
    private static func narrowed(_ pieces: [Piece]) -> [Piece] {
        pieces.indices.map { index in
            let others = pieces[(index + 1)...].drop { if case .one = $0 { true } else { false } }
            let isBeforeText =
                switch others.first {
                case .literal?, .set(_, negated: false, _)?: true
                default: false
                }
            let followsStar: Bool
            switch index == 0 ? nil : pieces[index - 1] {
            case .any?, .anything?: followsStar = true
            default: followsStar = false
            }
            switch pieces[index] {
            case .one: return .one(isNarrow: isBeforeText && !followsStar)
            case .set(let ranges, let negated, _): return .set(ranges, negated: negated, isNarrow: isBeforeText)
            case let piece: return piece
            }
        }
    }

    /// How many pieces may be tried: stars behind each other take a power of the path's length.
    private static let mostTries = 1_000_000

    /// Whether the whole path matches; nil where that takes too long to find out.
    public func matches(_ path: Text) -> Bool? {
        var tries = 0
        let matches = GlobPattern.match(pieces[...], Array(path.string.unicodeScalars)[...], &tries)
        return tries > GlobPattern.mostTries ? nil : matches
    }

    private static func read(_ rest: inout ArraySlice<Unicode.Scalar>, isNested: Bool) -> [Piece]? {
        var pieces: [Piece] = []
        while let scalar = rest.first {
            if isNested, scalar == "," || scalar == "}" { return pieces }
            rest.removeFirst()
            switch scalar {
            case "*":
                if rest.first == "*" {
                    rest.removeFirst()
                    pieces.append(.anything)
                } else {
                    pieces.append(.any)
                }
            case "?": pieces.append(.one(isNarrow: false))
            case "\\":
                // At the end it escapes nothing.
                if let next = rest.popFirst() { pieces.append(.literal(next)) }
            case "[":
                guard let piece = readSet(&rest) else { return nil }
                pieces.append(piece)
            case "{":
                guard let piece = readAlternatives(&rest) else { return nil }
                pieces.append(piece)
            default: pieces.append(.literal(scalar))
            }
        }
        return pieces
    }

    /// The end of the pattern closes all braces; between those that hold nothing nothing matches.
    private static func readAlternatives(_ rest: inout ArraySlice<Unicode.Scalar>) -> Piece? {
        var choices: [[Piece]] = []
        repeat {
            guard let choice = read(&rest, isNested: true) else { return nil }
            choices.append(choice)
        } while rest.popFirst() == ","
        return choices.allSatisfy(\.isEmpty) ? .nothing : .either(choices)
    }

    /// A set is one range alone, or a list in which `-` means nothing.
    private static func readSet(_ rest: inout ArraySlice<Unicode.Scalar>) -> Piece? {
        let negated = rest.first == "!"
        if negated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        if let low = rest.first, rest.dropFirst().first == "-" {
            guard let high = rest.dropFirst(2).first, high >= low else { return nil }
            rest = rest.dropFirst(3)
            ranges = [low.value...high.value]
        } else {
            while let scalar = rest.first, scalar != "]" {
                rest.removeFirst()
                guard let listed = scalar == "\\" ? rest.popFirst() : scalar else { return nil }
                ranges.append(listed.value...listed.value)
            }
        }
        guard rest.popFirst() == "]", !ranges.isEmpty else { return nil }
        return .set(ranges, negated: negated, isNarrow: false)
    }

    private static func match(
        _ pieces: ArraySlice<Piece>, _ path: ArraySlice<Unicode.Scalar>, _ tries: inout Int
    ) -> Bool {
        tries += 1
        if tries > mostTries { return false }
        guard let piece = pieces.first else { return path.isEmpty }
        let others = pieces.dropFirst()
        switch piece {
        case .literal(let scalar): return path.first == scalar && match(others, path.dropFirst(), &tries)
        case .one(let isNarrow):
            guard let first = path.first, first != "/", first.isASCII || !isNarrow else { return false }
            return match(others, path.dropFirst(), &tries)
        case .set(let ranges, let negated, let isNarrow):
            guard let first = path.first, first.isASCII || !isNarrow else { return false }
            guard ranges.contains(where: { $0.contains(first.value) }) != negated else { return false }
            return match(others, path.dropFirst(), &tries)
        case .nothing: return false
        case .either(let choices): return choices.contains { match($0 + others, path, &tries) }
        case .any, .anything:
            var tail = path
            while true {
                if match(others, tail, &tries) { return true }
                guard let first = tail.first else { return false }
                if case .any = piece, first == "/" { return false }
                tail.removeFirst()
            }
        }
    }
}
