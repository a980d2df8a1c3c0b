import Glibc

/// The one writer of a SQLite store, on a thread of its own.
final class Scribe {
    /// How long a relaxed change may stay unwritten, in seconds; flushing takes its share of the promised second.
    private static let patience = 0.8

    private let file: StoreFile
    private let ledger: Ledger
    private let mailbox: Mailbox<SQLiteStore.Request>
    private let relaxed: [Key]
    private var reserved: Revision
    /// Changes of relaxed keys that are not in the file yet: the record, or nil where it was deleted.
    private var unwritten: [Key: Record?] = [:]
    private var flushTime: timespec?

    init(
        file: StoreFile, ledger: Ledger, mailbox: Mailbox<SQLiteStore.Request>, reserved: Revision, relaxed: [Key]
    ) {
        self.file = file
        self.ledger = ledger
        self.mailbox = mailbox
        self.reserved = reserved
        self.relaxed = relaxed
    }

    /// Works until the mailbox is shut, and then leaves the file in order.
    func run() {
        while let requests = mailbox.takeAll(until: flushTime) {
            if !requests.isEmpty { handle(requests) }
            if let flushTime, isPast(flushTime) { flush() }
        }
        finish()
    }

    /// A change that has been decided, and waits for its commit.
    private struct Decided {
        let key: Key
        let record: Record?
        let revision: Revision
        let then: @Sendable (Result<Revision, StoreFailure>) -> Void
    }

    private func handle(_ requests: [SQLiteStore.Request]) {
        do throws(StoreFailure) {
            try reserve(requests.count)
        } catch {
            for request in requests { request.then(.failure(error)) }
            return
        }
        // What is decided in this batch counts for the later changes of it, and nobody else sees it before the commit.
        var pending: [Key: Record?] = [:]
        var decided: [Decided] = []
        var revision = ledger.revision
        for request in requests {
            let key = request.change.key
            let current = pending[key] ?? ledger.record(key)
            switch request.change.outcome(over: current, at: revision + 1) {
            case .failure(let failure): request.then(.failure(failure))
            case .success(let record):
                revision += 1
                pending[key] = .some(record)
                decided.append(Decided(key: key, record: record, revision: revision, then: request.then))
            }
        }
        settle(decided)
    }

    /// Writes what was decided, shows it to readers, and tells the writers; in this order.
    private func settle(_ decided: [Decided]) {
        guard !decided.isEmpty else { return }
        let durable = decided.filter { !isRelaxed($0.key) }
        do throws(StoreFailure) {
            if !durable.isEmpty {
                try file.setSynchronous(true)
                try file.database.transaction { () throws(StoreFailure) in
                    for change in durable { try write(change.key, change.record) }
                }
            }
        } catch {
            // Revisions of a batch that failed were told to nobody, and are given to the next one.
            for change in decided { change.then(.failure(error)) }
            return
        }
        for change in decided where isRelaxed(change.key) { postpone(change.key, change.record) }
        ledger.publish(decided.map { ($0.key, $0.record, $0.revision) })
        for change in decided { change.then(.success(change.revision)) }
    }

    private func isRelaxed(_ key: Key) -> Bool { relaxed.contains(where: key.hasPrefix) }

    private func write(_ key: Key, _ record: Record?) throws(StoreFailure) {
        if let record { try file.write(record) } else { try file.remove(key) }
    }

    private func postpone(_ key: Key, _ record: Record?) {
        if unwritten.isEmpty { flushTime = deadline(in: Scribe.patience) }
        unwritten[key] = .some(record)
    }

    /// Writes the relaxed changes. What fails is tried again a moment later: the disk may have room by then.
    private func flush() {
        do throws(StoreFailure) {
            try file.setSynchronous(false)
            try file.database.transaction { () throws(StoreFailure) in
                for (key, record) in unwritten { try write(key, record) }
            }
            unwritten = [:]
            flushTime = nil
        } catch {
            flushTime = deadline(in: Scribe.patience)
        }
    }

    /// Makes sure that the next revisions lie below the durable mark.
    private func reserve(_ count: Int) throws(StoreFailure) {
        guard ledger.revision + Int64(count) > reserved else { return }
        let mark = ledger.revision + Int64(count) + StoreFile.block
        try file.setSynchronous(true)
        try file.database.transaction { () throws(StoreFailure) in try file.setMeta("reserved", mark) }
        reserved = mark
    }

    private func finish() {
        do throws(StoreFailure) {
            try file.setSynchronous(true)
            try file.database.transaction { () throws(StoreFailure) in
                for (key, record) in unwritten { try write(key, record) }
                try file.setMeta("clean", ledger.revision)
            }
        } catch {
            // Without the mark the next start treats this end as a kill, and loses nothing that was promised.
        }
    }

    private func deadline(in seconds: Double) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = now.tv_nsec + Int(seconds * 1e9)
        return timespec(tv_sec: now.tv_sec + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    }

    private func isPast(_ time: timespec) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return (now.tv_sec, now.tv_nsec) >= (time.tv_sec, time.tv_nsec)
    }
}
