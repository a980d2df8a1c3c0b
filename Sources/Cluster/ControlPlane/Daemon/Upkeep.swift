import API
import APIServer
import PKI
import Store

/// What has to be looked after while a cluster runs: certificates that come to their end, records that have outlived theirs.
struct Upkeep: ClusterService {
    let folder: DataFolder
    let names: [String]
    let api: KubeAPI
    let server: HTTPSServer
    let clock: any TimeSource

    var name: String { "upkeep" }

    func run() async throws {
        var (sweep, renewal) = (clock.now + .seconds(60), clock.now + .seconds(3600))
        while !Task.isCancelled {
            // As often as upstream's server renews its lease.
            try await clock.sleep(for: .seconds(10))
            await Bootstrap(api).renewLease()
            if clock.now >= sweep {
                sweep = clock.now + .seconds(60)
                api.store.expire(at: clock.now.seconds)
            }
            if clock.now >= renewal {
                renewal = clock.now + .seconds(3600)
                try server.replace(try Credentials(folder, names: names, now: clock.now.seconds).server)
            }
        }
    }
}
