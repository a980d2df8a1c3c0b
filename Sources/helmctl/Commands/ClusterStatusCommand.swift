import ArgumentParser
import ControlPlane

/// `helmctl cluster status`: says whether a cluster runs, and where.
struct ClusterStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say whether a cluster runs, and where.")

    @OptionGroup var data: DataFolderOptions

    func run() async throws {
        let folder = DataFolder(data.path)
        let state = Launcher(folder).state
        guard let process = state.process else {
            print("The cluster is not running.")
            throw ExitCode(1)
        }
        print("server:     \(state.server ?? "not ready yet")")
        print("process:    \(process)")
        print("kubeconfig: \(folder.kubeconfig)")
        print("log:        \(folder.log)")
    }
}
