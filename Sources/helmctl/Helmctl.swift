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
            TemplateCommand.self,
        ])
}
