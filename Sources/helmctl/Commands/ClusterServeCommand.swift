import ControlPlane
import Flags

/// `helmctl cluster serve`: the daemon itself, as `up` starts it.
struct ClusterServeCommand: Command {
    static let description = CommandDescription("serve", "Run a cluster in the foreground", isHidden: true)

    let options = ClusterOptions()

    func run() async throws {
        do throws(ClusterFailure) {
            try await ClusterServer(options.settingsOrFailure()).run { Launcher.report(.success($0)) }
        } catch {
            Launcher.report(.failure(error))
            throw error
        }
    }
}

extension ClusterOptions {
    fileprivate func settingsOrFailure() throws(ClusterFailure) -> ClusterSettings {
        do { return try settings() } catch { throw ClusterFailure(.badSettings, "\(error)") }
    }
}
