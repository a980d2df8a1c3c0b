import API
import CLinux
import Store

/// Gives back what a burst of requests has left free: after a load, half of the memory that a server holds may be that.
struct MemoryReturn: ClusterService {
    let store: any RevisionStore
    let clock: any TimeSource

    var name: String { "memory" }

    /// In bytes: to give memory back takes some fifty milliseconds, in which threads wait for memory; not for little.
    private static let least = 32 << 20

    func run() async throws {
        var rhythm = Rhythm(store.revision)
        while !Task.isCancelled {
            try await clock.sleep(for: .seconds(2))
            if rhythm.isTime(at: store.revision) { _ = helmctl_return_memory(MemoryReturn.least) }
        }
    }

    /// At which looks memory goes back: at each, but where the store is being written to, at few.
    struct Rhythm {
        /// How many writes there are from one look to the next where the store is being written to.
        private static let burst: Int64 = 200
        /// How many looks are let pass then.
        private static let patience = 30

        private var last: Int64
        private var delays = 0

        init(_ revision: Int64) { last = revision }

        mutating func isTime(at revision: Int64) -> Bool {
            let isBurst = revision - last > Rhythm.burst
            last = revision
            delays = isBurst && delays < Rhythm.patience ? delays + 1 : 0
            return delays == 0
        }
    }
}
