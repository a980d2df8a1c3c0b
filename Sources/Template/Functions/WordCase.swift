import Document

/// The case conversions of xstrings: words are told apart by connectors, letter case, digits and punctuation.
enum WordCase {
    private enum Kind { case invalid, number, upper, alphabet, connector, punctuation, other }

    private struct Word {
        var kind: Kind
        var bytes: ArraySlice<UInt8>
    }

    static func isConnector(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "_" || GoUnicode.isSpace(scalar)
    }

    // MARK: - Camel case

    /// `HTTP_server` as `HttpServer`; connectors at both ends and doubled ones stay.
    static func camel(_ runes: [Unicode.Scalar]) -> [UInt8] {
        var out: [UInt8] = []
        let leading = runes.prefix(while: isConnector)
        for scalar in leading { GoStrings.append(scalar, to: &out) }
        guard leading.count < runes.count else {
            // The library writes the last rune again where the text ran out.
            if let last = leading.last { GoStrings.append(last, to: &out) }
            return out
        }
        var current = runes[leading.count]
        var firstIsUpper = GoUnicode.isUpper(current)
        current = GoUnicode.toUpper(current)
        for scalar in runes.dropFirst(leading.count + 1) {
            let previous = current
            current = scalar
            if isConnector(current), isConnector(previous) {
                GoStrings.append(previous, to: &out)
                continue
            }
            if isConnector(previous) {
                firstIsUpper = GoUnicode.isUpper(current)
                current = GoUnicode.toUpper(current)
            } else {
                if firstIsUpper {
                    if GoUnicode.isUpper(current) {
                        current = GoUnicode.toLower(current)
                    } else {
                        firstIsUpper = false
                    }
                }
                GoStrings.append(previous, to: &out)
            }
        }
        GoStrings.append(current, to: &out)
        return out
    }

    // MARK: - Snake and kebab case

    static func lower(_ bytes: [UInt8], connector: Unicode.Scalar) -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes[...]
        var word = next(&rest)
        while !rest.isEmpty {
            if word.kind != .connector { write(word, connector, &out) }
            let previous = word
            word = next(&rest)
            switch previous.kind {
            case .number: digits(&word, &rest, connector, &out)
            case .connector: write(previous, connector, &out)
            case .punctuation: continue
            default: boundary(&word, &rest, connector, &out)
            }
        }
        write(word, connector, &out)
        return out
    }

    private static func separates(_ word: Word) -> Bool { word.kind != .connector && word.kind != .punctuation }

    private static func digits(
        _ word: inout Word, _ rest: inout ArraySlice<UInt8>, _ connector: Unicode.Scalar, _ out: inout [UInt8]
    ) {
        while word.kind == .alphabet || word.kind == .number {
            write(word, connector, &out)
            word = next(&rest)
        }
        if word.kind != .invalid, separates(word) { GoStrings.append(connector, to: &out) }
    }

    private static func boundary(
        _ word: inout Word, _ rest: inout ArraySlice<UInt8>, _ connector: Unicode.Scalar, _ out: inout [UInt8]
    ) {
        guard word.kind == .number else {
            if separates(word) { GoStrings.append(connector, to: &out) }
            return
        }
        if rest.isEmpty { return }
        let number = word
        word = next(&rest)
        // A number belongs to the word before it, unless lower case letters follow: bld4_floor, http_2xx.
        guard word.kind == .alphabet else {
            write(number, connector, &out)
            if separates(word) { GoStrings.append(connector, to: &out) }
            return
        }
        GoStrings.append(connector, to: &out)
        write(number, connector, &out)
        digits(&word, &rest, connector, &out)
    }

    private static func write(_ word: Word, _ connector: Unicode.Scalar, _ out: inout [UInt8]) {
        guard word.kind == .upper || word.kind == .connector else {
            out += word.bytes
            return
        }
        for scalar in UTF8Decoding.runes(Array(word.bytes)) {
            GoStrings.append(isConnector(scalar) ? connector : GoUnicode.toLower(scalar), to: &out)
        }
    }

    // MARK: - Words

    private static func isAlphabet(_ scalar: Unicode.Scalar) -> Bool {
        guard GoUnicode.isLetter(scalar) else { return false }
        switch scalar.value {
        case 0x4E00...0x9FCC, 0x3400...0x4D85, 0x20000...0x2B81D: return false
        default: return true
        }
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> Word {
        guard let (first, width) = peek(rest, 0) else { return Word(kind: .invalid, bytes: []) }
        guard let first else { return take(&rest, width, .invalid) }
        if isConnector(first) { return run(&rest, .connector, isConnector) }
        if isPunctuation(first) { return run(&rest, .punctuation, isPunctuation) }
        if GoUnicode.isUpper(first) { return upper(&rest, width) }
        if isAlphabet(first) { return run(&rest, .alphabet) { isAlphabet($0) && !GoUnicode.isUpper($0) } }
        if isNumber(first) { return run(&rest, .number, isNumber) }
        return run(&rest, .other) {
            !isConnector($0) && !isAlphabet($0) && !isNumber($0) && !isPunctuation($0)
        }
    }

    /// The rune at an offset, which malformed bytes before it belong to; those at the end belong to what went before.
    private static func peek(
        _ rest: ArraySlice<UInt8>, _ offset: Int, after previous: Unicode.Scalar? = nil
    ) -> (Unicode.Scalar?, Int)? {
        guard offset < rest.count else { return nil }
        var width = 0
        while offset + width < rest.count {
            let (scalar, size) = UTF8Decoding.decode(rest, at: offset + width)
            width += size
            if let scalar, scalar != "\u{FFFD}" { return (scalar, width) }
        }
        return (previous, width)
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ count: Int, _ kind: Kind) -> Word {
        defer { rest = rest.dropFirst(count) }
        return Word(kind: kind, bytes: rest.prefix(count))
    }

    private static func run(
        _ rest: inout ArraySlice<UInt8>, _ kind: Kind, from start: Int = 0, _ belongs: (Unicode.Scalar) -> Bool
    ) -> Word {
        var offset = start
        var previous: Unicode.Scalar?
        while let (scalar, width) = peek(rest, offset, after: previous), let scalar, offset == 0 || belongs(scalar) {
            previous = scalar
            offset += width
        }
        return take(&rest, offset, kind)
    }

    /// `HTTPStatus` is `HTTP` and `Status`: the last of several capitals belongs to what follows.
    private static func upper(_ rest: inout ArraySlice<UInt8>, _ width: Int) -> Word {
        guard let (second, secondWidth) = peek(rest, width), let second else { return take(&rest, width, .upper) }
        guard GoUnicode.isUpper(second) else {
            guard isAlphabet(second) else { return take(&rest, width, .upper) }
            return run(&rest, .upper, from: width) { isAlphabet($0) && !GoUnicode.isUpper($0) }
        }
        var offset = width
        var last = secondWidth
        while let (scalar, size) = peek(rest, offset), let scalar, GoUnicode.isUpper(scalar) {
            last = size
            offset += size
        }
        if let (scalar, _) = peek(rest, offset), let scalar, isAlphabet(scalar) { offset -= last }
        return take(&rest, offset, .upper)
    }
}
