import Synchronization

/// A revisioned key-value store: keys and bytes with compare-and-swap, ranges, watches from a revision and compaction.
///
/// It knows nothing of objects. Reads are answered from memory and never wait; an etcd backend fits behind the same
/// protocol by keeping its memory current with a watch, as Kubernetes' own watch cache does.
public protocol RevisionStore: AnyObject, Sendable {
    /// The revision of the last change that readers can see.
    var revision: Revision { get }

    /// The record under the key.
    func record(_ key: Key) -> Record?

    /// The present content, frozen; takes constant time.
    func snapshot() -> Snapshot

    /// The content below `prefix` as it was at `revision`.
    ///
    /// - Throws: `.compacted` where that revision is no longer kept, `.future` where it has not been reached.
    func snapshot(of prefix: Key, at revision: Revision) throws(StoreFailure) -> Snapshot

    /// Makes a change and calls `then`, on any thread, once it is as durable as its key asks for, or refused.
    func commit(_ change: Change, then: @escaping @Sendable (Result<Revision, StoreFailure>) -> Void)

    /// Watches the changes below `prefix`, or of just the key that `prefix` is, from the one after `revision` on.
    ///
    /// - Parameters:
    ///   - limit: how many events may wait to be taken; with one more the watch is closed, and nobody else is held up.
    ///   - wake: called, on any thread, when there is something to take after `take` has found nothing.
    /// - Throws: `.compacted` where the changes after that revision are no longer kept.
    func watch(
        _ prefix: Key, after revision: Revision, limit: Int, wake: @escaping @Sendable () -> Void
    ) throws(StoreFailure) -> Watch

    /// Forgets the history up to and with that revision.
    func compact(to revision: Revision)

    /// Writes what has not been written yet and gives the file back; later changes are refused, watches closed.
    func close()
}

extension RevisionStore {
    /// Makes a change and waits for it.
    public func commit(_ change: Change) async throws(StoreFailure) -> Revision {
        let result = await withCheckedContinuation { continuation in
            commit(change) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Makes changes that do not depend on each other, with as few syncs as the backend can, and waits for all of them.
    ///
    /// - Throws: the failure of one of them, after all have been tried.
    public func commit(_ changes: [Change]) async throws(StoreFailure) {
        let failure: StoreFailure? = await withCheckedContinuation { continuation in
            guard !changes.isEmpty else { return continuation.resume(returning: nil) }
            let pending = PendingChanges(changes.count)
            for change in changes {
                commit(change) { result in
                    if let last = pending.finish(result) { continuation.resume(returning: last.failure) }
                }
            }
        }
        if let failure { throw failure }
    }

    /// Removes the records that have outlived their time.
    ///
    /// - Parameter now: seconds since 1970.
    public func expire(at now: Int64) {
        snapshot().forEach(in: "") { record in
            if let expiry = record.expiry, expiry <= now {
                // One that was renewed meanwhile stands at another revision, and stays.
                commit(Change(record.key, .delete(expecting: record.revision))) { _ in }
            }
            return true
        }
    }
}

/// Counts changes that were made together, until the last of them is done.
private final class PendingChanges: Sendable {
    private struct State {
        var count: Int
        var failure: StoreFailure?
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(count: count)) }

    /// Notes that one is done; with the last one, what became of all.
    func finish(_ result: Result<Revision, StoreFailure>) -> (failure: StoreFailure?, Void)? {
        state.withLock { state in
            if case .failure(let failure) = result { state.failure = state.failure ?? failure }
            state.count -= 1
            return state.count == 0 ? (state.failure, ()) : nil
        }
    }
}
