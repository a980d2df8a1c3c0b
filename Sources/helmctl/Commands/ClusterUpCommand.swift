import ControlPlane
import Flags

/// `helmctl cluster up`: starts a cluster, and returns when its API is ready.
struct ClusterUpCommand: Command {
    static let description = CommandDescription("up", "Start a cluster")

    let options = ClusterOptions()

    @Flag("timeout", "how many seconds the start may take")
    var timeout = 60

    func run() async throws {
        let settings = try options.settings()
        let folder = DataFolder(settings.folder)
        let launcher = Launcher(folder)
        let kubeconfig = settings.kubeconfig ?? folder.kubeconfig
        if launcher.settledProcess() != nil {
            print("The cluster is running already; nothing to do.")
            print("kubeconfig: \(kubeconfig)")
            return
        }
        let server = try launcher.start(["cluster", "serve"] + options.words(), seconds: timeout)
        print("The cluster is ready at \(server).")
        print("kubeconfig: \(kubeconfig)")
    }
}
