import ControlPlane
import Flags

/// `helmctl cluster snapshot FILE`: writes all objects of a cluster to one file, for `cluster up --restore`.
struct ClusterSnapshotCommand: Command {
    static let description = CommandDescription(
        "snapshot FILE", "Write all objects of a cluster to one file, for 'cluster up --restore'",
        arguments: .exactly(1))

    let data = DataFolderOptions()

    @Argument(0) var file: String

    func run() async throws {
        let path = DataFolderOptions.absolute(file)
        let outcome = try await ClusterSnapshot(DataFolder(data.path)).write(to: path)
        print("Wrote \(outcome.objects) objects at revision \(outcome.revision) to \(path).")
    }
}
