import Flags
import Glibc
import Template

/// The command line: one file a command, each of which says its flags, calls a room below and prints.
@main
struct Helmctl: Command {
    static let description = CommandDescription(
        "helmctl", "Package manager and release tracker for Kubernetes, with a cluster of its own",
        text: "Package manager and release tracker for Kubernetes, with a cluster of its own.",
        subcommands: [
            ClusterCommand.self, CompleteCommand.self, CompletionCommand.self, CreateCommand.self,
            DependencyCommand.self, GetCommand.self, HelpCommand.self, HistoryCommand.self, ImageCommand.self,
            InstallCommand.self, LintCommand.self, ListCommand.self, PackageCommand.self, RollbackCommand.self,
            ShowCommand.self, StatusCommand.self, TemplateCommand.self, TestCommand.self, UninstallCommand.self,
            UpgradeCommand.self, ValuesCommand.self, VersionCommand.self, WordCompleteCommand.self,
        ])

    let connection = ConnectionFlags()

    /// Errors are Helm's to the byte, also where they name the program.
    static let program = Program(Helmctl.self, faultName: "helm", distance: EditDistance.between)

    static func main() async {
        ProcessMemory.expectGrowth()
        do {
            let words = Array(CommandLine.arguments.dropFirst())
            try ConnectionFlags.checkColor(words)
            switch try program.invocation(words) {
            case .help(let text): Console.print(text)
            case .command(let command, let warnings):
                for warning in warnings { Console.warn(warning) }
                try await command.run()
                // Before the command and its flags are taken apart for nothing.
                Console.end(0)
            }
        } catch {
            if !(error is ToldFailure) { Console.warn("Error: \(error)\n") }
            Console.end(1)
        }
    }
}
