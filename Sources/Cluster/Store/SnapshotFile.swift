import Glibc

/// The whole content of a store as one file: a head, the records in order of their keys, and a tail by which a file
/// that was cut short or changed is told from a whole one.
///
/// A record is a byte 1, the lengths of key and bytes, revision, expiry, and then key and bytes; the tail is a byte 0,
/// the number of records, the store's revision, and a checksum over all of it. Numbers are little-endian.
public enum SnapshotFile {
    static let head = Array("helmctl-store 1\n".utf8)
    /// How much a piece holds, roughly.
    static let piece = 256 << 10

    /// What a file holds.
    public struct Content: Sendable {
        /// The revision that the content was current at.
        public let revision: Revision
        /// By key.
        public let records: [Record]
    }

    /// How far the revisions of a restored store lie ahead of its snapshot's: whoever saw a later state of the old
    /// store shall not take a new one for it (etcd's documentation of restores recommends this step).
    static let bump: Revision = 1_000_000_000

    /// Writes a snapshot in pieces, as somebody takes them.
    public struct Writer: Sendable {
        private let snapshot: Snapshot
        private var last: Key?
        private var count: UInt64 = 0
        private var sum = Checksum.Running()
        private var isStarted = false
        private var isFinished = false

        public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

        /// The next piece; nil after the last.
        public mutating func next() -> [UInt8]? {
            guard !isFinished else { return nil }
            var output = isStarted ? [] : SnapshotFile.head
            isStarted = true
            output.reserveCapacity(SnapshotFile.piece * 2)
            var (last, count, sum) = (last, count, sum)
            snapshot.forEach(in: "", after: last) { record in
                SnapshotFile.append(record, to: &output)
                sum.add(record)
                count += 1
                last = record.key
                return output.count < SnapshotFile.piece
            }
            (self.last, self.count, self.sum) = (last, count, sum)
            if output.count < SnapshotFile.piece { finish(&output) }
            return output
        }

        private mutating func finish(_ output: inout [UInt8]) {
            isFinished = true
            output.append(0)
            SnapshotFile.append(count, to: &output)
            SnapshotFile.append(UInt64(bitPattern: snapshot.revision), to: &output)
            SnapshotFile.append(sum.value(count, snapshot.revision), to: &output)
        }
    }

    private static func append(_ record: Record, to output: inout [UInt8]) {
        output.append(1)
        append(UInt64(record.key.path.utf8.count), to: &output)
        append(UInt64(record.bytes.count), to: &output)
        append(UInt64(bitPattern: record.revision), to: &output)
        append(UInt64(bitPattern: record.expiry ?? .min), to: &output)
        output += record.key.path.utf8
        output += record.bytes
    }

    private static func append(_ number: UInt64, to output: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { output += $0 }
    }

    /// Reads a file back, and holds it against its own checksum.
    ///
    /// - Throws: `.corrupt` with what is wrong and where, `.unwritable` where the file cannot be read at all.
    public static func read(_ path: String) throws(StoreFailure) -> Content {
        var reader = SnapshotReader(path: path, bytes: try contents(path))
        return try reader.content()
    }

    private static func contents(_ path: String) throws(StoreFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(path) }
        defer { close(file) }
        var information = stat()
        guard fstat(file, &information) == 0 else { throw .unreadable(path) }
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes[filled...].withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .unreadable(path) }
            filled += count
        }
        return bytes
    }
}

extension StoreFailure {
    fileprivate static func unreadable(_ path: String) -> StoreFailure {
        .unwritable(path: path, reason: "it cannot be read: \(String(cString: strerror(errno)))")
    }
}

/// Reads a snapshot's bytes; every length is held against what is left before it is believed.
private struct SnapshotReader {
    let path: String
    let bytes: [UInt8]
    private var offset = 0

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    mutating func content() throws(StoreFailure) -> SnapshotFile.Content {
        guard bytes.starts(with: SnapshotFile.head) else { throw corrupt("it is no snapshot of a store") }
        offset = SnapshotFile.head.count
        var records: [Record] = []
        var sum = Checksum.Running()
        while try byte() == 1 {
            let record = try record(after: records.last?.key)
            sum.add(record)
            records.append(record)
        }
        guard bytes[offset - 1] == 0 else { throw corrupt("byte \(offset - 1) begins nothing that is known") }
        let count = try number()
        let revision = Revision(bitPattern: try number())
        let wanted = try number()
        guard count == UInt64(records.count) else {
            throw corrupt("it holds \(records.count) records where it says \(count)")
        }
        guard sum.value(count, revision) == wanted else { throw corrupt("its content is not what was written") }
        guard offset == bytes.count else { throw corrupt("\(bytes.count - offset) bytes follow its end") }
        return SnapshotFile.Content(revision: revision, records: records)
    }

    private mutating func record(after last: Key?) throws(StoreFailure) -> Record {
        let start = offset - 1
        let keyLength = try number()
        let length = try number()
        let revision = Revision(bitPattern: try number())
        let expiry = Int64(bitPattern: try number())
        let key = try slice(keyLength)
        let body = try slice(length)
        let name = Key(String(decoding: key, as: UTF8.self))
        if let last, !(last < name) { throw corrupt("the record at byte \(start) is out of order") }
        return Record(key: name, revision: revision, bytes: Array(body), expiry: expiry == .min ? nil : expiry)
    }

    private mutating func byte() throws(StoreFailure) -> UInt8 { try slice(1).first ?? 0 }

    private mutating func number() throws(StoreFailure) -> UInt64 {
        try slice(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func slice(_ count: UInt64) throws(StoreFailure) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.count - offset) else { throw corrupt("it ends at byte \(bytes.count), too early") }
        defer { offset += Int(count) }
        return bytes[offset..<offset + Int(count)]
    }

    private func corrupt(_ reason: String) -> StoreFailure { .corrupt(path: path, reason: reason) }
}
