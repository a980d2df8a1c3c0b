extension RegularExpression {
    /// All matches from left to right; an empty one right after another is left out, as in Go.
    ///
    /// - Parameter limit: how many at most; negative for all.
    public func allMatches(in text: [UInt8], limit: Int = -1, groups: Bool = true) -> [Match] {
        if let readable = ReadableText(text) {
            return matches(in: readable.bytes, limit, groups).map { $0.moved(to: readable) }
        }
        return matches(in: text, limit, groups)
    }

    private func matches(in text: [UInt8], _ limit: Int, _ groups: Bool) -> [Match] {
        var result: [Match] = []
        var position = 0
        var previousEnd = -1
        while limit < 0 || result.count < limit, position <= text.count,
            let match = search(text, from: position, groups: groups)
        {
            let whole = match.whole
            let isEmptyHere = whole.upperBound == position
            let isAccepted = !(isEmptyHere && whole.lowerBound == previousEnd)
            position = isEmptyHere ? position + max(1, width(text, position)) : whole.upperBound
            previousEnd = whole.upperBound
            if isAccepted { result.append(match) }
        }
        return result
    }

    /// The text with each match replaced by what `replacement` gives for it (Go's `ReplaceAll`).
    public func replacing(in text: [UInt8], with replacement: (Match) -> [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var position = 0
        var lastEnd = 0
        let readable = ReadableText(text)
        let searched = readable?.bytes ?? text
        while position <= searched.count, let found = search(searched, from: position, groups: true) {
            let match = readable.map(found.moved) ?? found
            out += text[lastEnd..<match.whole.lowerBound]
            // No replacement for an empty match right after another.
            if match.whole.upperBound > lastEnd || match.whole.lowerBound == 0 { out += replacement(match) }
            lastEnd = match.whole.upperBound
            let end = found.whole.upperBound
            let next = position + width(searched, position)
            position = next > end ? next : max(end, position + (next == position ? 1 : 0))
        }
        return out + text[min(lastEnd, text.count)...]
    }

    /// The pieces between matches (Go's `Split`); nil for a limit of 0.
    public func split(_ text: [UInt8], limit: Int, patternIsEmpty: Bool) -> [[UInt8]]? {
        if limit == 0 { return nil }
        if !patternIsEmpty, text.isEmpty { return [[]] }
        var pieces: [[UInt8]] = []
        var start = 0
        var end = 0
        for match in allMatches(in: text, limit: limit, groups: false) {
            let whole = match.whole
            if limit > 0, pieces.count == limit - 1 { break }
            end = whole.lowerBound
            if whole.upperBound != 0 { pieces.append(Array(text[start..<end])) }
            start = whole.upperBound
        }
        if end != text.count { pieces.append(Array(text[start...])) }
        return pieces
    }

    /// A replacement with `$1`, `${1}` and `$name` filled in (Go's `Expand`).
    public func expand(_ template: [UInt8], _ text: [UInt8], _ match: Match) -> [UInt8] {
        var out: [UInt8] = []
        var rest = template[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            out += rest[..<dollar]
            rest = rest[(dollar + 1)...]
            if rest.first == UInt8(ascii: "$") {
                out.append(UInt8(ascii: "$"))
                rest.removeFirst()
            } else if let (name, tail) = reference(rest) {
                if let group = number(name) ?? group(named: name), group < match.count, let range = match[group] {
                    out += text[range]
                }
                rest = tail
            } else {
                out.append(UInt8(ascii: "$"))
            }
        }
        return out + rest
    }

    private func reference(_ text: ArraySlice<UInt8>) -> (name: [UInt8], tail: ArraySlice<UInt8>)? {
        var rest = text
        let isBraced = rest.first == UInt8(ascii: "{")
        if isBraced { rest.removeFirst() }
        let name = rest.prefix { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_") || byte >= 0x80
        }
        rest = rest.dropFirst(name.count)
        if name.isEmpty { return nil }
        if isBraced {
            guard rest.first == UInt8(ascii: "}") else { return nil }
            rest.removeFirst()
        }
        return (Array(name), rest)
    }

    private func number(_ name: [UInt8]) -> Int? {
        guard name.allSatisfy({ (0x30...0x39).contains($0) }), name.count == 1 || name[0] != UInt8(ascii: "0") else {
            return nil
        }
        return Int(String(decoding: name.prefix(9), as: UTF8.self))
    }

    /// The text with every character that means something to a pattern escaped (Go's `QuoteMeta`).
    public static func quoted(_ text: [UInt8]) -> [UInt8] {
        let special = Array("\\.+*?()|[]{}^$".utf8)
        return text.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
    }

    /// The width of the UTF-8 sequence at an index; 0 at the end.
    private func width(_ text: [UInt8], _ index: Int) -> Int {
        guard index < text.count else { return 0 }
        let expected =
            switch text[index] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let isWhole =
            index + expected <= text.count
            && text[(index + 1)..<(index + expected)].allSatisfy { $0 & 0xC0 == 0x80 }
        return isWhole ? expected : 1
    }
}
