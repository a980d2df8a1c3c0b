import Flags

/// `helmctl cluster`: the Kubernetes that helmctl carries.
struct ClusterCommand: Command {
    static let description = CommandDescription(
        "cluster", "Run a cluster on this machine",
        subcommands: [
            ClusterUpCommand.self, ClusterDownCommand.self, ClusterStatusCommand.self, ClusterSnapshotCommand.self,
            ClusterServeCommand.self,
        ])
}
