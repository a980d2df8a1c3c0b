import API
import CLinux
import Store

/// Gives back what a burst of requests has left free: after a load, half of the memory that a server holds may be that.
struct MemoryReturn: ClusterService {
    let store: any RevisionStore
    let clock: any TimeSource

    var name: String { "memory" }

    /// In bytes. It takes some fifty milliseconds, in which threads wait for memory: not for little,
    private static let least = 32 << 20
    /// not while there are more writes than this from one look to the next,
    private static let burst = 200
    /// and while there are, at each so many looks only.
    private static let patience = 30

    func run() async throws {
        var last = store.revision
        var delays = 0
        while !Task.isCancelled {
            try await clock.sleep(for: .seconds(2))
            let isBurst = store.revision - last > MemoryReturn.burst
            last = store.revision
            delays = isBurst && delays < MemoryReturn.patience ? delays + 1 : 0
            if delays == 0 { _ = helmctl_return_memory(MemoryReturn.least) }
        }
    }
}
