import Glibc
import Testing
import TestSupport

@testable import Store

/// What the SQLite file is asked for, and what is said when it is not right.
struct FileTests {
    @Test func theFileIsSynchronous() throws {
        let folder = try ScratchFolder()
        let file = try StoreFile("\(folder.path)/store.db")
        #expect(try file.readSynchronous() == 2)
        try file.setSynchronous(false)
        #expect(try file.readSynchronous() == 1)
        try file.setSynchronous(true)
        #expect(try file.readSynchronous() == 2)
    }

    @Test func aFileOfAnotherKindIsTold() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(
            "this is no database, but it is longer than a header of one hundred bytes is: "
                + String(repeating: "x", count: 200), to: "store.db")
        #expect { _ = try SQLiteStore(path: file) } throws: { "\($0)".contains("is corrupt: file is not a database") }
    }

    @Test func aChangedRecordIsTold() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/store.db"
        let store = try SQLiteStore(path: path)
        _ = try await store.commit(Change("things/a", .create(Array("what was written".utf8))))
        store.close()
        var bytes = try readFile(path)
        let wanted = Array("what was".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: wanted) })
        bytes[place] = UInt8(ascii: "W")
        let stream = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
        #expect { _ = try SQLiteStore(path: path) } throws: { "\($0)".contains("things/a is not what was written") }
    }

    @Test func oneProcessAtATime() throws {
        let folder = try ScratchFolder()
        let store = try SQLiteStore(path: "\(folder.path)/store.db")
        #expect { _ = try SQLiteStore(path: "\(folder.path)/store.db") } throws: {
            if case StoreFailure.locked = $0 { true } else { false }
        }
        store.close()
    }

    @Test(.needsRoot) func aFullDiskIsToldAndWhatWasAcknowledgedStays() async throws {
        let folder = try ScratchFolder()
        let mount = try Command("/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path]).run()
        try #require(mount.status == 0)
        defer { _ = try? Command("/bin/umount", ["-l", folder.path]).run() }
        let store = try SQLiteStore(path: "\(folder.path)/store.db")
        var kept: [Key] = []
        var failure: StoreFailure?
        for number in 0..<100 where failure == nil {
            let key = Key("things/\(number)")
            do {
                _ = try await store.commit(Change(key, .create([UInt8](repeating: 7, count: 50_000))))
                kept.append(key)
            } catch {
                failure = error
            }
        }
        guard case .unwritable(_, let reason) = failure else { Issue.record("\(String(describing: failure))"); return }
        #expect(reason == "no space left on device")
        #expect(kept.allSatisfy { store.record($0) != nil })
        #expect(store.snapshot().count(in: "things/") == kept.count)
        store.close()
    }
}
