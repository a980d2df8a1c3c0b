import API
import Client
import Document
import Store
import Testing

@testable import APIServer

/// A server whose clock jumps: what it keeps goes by revisions, and only what is about time goes by the clock.
struct ClockTests {
    private static let day = Duration.seconds(86_400)

    @Test(arguments: [Duration.seconds(-86_400), .seconds(-1), .seconds(30 * 86_400)])
    func writesAndWatchesGoOn(jump: Duration) async throws {
        let server = try await ServerFixture.started()
        let first = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        let stream = try await server.client.watch(
            ServerFixture.configMaps, namespace: "default", ListOptions(resourceVersion: first.resourceVersion))
        server.clock.advance(by: jump)
        let second = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("b"))
        var changed = first
        changed["data", "k"] = "w"
        let updated = try await server.client.update(ServerFixture.configMaps, changed)
        let revisions = [first, second, updated].compactMap { Int($0.resourceVersion) }
        #expect(revisions == revisions.sorted() && Set(revisions).count == 3)
        #expect(updated["metadata", "creationTimestamp"] == first["metadata", "creationTimestamp"])
        #expect(second["metadata", "creationTimestamp"]?.string == server.clock.now.wholeSeconds.description)
        var seen: [String] = []
        for try await event in stream {
            seen.append("\(event.kind.rawValue) \(event.object.name)")
            if seen.count == 2 { break }
        }
        #expect(seen == ["ADDED b", "MODIFIED a"])
        try await server.client.delete(ServerFixture.configMaps, namespace: "default", name: "a")
    }

    @Test func onlyEventsGoByTheClock() async throws {
        let server = try await ServerFixture.started()
        let events = GroupVersionResource(group: "", version: "v1", resource: "events")
        _ = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        let event: Value = [
            "apiVersion": "v1", "kind": "Event", "metadata": ["name": "e", "namespace": "default"],
            "involvedObject": ["kind": "ConfigMap", "name": "a", "namespace": "default"], "reason": "Made",
            "message": "m",
        ]
        _ = try await server.client.create(events, event)
        server.clock.advance(by: .zero - ClockTests.day)
        server.store.expire(at: server.clock.now.seconds)
        #expect(try await server.client.find(events, namespace: "default", name: "e") != nil)
        server.clock.advance(by: ClockTests.day + .seconds(3601))
        server.store.expire(at: server.clock.now.seconds)
        #expect(try await server.client.find(events, namespace: "default", name: "e") == nil)
        #expect(try await server.client.find(ServerFixture.configMaps, namespace: "default", name: "a") != nil)
    }
}
