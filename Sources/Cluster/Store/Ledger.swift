import Synchronization

/// What both backends share: the present content, the kept history and the event bus, behind one lock that is never
/// held while anything waits.
final class Ledger: Sendable {
    private struct State {
        var index: SortedIndex
        var history: History
        var bus = EventBus()
        var revision: Revision
        var isClosed = false
    }

    private let state: Mutex<State>
    /// The revision that readers see, beside the lock: watches ask for it while they hold their own.
    private let published: PublishedRevision

    init(index: SortedIndex, revision: Revision, limits: HistoryLimits) {
        let history = History(limits: limits, compacted: revision)
        state = Mutex(State(index: index, history: history, revision: revision))
        published = PublishedRevision(revision)
    }

    var revision: Revision { published.value }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func record(_ key: Key) -> Record? { state.withLock { $0.index[key] } }

    func snapshot() -> Snapshot {
        state.withLock { Snapshot(revision: $0.revision, index: $0.index) }
    }

    func snapshot(of prefix: Key, at revision: Revision) throws(StoreFailure) -> Snapshot {
        let (present, past, oldest) = state.withLock { state in
            (
                Snapshot(revision: state.revision, index: state.index),
                revision <= state.revision ? state.history.events(after: revision) : [], state.history.compacted
            )
        }
        guard revision <= present.revision else { throw .future(present: present.revision) }
        guard let past else { throw .compacted(oldest: oldest) }
        var index = present.index
        for event in past.reversed() where event.key.hasPrefix(prefix) {
            if let previous = event.previous { index.insert(previous) } else { index.remove(event.key) }
        }
        return Snapshot(revision: revision, index: index)
    }

    /// Decides a change against the present content and makes it at once: the whole of a memory store's commit.
    func apply(_ change: Change) -> Result<Revision, StoreFailure> {
        var sleepers: [Watch] = []
        let result: Result<Revision, StoreFailure> = state.withLock { state in
            guard !state.isClosed else { return .failure(.closed) }
            let revision = state.revision + 1
            return change.outcome(over: state.index[change.key], at: revision).map { record in
                Ledger.publish(change.key, record, at: revision, in: &state, &sleepers)
                published.show(revision)
                return revision
            }
        }
        for watch in sleepers { watch.ring() }
        return result
    }

    /// Makes changes that their backend has decided and written, in order of revision.
    func publish(_ changes: [(key: Key, record: Record?, revision: Revision)]) {
        guard let last = changes.last else { return }
        var sleepers: [Watch] = []
        state.withLock { state in
            for change in changes {
                Ledger.publish(change.key, change.record, at: change.revision, in: &state, &sleepers)
            }
            published.show(last.revision)
        }
        for watch in sleepers { watch.ring() }
    }

    private static func publish(
        _ key: Key, _ record: Record?, at revision: Revision, in state: inout State, _ sleepers: inout [Watch]
    ) {
        let previous = record.map { state.index.insert($0) } ?? state.index.remove(key)
        let event = Event(key: key, revision: revision, record: record, previous: previous)
        state.revision = revision
        state.history.append(event)
        state.bus.publish(event, sleepers: &sleepers)
    }

    func watch(
        _ prefix: Key, after revision: Revision, limit: Int, wake: @escaping @Sendable () -> Void
    ) throws(StoreFailure) -> Watch {
        let outcome: Result<Watch, StoreFailure> = state.withLock { state in
            guard !state.isClosed else { return .failure(.closed) }
            guard let past = state.history.events(after: revision) else {
                return .failure(.compacted(oldest: state.history.compacted))
            }
            let isFolder = prefix.path.utf8.last.map { $0 == UInt8(ascii: "/") } ?? true
            let backlog = past.filter { isFolder ? $0.key.hasPrefix(prefix) : $0.key == prefix }
            let watch = Watch(
                prefix: prefix, limit: limit, backlog: backlog,
                present: published, wake: wake)
            state.bus.sweep(prefix)
            state.bus.add(watch)
            return .success(watch)
        }
        return try outcome.get()
    }

    func compact(to revision: Revision) {
        state.withLock { $0.history.compact(to: min(revision, $0.revision)) }
    }

    /// Refuses what comes from now on and ends the watches; false where that was done before.
    func close() -> Bool {
        let sleepers: [Watch]? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            return state.bus.close()
        }
        for watch in sleepers ?? [] { watch.ring() }
        return sleepers != nil
    }
}

/// The revision that readers see, for those who must not ask the ledger, because it may be asking them.
final class PublishedRevision: Sendable {
    private let number: Atomic<Int64>

    init(_ revision: Revision) { number = Atomic(revision) }

    var value: Revision { number.load(ordering: .acquiring) }

    func show(_ revision: Revision) { number.store(revision, ordering: .releasing) }
}
