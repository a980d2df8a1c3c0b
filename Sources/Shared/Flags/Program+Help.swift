extension Program {
    /// The help of the command that the names lead to.
    public func help(for names: [String]) throws(UsageFault) -> String {
        let found = try find(names)
        return help(found.command, found.names)
    }

    /// Help in cobra's form.
    func help(_ command: any Command.Type, _ names: [String]) -> String {
        let description = command.description
        let path = ([root.description.name] + names).joined(separator: " ")
        var text = (description.text.isEmpty ? description.summary : description.text) + "\n\nUsage:\n"
        let commands = description.subcommands.map { $0.description }.filter { !$0.isHidden }
        text += commands.isEmpty ? "  \(path)\(description.operands) [flags]\n" : "  \(path) [command]\n"
        if !description.aliases.isEmpty {
            text += "\nAliases:\n  \(([description.name] + description.aliases).joined(separator: ", "))\n"
        }
        if !commands.isEmpty { text += "\nAvailable Commands:\n" + Self.table(commands) }
        text += flags(command, isRoot: names.isEmpty)
        if !commands.isEmpty {
            text += "\nUse \"\(path) [command] --help\" for more information about a command.\n"
        }
        return text
    }

    private static func table(_ commands: [CommandDescription]) -> String {
        let width = max(11, commands.map(\.name.utf8.count).max() ?? 0)
        return commands.sorted { $0.name < $1.name }.map { command in
            "  \(padded(command.name, width)) \(command.summary)\n"
        }.joined()
    }

    /// The command's own flags, and those that the root has too.
    private func flags(_ command: any Command.Type, isRoot: Bool) -> String {
        let shown = MadeCommand(command).set.flags.filter(\.isShown).sorted { $0.name < $1.name }
        let all = isRoot ? [] : MadeCommand(root).set.flags.map(\.name).filter { $0 != "help" }
        let global = shown.filter { all.contains($0.name) }
        let text = "\nFlags:\n" + Self.usages(shown.filter { !all.contains($0.name) })
        return global.isEmpty ? text : text + "\nGlobal Flags:\n" + Self.usages(global)
    }

    /// pflag's two columns.
    private static func usages(_ flags: [FlagDefinition]) -> String {
        let heads = flags.map(head)
        let width = heads.map(\.count).max() ?? 0
        return zip(flags, heads).map { flag, head in
            let shown = flag.kind == String.kind ? GoNumber.quoted(flag.shownDefault) : flag.shownDefault
            let tail = flag.shownDefault.isEmpty ? "" : " (default \(shown))"
            return "\(padded(head, width))   \(flag.usage)\(tail)\n"
        }.joined()
    }

    private static func head(_ flag: FlagDefinition) -> String {
        var head = flag.short.isEmpty ? "      --\(flag.name)" : "  -\(flag.short), --\(flag.name)"
        if !flag.kind.isEmpty { head += " \(flag.kind)" }
        guard let bare = flag.bare, !flag.kind.isEmpty else { return head }
        return head + (flag.kind == String.kind ? "[=\(GoNumber.quoted(bare))]" : "[=\(bare)]")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
