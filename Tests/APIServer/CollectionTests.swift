import API
import Client
import Document
import Schema
import Store
import TestSupport
import Testing

@testable import APIServer

/// Lists and watches.
struct CollectionTests {
    private func fill(_ server: ServerFixture, _ count: Int, named base: String = "c") async throws {
        for number in 0..<count {
            let labels: Value = ["parity": number.isMultiple(of: 2) ? "even" : "odd"]
            _ = try await server.client.create(
                ServerFixture.configMaps, ServerFixture.configMap("\(base)\(number)", labels: labels))
        }
    }

    @Test func allPagesShowOneMoment() async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 9)
        var options = ListOptions(limit: 4)
        var names: [String] = []
        var versions: Set<String> = []
        repeat {
            let page = try await server.client.list(ServerFixture.configMaps, namespace: "default", options)
            names += page.items.map(\.name)
            versions.insert(page.resourceVersion)
            options.continue = page.continue
            // What comes between two pages is on neither.
            _ = try await server.client.create(
                ServerFixture.configMaps, ServerFixture.configMap("z\(names.count)"))
        } while !options.continue.isEmpty
        #expect(names == (0..<9).map { "c\($0)" })
        #expect(versions.count == 1)
    }

    @Test func whoTakesAnyStateGetsAllOfIt() async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 3)
        let path = ServerFixture.configMaps.path(namespace: "default")
        for (revision, count) in [("0", 3), ("", 1)] {
            let page = try await server.send(.get, path, query: [("limit", "1"), ("resourceVersion", revision)])
            #expect(page.body["items"]?.array?.count == count)
            #expect((page.body["metadata", "continue"] == nil) == (count == 3))
        }
    }

    @Test func selectorsChoose() async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 5)
        for (options, expected) in [
            (ListOptions(labelSelector: "parity=even"), ["c0", "c2", "c4"]),
            (ListOptions(labelSelector: "parity notin (even)"), ["c1", "c3"]),
            (ListOptions(fieldSelector: "metadata.name=c3"), ["c3"]),
        ] {
            let list = try await server.client.list(ServerFixture.configMaps, namespace: "default", options)
            #expect(list.items.map(\.name) == expected)
        }
        let bad = try await server.send(
            .get, "/api/v1/namespaces/default/configmaps", query: [("fieldSelector", "data.k=v")])
        #expect(bad.code == 400)
    }

    @Test func exactRevisionsAndThoseThatAreGone() async throws {
        let server = try await ServerFixture.started(history: HistoryLimits(events: 5))
        try await fill(server, 3)
        let middle = server.store.revision
        try await fill(server, 2, named: "late")
        let path = "/api/v1/namespaces/default/configmaps"
        func list(_ revision: Int64) async throws -> (code: Int, body: Value, warnings: [String]) {
            try await server.send(
                .get, path, query: [("resourceVersion", "\(revision)"), ("resourceVersionMatch", "Exact")])
        }
        let then = try await list(middle)
        #expect(then.body["items"]?.array?.count == 3 && then.body.resourceVersion == "\(middle)")
        #expect(try await list(1).code == 410)
        #expect(try await list(server.store.revision + 1000).code == 504)
    }

    @Test func aWatchBeginsWithWhatStandsAndGoesOn() async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 2)
        var events = try await server.client.watch(
            ServerFixture.configMaps, namespace: "default", ListOptions()
        ).makeAsyncIterator()
        #expect(try await events.next()?.object.name == "c0")
        #expect(try await events.next()?.object.name == "c1")
        _ = try await server.client.patch(
            ServerFixture.configMaps, namespace: "default", name: "c0", .merge(["data": ["k": "2"]]))
        try await server.client.delete(ServerFixture.configMaps, namespace: "default", name: "c1")
        let changed = try #require(try await events.next())
        #expect(changed.kind == .modified && changed.object["data", "k"] == "2")
        let gone = try #require(try await events.next())
        #expect(gone.kind == .deleted && gone.object.name == "c1")
        #expect(gone.object.resourceVersion == "\(server.store.revision)")
    }

    @Test func enteringASelectionIsAddedAndLeavingItDeleted() async throws {
        let server = try await ServerFixture.started()
        let start = server.store.revision
        try await fill(server, 2)
        for parity in ["even", "odd"] as [Value] {
            _ = try await server.client.patch(
                ServerFixture.configMaps, namespace: "default", name: "c1",
                .merge(["metadata": ["labels": ["parity": parity]]]))
        }
        var events = try await server.client.watch(
            ServerFixture.configMaps, namespace: "default",
            ListOptions(labelSelector: "parity=even", resourceVersion: "\(start)")
        ).makeAsyncIterator()
        var seen: [String] = []
        for _ in 0..<3 {
            let event = try #require(try await events.next())
            seen.append("\(event.kind.rawValue) \(event.object.name)")
        }
        #expect(seen == ["ADDED c0", "ADDED c1", "DELETED c1"])
    }

    /// Who has been told of changes that the selection leaves out is woken by the next one that it does not.
    @Test(.timeLimit(.minutes(1))) func aWatchGoesOnBehindWhatItLeavesOut() async throws {
        let server = try await ServerFixture.started()
        let stream = try await server.client.watch(
            ServerFixture.configMaps, namespace: "default", ListOptions(labelSelector: "app=web"))
        async let told = Self.names(of: stream, count: 20)
        for round in 0..<20 {
            _ = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("other\(round)"))
            var wanted = ServerFixture.configMap("web\(round)")
            wanted["metadata", "labels"] = ["app": "web"]
            _ = try await server.client.create(ServerFixture.configMaps, wanted)
        }
        #expect(try await told == (0..<20).map { "web\($0)" })
    }

    /// The names of the first objects that a watch tells of.
    private static func names(of stream: AsyncThrowingStream<WatchEvent, any Error>, count: Int) async throws
        -> [String]
    {
        var names: [String] = []
        for try await event in stream {
            names.append(event.object.name)
            if names.count == count { break }
        }
        return names
    }

    @Test func aWatchFromTooFarBackIsExpired() async throws {
        let server = try await ServerFixture.started(history: HistoryLimits(events: 2))
        try await fill(server, 5)
        await #expect {
            _ = try await server.client.watch(
                ServerFixture.configMaps, namespace: "default", ListOptions(resourceVersion: "1"))
        } throws: { ($0 as? Status)?.reason == .expired }
    }

    /// Also where nothing is said of where to begin (apimachinery's SetListOptionsDefaults).
    @Test(
        arguments: [
            [("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan")], [], [("resourceVersion", "0")],
        ])
    func initialEventsEndWithABookmark(query: [(String, String)]) async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 1)
        let stream = try await server.client.transport.watch(
            APIRequest(
                .get, "/api/v1/namespaces/default/configmaps",
                query: [("watch", "1"), ("allowWatchBookmarks", "true")] + query))
        var events = stream.makeAsyncIterator()
        #expect(try await events.next()?.kind == .added)
        let end = try #require(try await events.next())
        #expect(end.kind == .bookmark && end.object.annotation("k8s.io/initial-events-end") == "true")
    }

    @Test func initialEventsOfTheFutureAreRefused() async throws {
        let server = try await ServerFixture.started()
        await #expect {
            _ = try await server.client.transport.watch(
                APIRequest(
                    .get, "/api/v1/namespaces/default/configmaps",
                    query: [
                        ("watch", "1"), ("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan"),
                        ("resourceVersion", "999999"),
                    ]))
        } throws: { ($0 as? Status)?.reason == .timeout }
    }

    @Test func tablesAndBareMetadata() async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 2)
        let path = "/api/v1/namespaces/default/configmaps"
        let table = try await server.send(.get, path, accept: "application/json;as=Table;v=v1;g=meta.k8s.io").body
        #expect(table.kind == "Table" && table["rows"]?.array?.count == 2)
        #expect(table["rows"]?.array?.first?["cells"]?.array?.first == "c0")
        let bare = try await server.send(
            .get, path, accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
        ).body
        #expect(bare.kind == "PartialObjectMetadataList" && bare["items"]?.array?.first?["data"] == nil)
    }

    /// Clients of bare metadata ask for it in protobuf, of custom resources too (client-go's metadata client).
    @Test func bareMetadataHasAMessage() async throws {
        let server = try await ServerFixture.started()
        try await fill(server, 2)
        let resource = try #require(server.api.served[ServerFixture.configMaps])
        let records = ["c0", "c1"].compactMap { server.store.record(Key("configmaps/default/\($0)")) }
        let form = Form(encoding: .protobuf, shape: .metadata(version: "v1", isList: true))
        let page = Page(resource: resource, records: records, revision: 7)
        let list = try Renderer(form: form, now: server.clock.now).bytes(.page(page))
        let envelope = try #require(ProtobufEnvelope(list.bytes))
        #expect(list.type == form.encoding.rawValue && envelope.kind == "PartialObjectMetadataList")
        // ListMeta with an empty selfLink, the revision and an empty token.
        #expect(envelope.message.starts(with: [0x0A, 7, 0x0A, 0, 0x12, 1, 0x37, 0x1A, 0, 0x12]))
        let one = Renderer(
            form: Form(encoding: .protobuf, shape: .metadata(version: "v1", isList: false)), now: server.clock.now)
        let object = try #require(ProtobufEnvelope(try one.bytes(.record(resource, records[0])).bytes))
        #expect(object.kind == "PartialObjectMetadata" && object.apiVersion == "meta.k8s.io/v1")
        // ObjectMeta in field 1, with the name in its own.
        #expect(object.message.first == 0x0A && object.message.contains([0x0A, 2] + Array("c0".utf8)))
    }

    /// What is cut out of kept bytes, or put together piece by piece, is what the trees would have given.
    @Test(arguments: [Form.Shape.whole, .metadata(version: "v1", isList: true)])
    func bytesAndTreesAgree(shape: Form.Shape) async throws {
        let server = try await ServerFixture.started()
        for name in ["a", "b"] {
            var map = ServerFixture.configMap(name)
            map["metadata", "annotations"] = ["x": #"}"\{"#, "y": "\\", "z": ""]
            _ = try await server.client.create(ServerFixture.configMaps, map)
        }
        let resource = try #require(server.api.served[ServerFixture.configMaps])
        for count in 0...2 {
            let records = ["a", "b"].prefix(count).compactMap { server.store.record(Key("configmaps/default/\($0)")) }
            let page = Page(resource: resource, records: records, revision: 7)
            let renderer = Renderer(form: Form(encoding: .json, shape: shape), now: server.clock.now)
            let wanted = try renderer.tree(.page(page))
            #expect(try JSON.parse(try renderer.bytes(.page(page)).bytes) == wanted)
            guard shape == .whole else { continue }
            var pieces = try #require(PageBody(page))
            var bytes: [UInt8] = []
            while let piece = pieces.take() { bytes += piece }
            #expect(try JSON.parse(bytes) == wanted && bytes.count == pieces.count)
        }
    }
}
