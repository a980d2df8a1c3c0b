import Synchronization
import Testing
import TestSupport

@testable import Store

/// Properties that hold for any run of changes, on both backends.
struct HistoryTests {
    private static let keys =
        (0..<40).map { Key("things/ns\($0 % 3)/\($0)") } + [Key("things"), Key("thingsandmore/x")]

    /// Makes random changes, keeping the whole content at every revision.
    private func churn(
        _ store: any RevisionStore, seed: UInt64, count: Int
    ) async throws -> [Revision: [Key: [UInt8]]] {
        var random = SeededGenerator(state: seed)
        var content: [Key: [UInt8]] = [:]
        var past: [Revision: [Key: [UInt8]]] = [store.revision: [:]]
        for number in 0..<count {
            let key = Self.keys.randomElement(using: &random) ?? "things"
            let bytes = Array("\(number)".utf8)
            let action: Change.Action
            if let standing = store.record(key) {
                #expect(standing.bytes == content[key])
                action =
                    Bool.random(using: &random)
                    ? .update(bytes, expecting: standing.revision) : .delete(expecting: standing.revision)
            } else {
                action = .create(bytes)
            }
            let revision = try await store.commit(Change(key, action))
            if case .delete = action { content[key] = nil } else { content[key] = bytes }
            past[revision] = content
        }
        return past
    }

    private func content(of snapshot: Snapshot, in prefix: Key) -> [Key: [UInt8]] {
        var found: [Key: [UInt8]] = [:]
        var last: Key?
        snapshot.forEach(in: prefix) { record in
            if let last { #expect(last < record.key) }
            last = record.key
            found[record.key] = record.bytes
            return true
        }
        #expect(found.count == snapshot.count(in: prefix))
        return found
    }

    private func withStores(_ body: (any RevisionStore) async throws -> Void) async throws {
        try await body(MemoryStore())
        let folder = try ScratchFolder()
        let store = try SQLiteStore(path: "\(folder.path)/store.db", options: .init(relaxed: ["things/ns1/"]))
        defer { store.close() }
        try await body(store)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func everyKeptRevisionCanBeRead(seed: UInt64) async throws {
        try await withStores { store in
            let past = try await churn(store, seed: seed, count: 400)
            for (revision, expected) in past {
                let snapshot = try store.snapshot(of: "things/", at: revision)
                #expect(content(of: snapshot, in: "things/") == expected.filter { $0.key.hasPrefix("things/") })
            }
            #expect(throws: StoreFailure.self) { try store.snapshot(of: "", at: store.revision + 1) }
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func aWatchFromAnyRevisionLeadsToThePresent(seed: UInt64) async throws {
        try await withStores { store in
            let past = try await churn(store, seed: seed, count: 300)
            for (revision, before) in past where revision % 7 == 0 {
                let watch = try store.watch("things/ns0/", after: revision, limit: 10) {}
                var content = before.filter { $0.key.hasPrefix("things/ns0/") }
                var last = revision
                let batch = watch.take()
                for event in batch.events {
                    #expect(event.revision > last)
                    last = event.revision
                    #expect(event.previous?.bytes == content[event.key])
                    content[event.key] = event.record?.bytes
                }
                #expect(batch.progress == store.revision)
                #expect(content == past[store.revision]?.filter { $0.key.hasPrefix("things/ns0/") })
                watch.cancel()
            }
        }
    }

    @Test func compactionForgetsJustWhatItIsTold() async throws {
        try await withStores { store in
            let past = try await churn(store, seed: 6, count: 100)
            let middle = past.keys.sorted()[50]
            store.compact(to: middle)
            for revision in past.keys {
                let isKept = (try? store.snapshot(of: "", at: revision)) != nil
                #expect(isKept == (revision >= middle))
                let watch = try? store.watch("", after: revision, limit: 1) {}
                #expect((watch != nil) == (revision >= middle))
                watch?.cancel()
            }
        }
    }

    @Test func historyIsBounded() async throws {
        let store = MemoryStore(limits: HistoryLimits(events: 10))
        for number in 0..<50 { _ = try await store.commit(Change(Key("a/\(number)"), .create([1]))) }
        #expect(throws: Never.self) { _ = try store.snapshot(of: "a/", at: store.revision - 10) }
        #expect { _ = try store.snapshot(of: "a/", at: store.revision - 11) } throws: {
            if case StoreFailure.compacted(let oldest) = $0 { oldest == store.revision - 10 } else { false }
        }
    }

    @Test func aSnapshotStaysAsItWas() async throws {
        let store = MemoryStore()
        for number in 0..<2000 { _ = try await store.commit(Change(Key("a/\(number)"), .create([1]))) }
        let snapshot = store.snapshot()
        for number in 0..<2000 {
            let revision = try #require(store.record(Key("a/\(number)"))).revision
            _ = try await store.commit(Change(Key("a/\(number)"), .delete(expecting: revision)))
        }
        #expect(snapshot.count(in: "a/") == 2000)
        #expect(store.snapshot().count(in: "a/") == 0)
        #expect(snapshot.count(in: "a/", after: "a/1") == 1998)
    }

    @Test func compareAndSwap() async throws {
        try await withStores { store in
            let first = try await store.commit(Change("a", .create([1])))
            await #expect(throws: StoreFailure.self) { try await store.commit(Change("a", .create([2]))) }
            await #expect(throws: StoreFailure.self) {
                try await store.commit(Change("a", .update([2], expecting: first + 1)))
            }
            await #expect(throws: StoreFailure.self) { try await store.commit(Change("b", .delete(expecting: first))) }
            let second = try await store.commit(Change("a", .update([2], expecting: first)))
            #expect(store.record("a")?.revision == second && second > first)
        }
    }

    @Test func ofManyWritersOneWins() async throws {
        try await withStores { store in
            let first = try await store.commit(Change("a", .create([0])))
            let winners = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        (try? await store.commit(Change("a", .update([UInt8(number)], expecting: first)))) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
    }

    @Test func recordsExpire() async throws {
        try await withStores { store in
            _ = try await store.commit(Change("events/e", .create([1]), expiry: 100))
            _ = try await store.commit(Change("events/f", .create([1]), expiry: 200))
            store.expire(at: 150)
            try await wait(for: "the expired record to go") { store.record("events/e") == nil }
            #expect(store.record("events/f") != nil)
        }
    }
}
