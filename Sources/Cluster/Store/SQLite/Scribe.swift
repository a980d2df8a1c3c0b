import Glibc

/// The one writer of a SQLite store, on a thread of its own.
final class Scribe {
    /// How long a relaxed change may stay unwritten, in seconds; flushing takes its share of the promised second.
    static let patience = 0.8

    /// From how many changes in a commit on the next is worth waiting for.
    private static let crowd = 4

    private let file: StoreFile
    private let ledger: Ledger
    private let mailbox: Mailbox<SQLiteStore.Request>
    private let relaxed: [Key]
    private var reserved: Revision
    /// Changes of relaxed keys that are not in the file yet.
    private var unwritten: [Key: Unwritten] = [:]
    private var flushTime: timespec?
    /// How many changes the last commit had, and how many the next may bring: those who write one after the other come back
    /// a moment after their answers, and one commit for all of them costs little more than one for the first.
    private var latest = 0
    private var expected = 1

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
        while let requests = mailbox.takeAll(until: flushTime, gathering: expected) {
            if !requests.isEmpty {
                expected = latest >= Scribe.crowd ? latest + requests.count : 1
                latest = requests.count
                handle(requests)
            }
            if let flushTime, isPast(flushTime) { flush() }
        }
        finish()
    }

    /// A change that the file does not know yet.
    private struct Unwritten {
        /// Nil where the record was deleted.
        var record: Record?
        /// The revision of the row that it replaces in the file.
        let standing: Revision?
    }

    /// A change that has been decided, and waits for its commit.
    private struct Decided {
        let key: Key
        let record: Record?
        /// The revision of what stood there.
        let standing: Revision?
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
                decided.append(
                    Decided(
                        key: key, record: record, standing: current?.revision, revision: revision, then: request.then))
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
                    for change in durable { try write(change.record, over: change.standing) }
                }
            }
        } catch {
            // Revisions of a batch that failed were told to nobody, and are given to the next one.
            for change in decided { change.then(.failure(error)) }
            return
        }
        for change in decided where isRelaxed(change.key) { postpone(change) }
        ledger.publish(decided.map { ($0.key, $0.record, $0.revision) })
        for change in decided { change.then(.success(change.revision)) }
    }

    private func isRelaxed(_ key: Key) -> Bool { relaxed.contains(where: key.hasPrefix) }

    private func write(_ record: Record?, over standing: Revision?) throws(StoreFailure) {
        if let standing { try file.remove(standing) }
        if let record { try file.write(record) }
    }

    private func postpone(_ change: Decided) {
        if unwritten.isEmpty { flushTime = deadline(in: Scribe.patience) }
        // What the file holds of this key is as old as the first change that it does not know.
        let standing = unwritten[change.key].map(\.standing) ?? change.standing
        unwritten[change.key] = Unwritten(record: change.record, standing: standing)
    }

    private func writePostponed() throws(StoreFailure) {
        for change in unwritten.values { try write(change.record, over: change.standing) }
    }

    /// Writes the relaxed changes. What fails is tried again a moment later: the disk may have room by then.
    private func flush() {
        do throws(StoreFailure) {
            try file.setSynchronous(false)
            try file.database.transaction { () throws(StoreFailure) in
                try writePostponed()
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
                try writePostponed()
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
