import Glibc
import TestSupport
import Testing

@testable import Store

/// A store's content as one file.
struct SnapshotFileTests {
    private static func written(_ store: any RevisionStore) -> [UInt8] {
        var writer = SnapshotFile.Writer(store.snapshot())
        var bytes: [UInt8] = []
        while let piece = writer.next() { bytes += piece }
        return bytes
    }

    /// More than fits into one piece, with keys and bytes that are no text.
    private static func filled() async throws -> MemoryStore {
        let store = MemoryStore()
        for number in 0..<300 {
            let bytes = [UInt8](repeating: UInt8(number % 256), count: number * 16)
            let expiry: Int64? = number % 7 == 0 ? 1_800_000_000 : nil
            _ = try await store.commit(Change(Key("things/é\(number)"), .create(bytes), expiry: expiry))
        }
        return store
    }

    private static func save(_ bytes: [UInt8], in folder: ScratchFolder) throws -> String {
        let path = "\(folder.path)/snapshot"
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return path
    }

    @Test func whatIsWrittenIsReadBack() async throws {
        let store = try await Self.filled()
        let folder = try ScratchFolder()
        let content = try SnapshotFile.read(try Self.save(Self.written(store), in: folder))
        #expect(content.revision == store.revision && content.records.count == 300)
        let restored = MemoryStore(restoring: content)
        #expect(restored.revision > store.revision)
        for record in content.records {
            let original = try #require(store.record(record.key))
            #expect(original.bytes == record.bytes && original.expiry == record.expiry)
            #expect(original.revision == record.revision)
        }
        let path = "\(folder.path)/store.db"
        try SQLiteStore.restore(content, to: path)
        #expect(throws: StoreFailure.self) { try SQLiteStore.restore(content, to: path) }
        let opened = try SQLiteStore(path: path)
        #expect(opened.revision == restored.revision && opened.snapshot().count(in: "things/") == 300)
        opened.close()
    }

    @Test func everyChangedByteAndEveryCutIsTold() async throws {
        let store = MemoryStore()
        for name in ["a", "b"] { _ = try await store.commit(Change(Key("things/\(name)"), .create(Array("x".utf8)))) }
        let bytes = Self.written(store)
        let folder = try ScratchFolder()
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0x10
            let path = try Self.save(changed, in: folder)
            #expect(throws: StoreFailure.self, "byte \(place) changed") { try SnapshotFile.read(path) }
            let cut = try Self.save(Array(bytes[..<place]), in: folder)
            #expect(throws: StoreFailure.self, "cut at \(place)") { try SnapshotFile.read(cut) }
        }
        let longer = try Self.save(bytes + [0], in: folder)
        #expect(throws: StoreFailure.self) { try SnapshotFile.read(longer) }
    }
}
