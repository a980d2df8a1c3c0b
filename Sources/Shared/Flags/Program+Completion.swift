extension Program {
    /// What can stand for the last of the words, one a line, as cobra's `__complete` answers shells: a word, a tab, what
    /// it is; and at last `:0` where files may stand there too, `:4` where they may not.
    public func completions(_ words: [String], areDescribed: Bool = true) -> String {
        let partial = words.last ?? ""
        guard let found = try? find(Array(words.dropLast())) else { return ":4\n" }
        let flags = MadeCommand(found.command).set.flags
        if isValue(found.rest, flags) { return ":0\n" }
        let candidates: [(word: String, summary: String)]
        let isFlag = partial.utf8.first == UInt8(ascii: "-")
        if isFlag {
            candidates = flags.filter(\.isShown).flatMap { flag in
                [("--" + flag.name, flag.usage)] + (flag.short.isEmpty ? [] : [("-" + flag.short, flag.usage)])
            }
        } else {
            let commands = found.command.description.subcommands.map { $0.description }.filter { !$0.isHidden }
            candidates = commands.map { ($0.name, $0.summary) }
        }
        let lines = candidates.filter { $0.word.hasPrefix(partial) }.sorted { $0.word < $1.word }.map { word, summary in
            areDescribed ? "\(word)\t\(summary)\n" : "\(word)\n"
        }
        let takesFiles = found.command.description.subcommands.isEmpty && !(isFlag && !lines.isEmpty)
        return lines.joined() + (takesFiles ? ":0\n" : ":4\n")
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
