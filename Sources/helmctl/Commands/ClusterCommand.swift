import ArgumentParser

/// `helmctl cluster`: the Kubernetes that helmctl carries.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Run a cluster on this machine.",
        subcommands: [
            ClusterUpCommand.self, ClusterDownCommand.self, ClusterStatusCommand.self,
            ClusterSnapshotCommand.self, ClusterServeCommand.self,
        ])
}
