/// The file of a SQLite store: its tables, its settings, and how they are read back.
///
/// `records` holds what stands now, with a checksum over each row. A row is found by its revision alone: a change is a row
/// at the end of the table and the loss of an older one, so that a commit writes few pages however many keys it is about.
/// Which revision stands under a key is what the memory of the store knows. `meta` holds `reserved`, the revision below which any may
/// have been handed out, and, only after an orderly end, `clean`, the last that was.
final class StoreFile {
    /// "helm" as SQLite's application id, so that another program's database is told from ours.
    static let application: Int64 = 0x6865_6C6D
    static let format: Int64 = 2
    /// Revisions are reserved in blocks: one small commit in so many changes.
    static let block: Revision = 10_000

    let database: Database
    private let put: Statement
    private let drop: Statement
    private let setMeta: Statement
    private(set) var isSynchronous = true

    init(_ path: String) throws(StoreFailure) {
        database = try Database(path)
        try StoreFile.prepare(database)
        put = try database.prepare(
            "INSERT INTO records(revision, key, expiry, sum, bytes) VALUES(?1, ?2, ?3, ?4, ?5)")
        drop = try database.prepare("DELETE FROM records WHERE revision = ?1")
        setMeta = try database.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)")
    }

    private static func prepare(_ database: Database) throws(StoreFailure) {
        // The one process that holds the file needs no shared memory beside it, and no other can get in.
        try database.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0")
        let id = try database.number("PRAGMA application_id")
        let tables = try database.number("SELECT count(*) FROM sqlite_schema")
        let isNew = id == 0 && tables == 0
        guard isNew || id == application else {
            throw .corrupt(path: database.path, reason: "it is a database of another program")
        }
        guard try database.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw .unwritable(path: database.path, reason: "the file system does not take a write-ahead log")
        }
        try database.execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -2000")
        guard try database.number("PRAGMA synchronous") == 2 else {
            throw .unwritable(path: database.path, reason: "SQLite refuses synchronous = FULL")
        }
        if isNew { try create(database) }
        guard try database.number("PRAGMA user_version") == format else {
            throw .corrupt(path: database.path, reason: "it has a format that this version does not know")
        }
    }

    private static func create(_ database: Database) throws(StoreFailure) {
        try database.transaction { () throws(StoreFailure) in
            try database.execute(
                """
                CREATE TABLE records(
                    revision INTEGER PRIMARY KEY, key TEXT NOT NULL, expiry INTEGER,
                    sum INTEGER NOT NULL, bytes BLOB NOT NULL);
                CREATE TABLE meta(name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                PRAGMA application_id = \(application);
                PRAGMA user_version = \(format);
                """)
        }
    }

    /// Whether the file itself says that each commit is synced: SQLite's 2 is FULL.
    func readSynchronous() throws(StoreFailure) -> Int64 { try database.number("PRAGMA synchronous") ?? -1 }

    /// Makes the following commits wait for the disk, or not.
    func setSynchronous(_ wanted: Bool) throws(StoreFailure) {
        guard wanted != isSynchronous else { return }
        try database.execute("PRAGMA synchronous = \(wanted ? "FULL" : "NORMAL")")
        isSynchronous = wanted
    }

    func write(_ record: Record) throws(StoreFailure) {
        var path = record.key.path
        let sum = Checksum.of(record)
        try path.withBytes { key throws(StoreFailure) in
            try record.bytes.withBytes { bytes throws(StoreFailure) in
                try put.bind(1, record.revision)
                try put.bind(2, text: key)
                try put.bind(3, record.expiry)
                try put.bind(4, sum)
                try put.bind(5, blob: bytes)
                try put.run()
            }
        }
    }

    /// Removes the record of that revision.
    func remove(_ revision: Revision) throws(StoreFailure) {
        try drop.bind(1, revision)
        try drop.run()
    }

    func setMeta(_ name: String, _ value: Revision) throws(StoreFailure) {
        var name = name
        try name.withBytes { bytes throws(StoreFailure) in
            try setMeta.bind(1, text: bytes)
            try setMeta.bind(2, value)
            try setMeta.run()
        }
    }

    /// The last revision that may have been handed out: exact after an orderly end, the mark above it after a kill.
    func lastRevision() throws(StoreFailure) -> Revision {
        if let clean = try meta("clean") { return clean }
        return try meta("reserved") ?? 1
    }

    private func meta(_ name: StaticString) throws(StoreFailure) -> Revision? {
        try database.number("SELECT value FROM meta WHERE name = '\(name)'")
    }

    /// Fills an empty file with a snapshot's records, all or none of them.
    ///
    /// - Throws: `.unwritable` where there are records already.
    func restore(_ content: SnapshotFile.Content) throws(StoreFailure) {
        guard try database.number("SELECT count(*) FROM records") == 0 else {
            throw .unwritable(path: database.path, reason: "it holds records already; a restore wants an empty store")
        }
        try setSynchronous(true)
        try database.transaction { () throws(StoreFailure) in
            for record in content.records { try write(record) }
            try setMeta("clean", content.revision + SnapshotFile.bump)
        }
    }

    /// Reads every record, each against its checksum.
    func load() throws(StoreFailure) -> SortedIndex {
        var index = SortedIndex()
        let rows = try database.prepare("SELECT key, revision, expiry, sum, bytes FROM records ORDER BY key")
        while try rows.step() {
            let record = Record(
                key: Key(rows.text(0)), revision: rows.number(1), bytes: rows.blob(4), expiry: rows.optionalNumber(2))
            let sum = Checksum.of(record)
            guard sum == rows.number(3) else {
                throw .corrupt(path: database.path, reason: "the record \(record.key) is not what was written")
            }
            guard index.insert(record) == nil else {
                throw .corrupt(path: database.path, reason: "the key \(record.key) stands there twice")
            }
        }
        return index
    }
}

extension String {
    /// The UTF-8 bytes in place, with an error type of the caller's.
    fileprivate mutating func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome = withUTF8 { bytes in
            Swift.Result { () throws(Failure) in try body(bytes) }
        }
        return try outcome.get()
    }
}

extension [UInt8] {
    fileprivate func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome = withUnsafeBufferPointer { bytes in
            Swift.Result { () throws(Failure) in try body(bytes) }
        }
        return try outcome.get()
    }
}
