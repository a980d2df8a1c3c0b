/// Splits an expression into its words: the longest that stands at each place (cel-spec, "Syntax").
struct Lexer {
    private let text: [Unicode.Scalar]
    private(set) var tokens: [Token] = []
    /// Where no word begins.
    private(set) var faults: [CELFault] = []
    private var refused: [Range<Int>] = []

    init(_ source: String) {
        text = Array(source.unicodeScalars)
        var place = 0
        while place < text.count { place = read(at: place) }
        tokens.append(Token(kind: .end, offset: text.count, end: text.count))
    }

    /// How many characters the expression has.
    var count: Int { text.count }

    /// What stands from one character to before another.
    func text(_ start: Int, _ end: Int) -> String {
        var result = ""
        result.unicodeScalars.append(contentsOf: text[start..<end])
        return result
    }

    /// The same without what is no word.
    func words(_ start: Int, _ end: Int) -> String {
        var result = ""
        var place = start
        for range in refused where range.lowerBound >= start && range.upperBound <= end {
            result += text(place, range.lowerBound)
            place = range.upperBound
        }
        return result + text(place, end)
    }

    func text(_ token: Token) -> String { text(token.offset, token.end) }

    private func at(_ place: Int) -> Unicode.Scalar? { place < text.count ? text[place] : nil }

    /// Reads a word, or what is between words; returns where it ends.
    private mutating func read(at start: Int) -> Int {
        let character = text[start]
        switch character {
        case " ", "\t", "\r", "\n", "\u{c}": return start + 1
        case "/" where at(start + 1) == "/": return end(of: start) { $0 != "\n" }
        case "0"..."9": return number(at: start)
        case "." where at(start + 1).map(Self.isDigit) == true: return number(at: start)
        case "\"", "'": return string(at: start, .string)
        case "b", "B", "r", "R":
            if let end = prefixed(at: start) { return end }
            return word(at: start)
        case "_", "a"..."z", "A"..."Z": return word(at: start)
        case "`":
            let end = end(of: start + 1) { Self.isWord($0) || ".-/ ".unicodeScalars.contains($0) }
            guard end > start + 1, at(end) == "`" else { return refuse(start, end) }
            return found(.escapedIdentifier, start, end + 1)
        default: return symbol(at: start)
        }
    }

    private mutating func found(_ kind: Token.Kind, _ start: Int, _ end: Int) -> Int {
        tokens.append(Token(kind: kind, offset: start, end: end))
        return end
    }

    /// No word begins here, as the character at the end tells; that is passed over too, as ANTLR's lexers do.
    private mutating func refuse(_ start: Int, _ end: Int) -> Int {
        refused.append(start..<min(end + 1, text.count))
        let shown = text(start, min(end + 1, text.count))
        faults.append(CELFault(offset: start, message: "Syntax error: token recognition error at: '\(shown)'"))
        return end + 1
    }

    private mutating func symbol(at start: Int) -> Int {
        let character = text[start]
        for symbol in Token.symbols where symbol.text.unicodeScalars.first == character {
            let length = symbol.text.utf8.count
            if length == 1 || at(start + 1) == symbol.text.unicodeScalars.last {
                return found(symbol.kind, start, start + length)
            }
        }
        return refuse(start, character == "=" || character == "&" || character == "|" ? start + 1 : start)
    }

    private static func isDigit(_ character: Unicode.Scalar) -> Bool { ("0"..."9").contains(character) }

    private static func isHexadecimal(_ character: Unicode.Scalar) -> Bool {
        isDigit(character) || ("a"..."f").contains(character) || ("A"..."F").contains(character)
    }

    private static func isWord(_ character: Unicode.Scalar) -> Bool {
        isDigit(character) || ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
    }

    private func end(of start: Int, _ belongs: (Unicode.Scalar) -> Bool) -> Int {
        var end = start
        while let character = at(end), belongs(character) { end += 1 }
        return end
    }

    private mutating func word(at start: Int) -> Int {
        let end = end(of: start, Self.isWord)
        return found(Token.keywords[text(start, end)] ?? .identifier, start, end)
    }

