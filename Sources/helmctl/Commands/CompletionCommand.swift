import Flags

/// `helmctl completion`: what makes shells complete the words of a command line.
struct CompletionCommand: Command {
    static let description = CommandDescription(
        "completion", "Generate the autocompletion script for the specified shell",
        subcommands: [
            BashCompletionCommand.self, FishCompletionCommand.self, PowerShellCompletionCommand.self,
            ZshCompletionCommand.self,
        ])
    let connection = ConnectionFlags()
}

/// What the scripts have in common.
struct CompletionFlags {
    let connection = ConnectionFlags()

    @Flag("no-descriptions", "disable completion descriptions")
    var areBare = false

    func print(_ shell: CompletionShell) {
        let answering = areBare ? WordCompleteCommand.description : CompleteCommand.description
        Console.print(shell.script(Helmctl.description.name, command: answering.name))
    }
}

/// `helmctl completion bash`
struct BashCompletionCommand: Command {
    static let description = CommandDescription("bash", "Generate the autocompletion script for bash")
    let flags = CompletionFlags()

    func run() { flags.print(.bash) }
}

/// `helmctl completion fish`
struct FishCompletionCommand: Command {
    static let description = CommandDescription("fish", "Generate the autocompletion script for fish")
    let flags = CompletionFlags()

    func run() { flags.print(.fish) }
}

/// `helmctl completion powershell`
struct PowerShellCompletionCommand: Command {
    static let description = CommandDescription("powershell", "Generate the autocompletion script for powershell")
    let flags = CompletionFlags()

    func run() { flags.print(.powershell) }
}

/// `helmctl completion zsh`
struct ZshCompletionCommand: Command {
    static let description = CommandDescription("zsh", "Generate the autocompletion script for zsh")
    let flags = CompletionFlags()

    func run() { flags.print(.zsh) }
}
