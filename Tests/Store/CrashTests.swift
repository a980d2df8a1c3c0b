import Glibc
import Testing
import TestSupport

@testable import Store

/// The store over the death of its process.
struct CrashTests {
    /// The writer program that this build made, beside the test binary.
    private static let writer: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))/StoreWriter"
    }()

    @Test func killedAHundredTimesLosesNothingAndGivesNoRevisionTwice() throws {
        let folder = try ScratchFolder()
        let file = "\(folder.path)/store.db"
        var acknowledged: [String: Int64] = [:]
        var given: Set<Int64> = []
        var highest: Int64 = 0
        for round in 0..<100 {
            let lines = try runAndKill(file, name: "r\(round)", after: 20 + (round * 7) % 90)
            for (revision, key) in lines {
                #expect(given.insert(revision).inserted, "revision \(revision) was given twice")
                #expect(revision > highest)
                acknowledged[key] = revision
            }
            highest = max(highest, lines.map(\.0).max() ?? 0)
        }
        let store = try SQLiteStore(path: file)
        #expect(store.revision >= highest)
        let lost = acknowledged.filter { key, revision in
            key.hasPrefix("things/") && store.record(Key(key))?.revision != revision
        }
        #expect(lost.isEmpty)
        #expect(acknowledged.count > 500)
    }

    /// Runs the writer, kills it so many acknowledgements later, and returns these.
    private func runAndKill(_ file: String, name: String, after count: Int) throws -> [(Int64, String)] {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemFailure("pipe") }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var words = ([Self.writer, file, name] as [String]).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        guard posix_spawn(&child, Self.writer, &actions, nil, &words, environ) == 0 else {
            throw SystemFailure("start \(Self.writer)")
        }
        close(ends[1])
        var text: [UInt8] = []
        var isKilled = false
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let length = read(ends[0], &chunk, chunk.count)
            if length <= 0 { break }
            text += chunk[..<length]
            if !isKilled, text.count(where: { $0 == UInt8(ascii: "\n") }) >= count {
                kill(child, SIGKILL)
                isKilled = true
            }
        }
        waitpid(child, nil, 0)
        #expect(isKilled, "the writer ended by itself")
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let revision = Int64(words[0]) else { return nil }
            return (revision, String(words[1]))
        }
    }

    @Test(.enabled(if: access("/usr/bin/strace", X_OK) == 0, "needs strace"))
    func eachUnsharedCreateIsSyncedBeforeItsAcknowledgement() throws {
        let folder = try ScratchFolder()
        let trace = "\(folder.path)/trace"
        let run = try Command(
            "/usr/bin/strace",
            [
                "-f", "-e", "trace=fdatasync,fsync,write", "-o", trace, Self.writer, "\(folder.path)/store.db", "one",
                "4",
            ]
        ).run()
        #expect(run.status == 0)
        let lines = String(decoding: try readFile(trace), as: UTF8.self).split(separator: "\n")
        var synced = 0
        var acknowledged = 0
        for line in lines.drop(while: { !$0.contains("ready") }).dropFirst() {
            if line.contains("fdatasync(") || line.contains("fsync(") { synced += 1 }
            guard line.contains("things/one-") else { continue }
            #expect(synced > 0, "acknowledged before a sync: \(line)")
            acknowledged += 1
            synced = 0
        }
        #expect(acknowledged == 4)
    }

    @Test func anOrderlyEndKeepsRelaxedKeysAndTheRevision() async throws {
        let folder = try ScratchFolder()
        let file = "\(folder.path)/store.db"
        let options = SQLiteStore.Options(relaxed: ["leases/"])
        var last: Revision = 0
        do {
            let store = try SQLiteStore(path: file, options: options)
            _ = try await store.commit(Change("things/a", .create([1])))
            last = try await store.commit(Change("leases/l", .create([2])))
            store.close()
        }
        let store = try SQLiteStore(path: file, options: options)
        #expect(store.revision == last)
        #expect(store.record("leases/l")?.bytes == [2])
        // Whoever followed the store over its restart misses nothing, and so need not list again.
        #expect(throws: Never.self) { _ = try store.watch("things/", after: last, limit: 1) {} }
        #expect(throws: StoreFailure.self) { _ = try store.watch("things/", after: last - 1, limit: 1) {} }
    }

    @Test func relaxedChangesReachTheFileWithinASecond() async throws {
        let folder = try ScratchFolder()
        let file = "\(folder.path)/store.db"
        let store = try SQLiteStore(path: file, options: SQLiteStore.Options(relaxed: ["leases/"]))
        _ = try await store.commit(Change("leases/l", .create(Array("the lease's own bytes".utf8))))
        #expect(Scribe.patience < 1)
        try await wait(for: "the lease in the write-ahead log") {
            String(decoding: try readFile("\(file)-wal"), as: UTF8.self).contains("the lease's own bytes")
        }
        store.close()
    }
}
