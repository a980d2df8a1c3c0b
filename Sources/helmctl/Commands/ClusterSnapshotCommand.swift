import ArgumentParser
import ControlPlane

/// `helmctl cluster snapshot FILE`: writes all objects of a cluster to one file, for `cluster up --restore`.
struct ClusterSnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Write all objects of a cluster to one file, for `cluster up --restore`.")

    @OptionGroup var data: DataFolderOptions

    @Argument(help: "The file to write; it holds Secrets, and only its owner may read it.")
    var file: String

    func run() async throws {
        let path = DataFolderOptions.absolute(file)
        let outcome = try await ClusterSnapshot(DataFolder(data.path)).write(to: path)
        print("Wrote \(outcome.objects) objects at revision \(outcome.revision) to \(path).")
    }
}
