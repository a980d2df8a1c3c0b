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
            LintCommand.self,
            PackageCommand.self,
            ShowCommand.self,
            TemplateCommand.self,
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
        await main(GoFlags.normalized(Array(CommandLine.arguments.dropFirst())))
    }
}
