import ControlPlane
import Flags

/// `helmctl cluster down`: stops a cluster and leaves nothing of it on the machine but its data folder.
struct ClusterDownCommand: Command {
    static let description = CommandDescription("down", "Stop a cluster; what it stored stays in its data folder")

    let data = DataFolderOptions()

    func run() async throws {
        let wasRunning = try await Launcher(DataFolder(data.path)).stop()
        print(wasRunning ? "The cluster is stopped." : "The cluster is not running.")
    }
}
