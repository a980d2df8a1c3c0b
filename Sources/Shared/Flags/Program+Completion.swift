extension Program {
    /// A word that can stand somewhere, and what it means.
    public struct Candidate: Sendable {
        public let word: String
        public let summary: String

        public init(_ word: String, _ summary: String = "") {
            self.word = word
            self.summary = summary
        }
    }

    /// What the last of the words is of which the program itself knows nothing.
    public enum Wanted: Sendable, Hashable {
        /// The value of the flag of that name.
        case value(of: String)
        /// An argument of the command of these names, counted from 0.
        case argument(of: [String], Int)
    }

    /// What stands last, unless it is a flag or a command.
    public func wanted(_ words: [String]) -> Wanted? {
        guard let found = try? find(Array(words.dropLast())) else { return nil }
        if let (flag, _) = flagWithValue(words.last ?? "") { return .value(of: flag) }
        var parser = FlagParser(found.rest, MadeCommand(found.command).set.flags)
        do {
            try parser.parse()
        } catch {
            switch error {
            case .missingValue(let name): return .value(of: name)
            case .missingShorthandValue(let letter, _):
                let flag = MadeCommand(found.command).set.flags.first { $0.short == String(letter) }
                return flag.map { .value(of: $0.name) }
            default: return nil
            }
        }
        let isFlag = FlagParser.isFlag(words.last ?? "") && !found.rest.contains("--")
        if isFlag || !found.command.description.subcommands.isEmpty { return nil }
        return .argument(of: found.names, parser.arguments.count)
    }

    /// A group of flags as the words set them, for one that is wanted before a command line is whole.
    public func flags<Group>(_ make: () -> Group, from words: [String]) -> Group {
        let set = FlagSet()
        let group = FlagSet.$collecting.withValue(set, operation: make)
        for index in words.indices {
            var parser = FlagParser(Array(words[index...].prefix(2)), set.flags)
            try? parser.parse()
        }
        return group
    }

    /// What can stand for the last of the words, one a line, as cobra's `__complete` answers shells: a word, a tab, what
    /// it is; and at last `:0` where files may stand there too, `:4` where they may not.
    ///
    /// - Parameter known: what can stand for what is ``wanted(_:)``; nil where nothing is known of it.
    public func completions(
        _ words: [String], areDescribed: Bool = true, known: [Candidate]? = nil
    ) -> String {
        let partial = words.last ?? ""
        guard let found = try? find(Array(words.dropLast())) else { return ":4\n" }
        let flags = MadeCommand(found.command).set.flags
        if let known {
            let prefix = flagWithValue(partial)?.prefix ?? ""
            return Self.lines(known.map { Candidate(prefix + $0.word, $0.summary) }, partial, areDescribed) + ":4\n"
        }
        if isValue(found.rest, flags) { return ":0\n" }
        let candidates: [Candidate]
        let isFlag = partial.utf8.first == UInt8(ascii: "-")
        if isFlag {
            candidates = flags.filter(\.isShown).flatMap { flag in
                [Candidate("--" + flag.name, flag.usage)]
                    + (flag.short.isEmpty ? [] : [Candidate("-" + flag.short, flag.usage)])
            }
        } else {
            let commands = found.command.description.subcommands.map { $0.description }.filter { !$0.isHidden }
            candidates = commands.map { Candidate($0.name, $0.summary) }
        }
        let lines = Self.lines(candidates, partial, areDescribed)
        let takesFiles = found.command.description.subcommands.isEmpty && !(isFlag && !lines.isEmpty)
        return lines + (takesFiles ? ":0\n" : ":4\n")
    }

    private static func lines(_ candidates: [Candidate], _ partial: String, _ areDescribed: Bool) -> String {
        candidates.filter { $0.word.hasPrefix(partial) }.sorted { $0.word < $1.word }.map { candidate in
            areDescribed && !candidate.summary.isEmpty
                ? "\(candidate.word)\t\(candidate.summary)\n" : "\(candidate.word)\n"
        }.joined()
    }

    /// The flag of a word like `--name=val`, and what stands before its value.
    private func flagWithValue(_ word: String) -> (name: String, prefix: String)? {
        guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return nil }
        return (String(word[..<equals].dropFirst(2)), String(word[...equals]))
    }

    /// Whether the word behind these is the value of a flag, or an argument behind `--`.
    private func isValue(_ words: [String], _ flags: [FlagDefinition]) -> Bool {
        if words.contains("--") { return true }
        do {
            var parser = FlagParser(words, flags)
            try parser.parse()
            return false
        } catch {
            switch error {
            case .missingValue, .missingShorthandValue: return true
            default: return false
            }
        }
    }
}
