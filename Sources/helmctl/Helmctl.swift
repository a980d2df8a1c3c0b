import ArgumentParser

/// The command line: one file a command, each of which parses, calls a room below and prints.
@main
struct Helmctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "helmctl",
        abstract: "Package manager and release tracker for Kubernetes, with a cluster of its own.",
        subcommands: [
            ClusterCommand.self,
            ImageCommand.self,
            CreateCommand.self,
            DependencyCommand.self,
            LintCommand.self,
            PackageCommand.self,
            ShowCommand.self,
            TemplateCommand.self,
            ValuesCommand.self,
            VersionCommand.self,
            InstallCommand.self,
            UpgradeCommand.self,
            RollbackCommand.self,
            UninstallCommand.self,
            ListCommand.self,
            HistoryCommand.self,
            StatusCommand.self,
            GetCommand.self,
            TestCommand.self,
        ])

    static func main() async {
        let words = CommandWords(Array(CommandLine.arguments.dropFirst()), of: Self.self)
        do {
            var command = try parsed(words)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // Helm exits with 1 for a wrong command line too, where the parser would with 64.
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let fault = UsageFault.words(words.all, help: _dumpHelp())
            Console.warn((fault.map { "Error: \($0)" } ?? fullMessage(for: error)) + "\n")
            exit(withError: ExitCode.failure)
        }
    }

    /// The command, parsed by itself: from the root, the parser would describe every command on the way, and this one
    /// three times. Whatever is not plain, help and faults too, is for the root.
    private static func parsed(_ words: CommandWords) throws -> any ParsableCommand {
        if words.command != Self.self, let command = try? words.command.parseAsRoot(words.rest),
            type(of: command) == words.command
        {
            return command
        }
        return try parseAsRoot(words.all)
    }
}
