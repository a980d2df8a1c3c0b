/// A store that lives in memory alone and is gone with the process.
public final class MemoryStore: RevisionStore {
    private let ledger: Ledger

    /// An empty store, whose first change gets revision 2 (etcd's own first is 1, and 0 means "any" to clients).
    public init(limits: HistoryLimits = HistoryLimits()) {
        ledger = Ledger(index: SortedIndex(), revision: 1, limits: limits)
    }

    /// A store with a snapshot's content.
    public init(restoring content: SnapshotFile.Content, limits: HistoryLimits = HistoryLimits()) {
        var index = SortedIndex()
        for record in content.records { index.insert(record) }
        ledger = Ledger(index: index, revision: content.revision + SnapshotFile.bump, limits: limits)
    }

    public var revision: Revision { ledger.revision }

    public func record(_ key: Key) -> Record? { ledger.record(key) }

    public func snapshot() -> Snapshot { ledger.snapshot() }

    public func snapshot(of prefix: Key, at revision: Revision) throws(StoreFailure) -> Snapshot {
        try ledger.snapshot(of: prefix, at: revision)
    }

    public func commit(_ change: Change, then: @escaping @Sendable (Result<Revision, StoreFailure>) -> Void) {
        then(ledger.apply(change))
    }

    public func watch(
        _ prefix: Key, after revision: Revision, limit: Int, wake: @escaping @Sendable () -> Void
    ) throws(StoreFailure) -> Watch {
        try ledger.watch(prefix, after: revision, limit: limit, wake: wake)
    }

    public func compact(to revision: Revision) { ledger.compact(to: revision) }

    public func close() { _ = ledger.close() }
}
