import ArgumentParser

/// Which command the arguments name, and what is left for it.
///
/// Cobra takes flags before and between the names of a command (`helm -n space get values demo`); the argument parser
/// does not, so they are moved behind the names.
struct CommandWords {
    /// The command that was found: the root where none was named.
    private(set) var command: any ParsableCommand.Type
    /// The names that lead from the root to the command.
    private var names: [String] = []
    /// The arguments of the command, as the parser takes them.
    private(set) var rest: [String]

    /// Names and arguments, in the order in which the parser takes them from the root.
    var all: [String] { names + rest }

    init(_ arguments: [String], of root: any ParsableCommand.Type) {
        command = root
        var flags: [String] = []
        var left = arguments[...]
        while !command.configuration.subcommands.isEmpty, let argument = left.popFirst(), argument != "--" {
            if argument.hasPrefix("-") {
                flags.append(argument)
                if Self.valued.contains(argument), let value = left.popFirst() { flags.append(value) }
            } else if let next = command.configuration.subcommands.first(where: { $0.answers(to: argument) }) {
                command = next
                names.append(argument)
            } else {
                break
            }
        }
        // What names no command to its end is for the parser to tell, as it was written.
        let isWhole = command.configuration.subcommands.isEmpty
        if !isWhole { (command, names) = (root, []) }
        rest = GoFlags.normalized(isWhole ? flags + left : arguments, of: names.first ?? "")
    }

    /// The flags of every command that take a value, which is no command's name then.
    private static let valued: Set<String> = Set(
        """
        -n --namespace --kubeconfig --kube-context --kube-apiserver --kube-token --kube-ca-file --kube-as-user \
        --kube-as-group --kube-tls-server-name --burst-limit --qps --color --colour --registry-config \
        --repository-config --repository-cache --content-cache
        """.split(separator: " ").map(String.init))
}

extension ParsableCommand {
    fileprivate static func answers(to name: String) -> Bool {
        configuration.commandName == name || configuration.aliases.contains(name)
    }
}
