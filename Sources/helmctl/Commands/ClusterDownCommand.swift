import ArgumentParser
import ControlPlane

/// `helmctl cluster down`: stops a cluster and leaves nothing of it on the machine but its data folder.
struct ClusterDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop a cluster; what it stored stays in its data folder.")

    @OptionGroup var data: DataFolderOptions

    func run() async throws {
        let wasRunning = try await Launcher(DataFolder(data.path)).stop()
        print(wasRunning ? "The cluster is stopped." : "The cluster is not running.")
    }
}
