import Glibc
import Synchronization

/// A store that keeps every acknowledged change over the death of its process and of the machine.
///
/// One writer thread takes what has gathered while the last commit waited for the disk and commits it as one transaction.
/// Keys that the options name as relaxed are acknowledged at once and written within a second: only they may lose it.
public final class SQLiteStore: RevisionStore {
    /// What a store may be told at its opening.
    public struct Options: Sendable {
        /// Prefixes of keys that need no sync of their own (Leases, Events).
        public var relaxed: [Key]
        /// How much of the past is kept in memory.
        public var history: HistoryLimits

        public init(relaxed: [Key] = [], history: HistoryLimits = HistoryLimits()) {
            self.relaxed = relaxed
            self.history = history
        }
    }

    private let ledger: Ledger
    private let mailbox = Mailbox<Request>()
    private let writer: Mutex<pthread_t?>

    struct Request: Sendable {
        let change: Change
        let then: @Sendable (Result<Revision, StoreFailure>) -> Void
    }

    /// Makes the file with a snapshot's content.
    ///
    /// - Throws: `.unwritable` where the file holds records already; otherwise as opening does.
    public static func restore(_ content: SnapshotFile.Content, to path: String) throws(StoreFailure) {
        try StoreFile(path).restore(content)
    }

    /// Opens the file, making it where there is none.
    ///
    /// - Throws: `.corrupt`, `.locked` or `.unwritable`, each naming the file.
    public init(path: String, options: Options = Options()) throws(StoreFailure) {
        let file = try StoreFile(path)
        let index = try file.load()
        // After a kill nobody knows how much of the block was handed out, so that none of it is given again.
        let last = try file.lastRevision()
        let reserved = last + StoreFile.block
        try file.database.transaction { () throws(StoreFailure) in
            try file.setMeta("reserved", reserved)
            try file.database.execute("DELETE FROM meta WHERE name = 'clean'")
        }
        ledger = Ledger(index: index, revision: last, limits: options.history)
        writer = Mutex(nil)
        let scribe = Scribe(file: file, ledger: ledger, mailbox: mailbox, reserved: reserved, relaxed: options.relaxed)
        let thread = try startThread(path: path) { scribe.run() }
        writer.withLock { $0 = thread }
    }

    deinit { close() }

    public var revision: Revision { ledger.revision }

    public func record(_ key: Key) -> Record? { ledger.record(key) }

    public func snapshot() -> Snapshot { ledger.snapshot() }

    public func snapshot(of prefix: Key, at revision: Revision) throws(StoreFailure) -> Snapshot {
        try ledger.snapshot(of: prefix, at: revision)
    }

    public func commit(_ change: Change, then: @escaping @Sendable (Result<Revision, StoreFailure>) -> Void) {
        if !mailbox.put(Request(change: change, then: then)) { then(.failure(.closed)) }
    }

    public func watch(
        _ prefix: Key, after revision: Revision, limit: Int, wake: @escaping @Sendable () -> Void
    ) throws(StoreFailure) -> Watch {
        try ledger.watch(prefix, after: revision, limit: limit, wake: wake)
    }

    public func compact(to revision: Revision) { ledger.compact(to: revision) }

    public func close() {
        mailbox.shut()
        let thread = writer.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
        _ = ledger.close()
    }
}

/// Starts a thread that runs `body` to its end.
private func startThread(path: String, _ body: @escaping () -> Void) throws(StoreFailure) -> pthread_t {
    final class Box {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    guard code == 0 else {
        box.release()
        throw .unwritable(path: path, reason: "no thread for its writer: \(String(cString: strerror(code)))")
    }
    return thread
}
