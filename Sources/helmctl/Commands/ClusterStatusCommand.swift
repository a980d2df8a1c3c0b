import ControlPlane
import Flags

/// `helmctl cluster status`: says whether a cluster runs, and where.
struct ClusterStatusCommand: Command {
    static let description = CommandDescription("status", "Say whether a cluster runs, and where")

    let data = DataFolderOptions()

    func run() async throws {
        let folder = DataFolder(data.path)
        let state = Launcher(folder).state
        guard let process = state.process else {
            print("The cluster is not running.")
            throw ToldFailure()
        }
        print("server:     \(state.server ?? "not ready yet")")
        print("process:    \(process)")
        print("kubeconfig: \(folder.kubeconfig)")
        print("log:        \(folder.log)")
    }
}
