import Synchronization
import Testing
import TestSupport

@testable import Store

/// The event bus.
struct WatchTests {
    @Test func aSlowWatcherIsClosedAndHoldsUpNobody() async throws {
        let store = MemoryStore()
        let slow = try store.watch("a/", after: store.revision, limit: 5) {}
        let quick = try store.watch("a/", after: store.revision, limit: 1000) {}
        for number in 0..<20 { _ = try await store.commit(Change(Key("a/\(number)"), .create([1]))) }
        #expect(slow.take().end == .overflow)
        #expect(slow.take().events.isEmpty)
        #expect(quick.take().events.count == 20)
        #expect(quick.take().end == nil)
    }

    @Test func aWatcherIsWokenOnceUntilItTakes() async throws {
        let store = MemoryStore()
        let rings = Mutex(0)
        let watch = try store.watch("a/", after: store.revision, limit: 100) { rings.withLock { $0 += 1 } }
        #expect(watch.take().events.isEmpty)
        for number in 0..<3 { _ = try await store.commit(Change(Key("a/\(number)"), .create([1]))) }
        #expect(rings.withLock { $0 } == 1)
        #expect(watch.take().events.count == 3)
        _ = try await store.commit(Change("a/x", .create([1])))
        #expect(rings.withLock { $0 } == 1, "it has not been told yet that nothing is there")
        #expect(watch.take().events.count == 1)
        #expect(watch.take().events.isEmpty)
        _ = try await store.commit(Change("a/y", .create([1])))
        #expect(rings.withLock { $0 } == 2)
    }

    @Test(
        arguments: [
            ("a/", ["a/b/c", "a/d"]), ("a/b/", ["a/b/c"]), ("a/d", ["a/d"]), ("", ["a/b/c", "a/d", "ab/c", "x"]),
            ("q/", []),
        ] as [(Key, [Key])])
    func onlyWhatIsBelowThePrefix(prefix: Key, expected: [Key]) async throws {
        let store = MemoryStore()
        let start = store.revision
        let live = try store.watch(prefix, after: start, limit: 100) {}
        for key in ["a/b/c", "a/d", "ab/c", "x"] as [Key] { _ = try await store.commit(Change(key, .create([1]))) }
        #expect(live.take().events.map(\.key) == expected)
        #expect(try store.watch(prefix, after: start, limit: 100) {}.take().events.map(\.key) == expected)
    }

    @Test func closingEndsWatchesAndRefusesChanges() async throws {
        let store = MemoryStore()
        let watch = try store.watch("a/", after: store.revision, limit: 100) {}
        store.close()
        #expect(watch.take().end == .closed)
        await #expect(throws: StoreFailure.self) { try await store.commit(Change("a/b", .create([]))) }
    }
}
