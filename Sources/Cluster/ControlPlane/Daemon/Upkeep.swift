import API
import APIServer
import PKI
import Store

/// What has to be looked after while a cluster runs: certificates that come to their end, records that have outlived theirs.
struct Upkeep: ClusterService {
    let folder: DataFolder
    let names: [String]
    let store: any RevisionStore
    let server: HTTPSServer
    let clock: any TimeSource

    var name: String { "upkeep" }

    func run() async throws {
        var renewal = clock.now + .seconds(3600)
        while !Task.isCancelled {
            try await clock.sleep(for: .seconds(60))
            store.expire(at: clock.now.seconds)
            if clock.now >= renewal {
                renewal = clock.now + .seconds(3600)
                try server.replace(try Credentials(folder, names: names, now: clock.now.seconds).server)
            }
        }
    }
}