    // MARK: Numbers

    private mutating func number(at start: Int) -> Int {
        if text[start] == "0", at(start + 1) == "x" {
            let end = end(of: start + 2, Self.isHexadecimal)
            if end > start + 2 { return whole(start, end) }
        }
        var end = end(of: start, Self.isDigit)
        var isFloat = false
        if at(end) == ".", at(end + 1).map(Self.isDigit) == true {
            isFloat = true
            end = self.end(of: end + 1, Self.isDigit)
        }
        if at(end) == "e" || at(end) == "E" {
            let digits = end + (at(end + 1) == "+" || at(end + 1) == "-" ? 2 : 1)
            let last = self.end(of: digits, Self.isDigit)
            if last > digits { return found(.float, start, last) }
        }
        return isFloat ? found(.float, start, end) : whole(start, end)
    }

    private mutating func whole(_ start: Int, _ end: Int) -> Int {
        at(end) == "u" || at(end) == "U" ? found(.uint, start, end + 1) : found(.int, start, end)
    }

    // MARK: Strings

    /// `b'…'`, `r'…'` and `br'…'`; nil for a word that only begins with such a letter.
    private mutating func prefixed(at start: Int) -> Int? {
        var quote = start
        let isBytes = text[start] == "b" || text[start] == "B"
        if isBytes { quote += 1 }
        let isRaw = at(quote) == "r" || at(quote) == "R"
        if isRaw { quote += 1 }
        guard at(quote) == "'" || at(quote) == "\"", let end = ended(from: quote, isRaw: isRaw).end else { return nil }
        return found(isBytes ? .bytes : .string, start, end)
    }

    private mutating func string(at start: Int, _ kind: Token.Kind) -> Int {
        let (end, failure) = ended(from: start, isRaw: false)
        return end.map { found(kind, start, $0) } ?? refuse(start, failure)
    }

    /// Where the string ends that begins with the quote at a place, or where it is clear that it does not.
    private func ended(from start: Int, isRaw: Bool) -> (end: Int?, failure: Int) {
        let quote = text[start]
        if at(start + 1) == quote, at(start + 2) == quote {
            let (end, _) = ended(from: start + 3, isRaw: isRaw) { place in
                at(place) == quote && at(place + 1) == quote && at(place + 2) == quote
            }
            // Three quotes that nothing closes are an empty string and one more quote.
            return (end.map { $0 + 3 } ?? start + 2, start)
        }
        let (end, failure) = ended(from: start + 1, isRaw: isRaw, isShort: true) { at($0) == quote }
        return (end.map { $0 + 1 }, failure)
    }

    private func ended(
        from start: Int, isRaw: Bool, isShort: Bool = false, _ closes: (Int) -> Bool
    ) -> (end: Int?, failure: Int) {
        var place = start
        while let character = at(place), !closes(place) {
            if isShort, character == "\n" || character == "\r" { return (nil, place) }
            guard character == "\\", !isRaw else {
                place += 1
                continue
            }
            let (end, failure) = escape(at: place + 1)
            guard let end else { return (nil, failure) }
            place = end
        }
        return place < text.count ? (place, place) : (nil, place)
    }

    private func escape(at start: Int) -> (end: Int?, failure: Int) {
        guard let character = at(start) else { return (nil, start) }
        switch character {
        case "a", "b", "f", "n", "r", "t", "v", "\"", "'", "\\", "?", "`": return (start + 1, start)
        case "x", "X": return digits(2, from: start + 1, Self.isHexadecimal)
        case "u": return digits(4, from: start + 1, Self.isHexadecimal)
        case "U": return digits(8, from: start + 1, Self.isHexadecimal)
        case "0"..."3": return digits(2, from: start + 1) { ("0"..."7").contains($0) }
        default: return (nil, start)
        }
    }

    private func digits(
        _ count: Int, from start: Int, _ belongs: (Unicode.Scalar) -> Bool
    ) -> (end: Int?, failure: Int) {
        let end = end(of: start, belongs)
        return end >= start + count ? (start + count, start) : (nil, end)
    }
}
