/// The file of a SQLite store: its tables, its settings, and how they are read back.
///
/// `records` holds what stands now, with a checksum over each row; `meta` holds `reserved`, the revision below which any may
/// have been handed out, and, only after an orderly end, `clean`, the last that was.
final class StoreFile {
    /// "helm" as SQLite's application id, so that another program's database is told from ours.
    static let application: Int64 = 0x6865_6C6D
    static let format: Int64 = 1
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
            "INSERT OR REPLACE INTO records(key, revision, expiry, sum, bytes) VALUES(?1, ?2, ?3, ?4, ?5)")
        drop = try database.prepare("DELETE FROM records WHERE key = ?1")
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
                    key TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, expiry INTEGER,
                    sum INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
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
        try path.withBytes { key throws(StoreFailure) in
            try record.bytes.withBytes { bytes throws(StoreFailure) in
                try put.bind(1, text: key)
                try put.bind(2, record.revision)
                try put.bind(3, record.expiry)
                try put.bind(4, Checksum.of(key, bytes, record.revision))
                try put.bind(5, blob: bytes)
                try put.run()
            }
        }
    }

    func remove(_ key: Key) throws(StoreFailure) {
        var path = key.path
        try path.withBytes { key throws(StoreFailure) in
            try drop.bind(1, text: key)
            try drop.run()
        }
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

    /// Reads every record, each against its checksum.
    func load() throws(StoreFailure) -> SortedIndex {
        var index = SortedIndex()
        let rows = try database.prepare("SELECT key, revision, expiry, sum, bytes FROM records ORDER BY key")
        while try rows.step() {
            let record = Record(
                key: Key(rows.text(0)), revision: rows.number(1), bytes: rows.blob(4), expiry: rows.optionalNumber(2))
            var path = record.key.path
            let sum = path.withBytes { key in record.bytes.withBytes { Checksum.of(key, $0, record.revision) } }
            guard sum == rows.number(3) else {
                throw .corrupt(path: database.path, reason: "the record \(record.key) is not what was written")
            }
            index.insert(record)
        }
        return index
    }
}

/// A 64-bit checksum of a row: FNV-1a over eight bytes at a time, which finds what a disk or an editor has changed.
enum Checksum {
    static func of(_ key: UnsafeBufferPointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>, _ revision: Revision)
        -> Int64
    {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        mix(UInt64(bitPattern: revision), &sum)
        mix(key, &sum)
        mix(bytes, &sum)
        return Int64(bitPattern: sum)
    }

    private static func mix(_ word: UInt64, _ sum: inout UInt64) {
        sum = (sum ^ word) &* 0x0000_0100_0000_01B3
        sum ^= sum >> 29
    }

    private static func mix(_ bytes: UnsafeBufferPointer<UInt8>, _ sum: inout UInt64) {
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= raw.count {
            mix(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self), &sum)
            offset += 8
        }
        while offset < raw.count {
            mix(UInt64(raw[offset]), &sum)
            offset += 1
        }
        mix(UInt64(raw.count), &sum)
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
