import CSQLite
import Glibc

/// The owner of one SQLite connection. Used by one thread at a time.
final class Database {
    let path: String
    private let handle: OpaquePointer
    private var begin: Statement?
    private var commit: Statement?

    /// Opens or makes the file, which from then on only this connection may use.
    init(_ path: String) throws(StoreFailure) {
        self.path = path
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw .unwritable(path: path, reason: reason)
        }
        handle = opened
    }

    deinit { sqlite3_close_v2(handle) }

    /// A statement that is prepared when it is first used.
    private func statement(_ slot: inout Statement?, _ text: String) throws(StoreFailure) -> Statement {
        if let slot { return slot }
        let made = try prepare(text)
        slot = made
        return made
    }

    /// The one place where SQLite's result codes become errors.
    @discardableResult
    func check(_ code: Int32) throws(StoreFailure) -> Int32 {
        switch code & 0xFF {
        case SQLITE_OK, SQLITE_ROW, SQLITE_DONE: return code
        case SQLITE_BUSY, SQLITE_LOCKED: throw .locked(path: path)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: throw .corrupt(path: path, reason: message)
        case SQLITE_FULL: throw .unwritable(path: path, reason: "no space left on device")
        default: throw .unwritable(path: path, reason: message)
        }
    }

    private var message: String {
        let text = String(cString: sqlite3_errmsg(handle))
        let cause = sqlite3_system_errno(handle)
        return cause == 0 ? text : "\(text) (\(String(cString: strerror(cause))))"
    }

    /// Runs statements without parameters or results.
    func execute(_ text: String) throws(StoreFailure) { try check(sqlite3_exec(handle, text, nil, nil, nil)) }

    func prepare(_ text: String) throws(StoreFailure) -> Statement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement else { throw .unwritable(path: path, reason: "no statement in: \(text)") }
        return Statement(statement, of: self)
    }

    /// The first column of the first row, as a number.
    func number(_ text: String) throws(StoreFailure) -> Int64? {
        let statement = try prepare(text)
        return try statement.step() ? statement.number(0) : nil
    }

    /// The first column of the first row, as text.
    func text(_ text: String) throws(StoreFailure) -> String? {
        let statement = try prepare(text)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Runs `body` as one transaction: all of it is written, or nothing.
    func transaction(_ body: () throws(StoreFailure) -> Void) throws(StoreFailure) {
        try statement(&begin, "BEGIN IMMEDIATE").run()
        do throws(StoreFailure) {
            try body()
            try statement(&commit, "COMMIT").run()
        } catch {
            // Some errors have rolled back already, and then there is nothing to roll back.
            sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }
}

/// A prepared statement, finalized with its owner.
final class Statement {
    private let handle: OpaquePointer
    private unowned let database: Database

    init(_ handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs to the next row; false at the end.
    func step() throws(StoreFailure) -> Bool { try database.check(sqlite3_step(handle)) == SQLITE_ROW }

    /// Runs to the end and makes ready for the next run.
    func run() throws(StoreFailure) {
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    func bind(_ index: Int32, _ value: Int64?) throws(StoreFailure) {
        try database.check(value.map { sqlite3_bind_int64(handle, index, $0) } ?? sqlite3_bind_null(handle, index))
    }

    /// SQLite reads the bytes while the statement runs; they have to stay where they are until then.
    func bind(_ index: Int32, text: UnsafeBufferPointer<UInt8>) throws(StoreFailure) {
        try text.withMemoryRebound(to: CChar.self) { chars throws(StoreFailure) in
            _ = try database.check(sqlite3_bind_text(handle, index, chars.baseAddress, Int32(chars.count), nil))
        }
    }

    /// As with text, the bytes have to stay until the statement has run.
    func bind(_ index: Int32, blob: UnsafeBufferPointer<UInt8>) throws(StoreFailure) {
        let code =
            blob.isEmpty
            ? sqlite3_bind_zeroblob(handle, index, 0)
            : sqlite3_bind_blob(handle, index, blob.baseAddress, Int32(blob.count), nil)
        try database.check(code)
    }

    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func optionalNumber(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : number(column)
    }

    func text(_ column: Int32) -> String {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}
