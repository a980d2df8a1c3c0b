/// Takes the words of a command line apart, as pflag does: flags and arguments may be mixed, up to `--`.
struct FlagParser {
    private static let dash = UInt8(ascii: "-")
    private static let equals = UInt8(ascii: "=")

    private let flags: [FlagDefinition]
    private var left: ArraySlice<String>
    private(set) var arguments: [String] = []
    /// What to tell of deprecated flags that were given.
    private(set) var warnings: [String] = []

    init(_ words: [String], _ flags: [FlagDefinition]) {
        self.flags = flags
        left = words[...]
    }

    /// Whether a word is a flag, or a group of them.
    static func isFlag(_ word: String) -> Bool { word.utf8.first == dash && word.utf8.count > 1 }

    mutating func parse() throws(UsageFault) {
        while let word = left.popFirst() {
            if !Self.isFlag(word) {
                arguments.append(word)
            } else if word == "--" {
                arguments += left
                return
            } else if word.utf8.dropFirst().first == Self.dash {
                try long(word)
            } else {
                var letters = word.unicodeScalars.dropFirst()
                while let letter = letters.popFirst() { try short(letter, &letters) }
            }
        }
    }

    // MARK: - One flag

    /// `--name value`, `--name=value`, and `--name` of a flag that needs no value.
    private mutating func long(_ word: String) throws(UsageFault) {
        let body = word.dropFirst(2)
        let end = body.utf8.firstIndex(of: Self.equals)
        let name = String(body[..<(end ?? body.endIndex)])
        if name.isEmpty || name.utf8.first == Self.dash { throw .badSyntax(word) }
        guard let flag = flags.first(where: { $0.name == name }) else { throw .unknownFlag(name) }
        if let end { return try set(flag, String(body[body.utf8.index(after: end)...])) }
        if let bare = flag.bare { return try set(flag, bare) }
        guard let value = left.popFirst() else { throw .missingValue(name) }
        try set(flag, value)
    }

    /// `-n value`, `-nvalue`, `-n=value`, and `-q` alone or before further letters.
    private mutating func short(
        _ letter: Unicode.Scalar, _ letters: inout Substring.UnicodeScalarView
    ) throws(UsageFault) {
        let group = String(letter) + String(letters)
        guard let flag = flags.first(where: { $0.short == String(letter) }) else {
            throw .unknownShorthand(letter, group)
        }
        // A `=` with nothing behind it is a value itself, as pflag has it.
        if letters.first == "=", letters.count > 1 {
            letters.removeFirst()
        } else if let bare = flag.bare {
            return try set(flag, bare)
        }
        let value: String
        if letters.isEmpty {
            guard let next = left.popFirst() else { throw .missingShorthandValue(letter, group) }
            value = next
        } else {
            value = String(letters)
            letters = Substring.UnicodeScalarView()
        }
        try set(flag, value)
    }

    private mutating func set(_ flag: FlagDefinition, _ value: String) throws(UsageFault) {
        do {
            try flag.take(value)
        } catch {
            throw .invalidValue(value, flag.title, error.reason)
        }
        if case .deprecated(let advice) = flag.standing {
            warnings.append("Flag --\(flag.name) has been deprecated, \(advice)\n")
        }
    }
}
