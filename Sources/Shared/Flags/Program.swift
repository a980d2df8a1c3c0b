/// A program of commands: finds the command that is named, parses its flags, and tells what there is.
public struct Program: Sendable {
    /// What a command line asks for.
    public enum Invocation {
        /// A command that is ready to run, and what to tell before it does.
        case command(any Command, warnings: [String])
        /// A text, for standard output.
        case help(String)
    }

    let root: any Command.Type
    let faultName: String
    private let distance: @Sendable ([UInt8], [UInt8]) -> Int

    /// - Parameters:
    ///   - root: the command that all others are below; its flags are those of all.
    ///   - faultName: what the program is called in errors, for one that answers in the words of another.
    ///   - distance: how far two names are from each other, to suggest what a mistyped one may have meant.
    public init(
        _ root: any Command.Type, faultName: String, distance: @escaping @Sendable ([UInt8], [UInt8]) -> Int
    ) {
        self.root = root
        self.faultName = faultName
        self.distance = distance
    }

    /// What the words behind the program's name ask for.
    public func invocation(_ words: [String]) throws(UsageFault) -> Invocation {
        let found = try find(words)
        let made = MadeCommand(found.command)
        let description = found.command.description
        var parser = FlagParser(found.rest, made.set.flags)
        if description.parsesFlags { try parser.parse() }
        made.set.take(description.parsesFlags ? parser.arguments : found.rest)
        if made.wantsHelp || !description.subcommands.isEmpty { return .help(help(found.command, found.names)) }
        if let refusal = description.count.refusal(of: made.set.arguments.count) {
            let path = ([faultName] + found.names).joined(separator: " ")
            throw .argumentCount(path, refusal, path + description.operands + " [flags]")
        }
        return .command(made.command, warnings: parser.warnings)
    }

    // MARK: - Which command

    /// A command, the names that lead to it from the root, and the words that are left for it.
    struct Found {
        var command: any Command.Type
        var names: [String] = []
        var rest: [String] = []
    }

    /// Flags may stand before and between names. As in cobra, the word behind one of them is its value unless the root
    /// knows that it has none.
    func find(_ words: [String]) throws(UsageFault) -> Found {
        var found = Found(command: root)
        var left = words[...]
        var flags: [FlagDefinition]?
        while !found.command.description.subcommands.isEmpty, let word = left.popFirst() {
            if word == "--" {
                left = [word] + left
                break
            } else if FlagParser.isFlag(word) {
                found.rest.append(word)
                let known = flags ?? MadeCommand(root).set.flags
                flags = known
                if takesNext(word, known), let value = left.popFirst() { found.rest.append(value) }
            } else if let next = found.command.description.subcommands.first(where: {
                $0.description.answers(to: word)
            }) {
                found.command = next
                found.names.append(next.description.name)
            } else {
                throw unknown(word, found)
            }
        }
        found.rest += left
        return found
    }

    private func takesNext(_ word: String, _ flags: [FlagDefinition]) -> Bool {
        if word.utf8.contains(UInt8(ascii: "=")) { return false }
        let isLong = word.utf8.dropFirst().first == UInt8(ascii: "-")
        if !isLong, word.utf8.count > 2 { return false }
        let name = word.dropFirst(isLong ? 2 : 1)
        let flag = flags.first { isLong ? $0.name == name : $0.short == name }
        return flag?.bare == nil
    }

    private func unknown(_ word: String, _ found: Found) -> UsageFault {
        let wanted = word.lowercased()
        let near = found.command.description.subcommands.map { $0.description }.filter { description in
            !description.isHidden
                && (distance(Array(wanted.utf8), Array(description.name.utf8)) <= 2
                    || description.name.hasPrefix(wanted))
        }
        let path = ([faultName] + found.names).joined(separator: " ")
        return .unknownCommand(word, of: path, near: near.map(\.name))
    }
}

/// A command with the flags that it registered, and the one for help that all have.
struct MadeCommand {
    let command: any Command
    let set: FlagSet
    private let help: Flag<Bool>

    var wantsHelp: Bool { help.wrappedValue }

    init(_ type: any Command.Type) {
        let set = FlagSet()
        let name = type.description.name
        (command, help) = FlagSet.$collecting.withValue(set) {
            (type.init(), Flag(wrappedValue: false, "help", short: "h", "help for \(name)"))
        }
        self.set = set
    }
}
