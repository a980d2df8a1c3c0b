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
        let arguments = GoFlags.normalized(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try parsed(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // Helm exits with 1 for a wrong command line too, where the parser would with 64.
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let words = UsageFault.words(arguments, help: _dumpHelp())
            Console.warn((words.map { "Error: \($0)" } ?? fullMessage(for: error)) + "\n")
            exit(withError: ExitCode.failure)
        }
    }
    /// The command that the first words name, parsed by itself: from the root, the parser would describe every command
    /// on the way, and this one three times. Whatever is not plain, help and faults too, is for the root.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        var type: any ParsableCommand.Type = Self.self
        var rest = arguments[...]
        while let name = rest.first, let next = type.configuration.subcommands.first(where: { $0.answers(to: name) }) {
            type = next
            rest.removeFirst()
        }
        guard type.configuration.subcommands.isEmpty, let command = try? type.parseAsRoot(Array(rest)),
            Swift.type(of: command) == type
        else { return try parseAsRoot(arguments) }
        return command
    }
}

extension ParsableCommand {
    fileprivate static func answers(to name: String) -> Bool {
        configuration.commandName == name || configuration.aliases.contains(name)
    }
}
