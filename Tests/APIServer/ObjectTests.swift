import API
import Client
import Document
import Store
import Testing

@testable import APIServer

/// The life of objects, as a client sees it.
struct ObjectTests {
    @Test func whatIsCreatedIsReadUpdatedAndDeleted() async throws {
        let server = try await ServerFixture.started()
        let created = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        #expect(created.uid.count == 36 && created.kind == "ConfigMap" && !created.resourceVersion.isEmpty)
        let read = try await server.client.get(ServerFixture.configMaps, namespace: "default", name: "a")
        #expect(read == created)
        var changed = read
        changed["data", "k"] = "w"
        let updated = try await server.client.update(ServerFixture.configMaps, changed)
        #expect(updated.resourceVersion != created.resourceVersion && updated.uid == created.uid)
        await #expect(throws: Status.self) { try await server.client.update(ServerFixture.configMaps, changed) }
        try await server.client.delete(ServerFixture.configMaps, namespace: "default", name: "a")
        #expect(try await server.client.find(ServerFixture.configMaps, namespace: "default", name: "a") == nil)
    }

    @Test func anUpdateThatChangesNothingIsNotWritten() async throws {
        let server = try await ServerFixture.started()
        let created = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        let revision = server.store.revision
        server.clock.advance(by: .seconds(5))
        #expect(try await server.client.update(ServerFixture.configMaps, created) == created)
        #expect(server.store.revision == revision)
    }

    @Test func keptBytesHaveNeitherHeadNorRevision() async throws {
        let server = try await ServerFixture.started()
        let created = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        let record = try #require(server.store.record("configmaps/default/a"))
        let kept = try JSON.parse(record.bytes)
        #expect(kept.kind.isEmpty && kept.apiVersion.isEmpty && kept.resourceVersion.isEmpty)
        var sent: [UInt8] = []
        let resource = try #require(server.api.served[ServerFixture.configMaps])
        try resource.append(record, isItem: false, to: &sent)
        #expect(try JSON.parse(sent) == created)
    }

    @Test func namesAreGeneratedAndDryRunsLeaveNothing() async throws {
        let server = try await ServerFixture.started()
        var object = ServerFixture.configMap("")
        object["metadata", "name"] = nil
        object["metadata", "generateName"] = "web-"
        let made = try await server.client.create(ServerFixture.configMaps, object)
        #expect(made.name.hasPrefix("web-") && made.name.count == 9)
        let revision = server.store.revision
        let path = ServerFixture.configMaps.path(namespace: "default")
        let dry = try await server.send(.post, path, query: [("dryRun", "All")], body: .value(object))
        #expect(dry.code == 201 && dry.body.resourceVersion.isEmpty && server.store.revision == revision)
    }

    @Test func namespacesCarryTheirNameWhateverIsSaid() async throws {
        let server = try await ServerFixture.started()
        let spaces = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
        // What belongs to the cluster may name any namespace, which is dropped.
        let lie: Value = [
            "metadata": ["name": "n", "namespace": "x", "labels": ["kubernetes.io/metadata.name": "evil"]]
        ]
        let made = try await server.client.create(spaces, lie)
        #expect(made.label("kubernetes.io/metadata.name") == "n" && made.namespace.isEmpty)
        let patched = try await server.client.patch(spaces, name: "n", .merge(lie))
        #expect(patched.label("kubernetes.io/metadata.name") == "n")
    }

    @Test(arguments: [#"[{"op":"remove","path":"/metadata/name"}]"#, #"[{"op":"replace","path":"","value":{}}]"#])
    func aPatchMayNotTakeTheName(patch: String) async throws {
        let server = try await ServerFixture.started()
        _ = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        let answer = try await server.send(
            .patch, ServerFixture.configMaps.path(namespace: "default", name: "a"), type: "application/json-patch+json",
            body: .bytes(Array(patch.utf8)))
        #expect(answer.code == 400, "\(answer.body)")
        let words = "the name of the object (a based on URL) was undeterminable: name must be provided"
        #expect(answer.body["message"]?.string == words)
    }

    @Test func aBindingIsTakenUnderItsOwnCollection() async throws {
        let server = try await ServerFixture.started()
        let (accounts, pods) = (
            GroupVersionResource(group: "", version: "v1", resource: "serviceaccounts"),
            GroupVersionResource(group: "", version: "v1", resource: "pods")
        )
        _ = try? await server.client.create(accounts, ["metadata": ["name": "default", "namespace": "default"]])
        let pod: Value = [
            "metadata": ["name": "p", "namespace": "default"], "spec": ["containers": [["name": "c", "image": "i"]]],
        ]
        _ = try await server.client.create(pods, pod)
        let binding: Value = ["metadata": ["name": "p"], "target": ["kind": "Node", "name": "n"]]
        let path = "/api/v1/namespaces/default/bindings"
        #expect(try await server.send(.post, path, body: .value(binding)).code == 201)
        #expect(try await server.client.get(pods, namespace: "default", name: "p")["spec", "nodeName"] == "n")
        #expect(try await server.send(.post, path, body: .value(["target": ["name": "n"]])).code == 400)
    }

    @Test func finalizersHoldAnObjectUntilTheLastIsGone() async throws {
        let server = try await ServerFixture.started()
        var object = ServerFixture.configMap("a")
        object["metadata", "finalizers"] = ["example.com/f"]
        _ = try await server.client.create(ServerFixture.configMaps, object)
        let marked = try await server.client.delete(ServerFixture.configMaps, namespace: "default", name: "a")
        #expect(marked.isBeingDeleted)
        let again = try await server.client.delete(ServerFixture.configMaps, namespace: "default", name: "a")
        #expect(again.resourceVersion == marked.resourceVersion)
        _ = try await server.client.patch(
            ServerFixture.configMaps, namespace: "default", name: "a", .merge(["metadata": ["finalizers": .null]]))
        #expect(try await server.client.find(ServerFixture.configMaps, namespace: "default", name: "a") == nil)
    }

    @Test func preconditionsAreHeld() async throws {
        let server = try await ServerFixture.started()
        let created = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a"))
        await #expect(throws: Status.self) {
            try await server.client.delete(
                ServerFixture.configMaps, namespace: "default", name: "a", DeleteOptions(uid: "other"))
        }
        try await server.client.delete(
            ServerFixture.configMaps, namespace: "default", name: "a", DeleteOptions(uid: created.uid))
    }

    @Test func ofManyPatchesNoneIsLost() async throws {
        let server = try await ServerFixture.started()
        _ = try await server.client.create(ServerFixture.configMaps, ServerFixture.configMap("a", data: [:]))
        let client = server.client
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let patch: Value = ["data": .object([Text("k\(number)"): "v"])]
                    _ = try await client.patch(
                        ServerFixture.configMaps, namespace: "default", name: "a", .merge(patch))
                }
            }
            try await group.waitForAll()
        }
        let object = try await client.get(ServerFixture.configMaps, namespace: "default", name: "a")
        #expect(object["data"]?.object?.count == 4)
    }

    @Test func aNamespaceThatIsMissingOrGoingTakesNothing() async throws {
        let server = try await ServerFixture.started()
        var object = ServerFixture.configMap("a")
        object.namespace = "nope"
        await #expect(throws: Status.notFound(ServerFixture.namespaces, "nope")) {
            try await server.client.create(ServerFixture.configMaps, object)
        }
        await #expect(throws: Status.self) {
            try await server.client.delete(ServerFixture.namespaces, name: "kube-system")
        }
    }

    @Test(arguments: [
        ("{\"metadata\": {", 400), ("hello", 400), ("", 400), ("[]", 400), ("{\"kind\":\"Secret\"}", 400),
        (String(repeating: "[", count: 100_000), 400), ("{\"metadata\":{\"name\":\"Bad_Name\"}}", 422),
    ])
    func badBodiesAreRefused(text: String, code: Int) async throws {
        let server = try await ServerFixture.started()
        let path = ServerFixture.configMaps.path(namespace: "default")
        let answer = try await server.send(.post, path, body: .bytes(Array(text.utf8)))
        #expect(answer.code == code, "\(answer.body)")
        #expect(Status(answer.body)?.code == code)
    }

    @Test func onlyMastersAndComponentsMayDoAnything() async throws {
        let server = try await ServerFixture.started()
        let incoming = Incoming(
            method: "GET", path: "/api/v1/namespaces/default/secrets/s", query: Query(),
            identity: .user("alice", groups: ["dev"]))
        guard case .now(let answer, _) = server.api.handle(incoming) else { Issue.record("it waits"); return }
        #expect(answer.status == 403)
        let tree = try Renderer(form: .json, now: server.clock.now).tree(answer.body)
        #expect(
            tree["message"]?.string == "secrets \"s\" is forbidden: User \"alice\" cannot get resource \"secrets\" in "
                + "API group \"\" in the namespace \"default\"")
    }

    @Test func servicesGetAddressesAndPortsOfTheirOwn() async throws {
        let server = try await ServerFixture.started()
        func service(_ name: String, _ spec: Value) -> Value {
            ["metadata": ["name": .string(name), "namespace": "default"], "spec": spec]
        }
        let ports: Value = [["port": 80]]
        let first = try await server.client.create(
            ServerFixture.services, service("a", ["ports": ports, "type": "NodePort"]))
        let address = try #require(first["spec", "clusterIP"]?.string)
        let port = try #require(first["spec", "ports"]?.array?.first?["nodePort"]?.int)
        #expect(address.hasPrefix("10.96.0.") && (30000...30009).contains(port))
        await #expect(throws: Status.self) {
            try await server.client.create(
                ServerFixture.services, service("b", ["ports": ports, "clusterIP": .string(address)]))
        }
        try await server.client.delete(ServerFixture.services, namespace: "default", name: "a")
        let second = try await server.client.create(
            ServerFixture.services, service("b", ["ports": ports, "clusterIP": .string(address)]))
        #expect(second["spec", "clusterIP"]?.string == address)
    }

    @Test func theAddressOfDNSIsGivenToWhoNamesItAlone() async throws {
        let fixture = try await ServerFixture.started()
        func service(_ name: String, _ spec: Value) -> Value {
            ["apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)], "spec": spec]
        }
        let ports: Value = [["port": 53]]
        // More than the range of 254 has: all are given but that of DNS.
        for index in 0..<253 {
            let made = try await fixture.send(
                .post, "/api/v1/namespaces/default/services",
                body: .value(service("s-\(index)", ["ports": ports])))
            if made.code != 201 { break }
            #expect(made.body["spec", "clusterIP"] != "10.96.0.10")
        }
        let dns = try await fixture.send(
            .post, "/api/v1/namespaces/kube-system/services",
            body: .value(service("kube-dns", ["clusterIP": "10.96.0.10", "ports": ports])))
        #expect(dns.code == 201)
    }

    @Test func theServiceOfTheAPIFollowsItsPort() async throws {
        let fixture = try await ServerFixture.started()
        for port in [6443, 7443] {
            try await Bootstrap(fixture.api).publish(address: "192.0.2.1", port: port)
            let found = try await fixture.send(.get, "/api/v1/namespaces/default/services/kubernetes")
            #expect(found.body["spec", "ports"]?.array?.first?["targetPort"] == .int(port))
            #expect(found.body["spec", "clusterIP"] == "10.96.0.1")
        }
    }

    @Test func definitionsAreServedAtOnce() async throws {
        let server = try await ServerFixture.started()
        let definition: Value = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced",
                "names": ["plural": "widgets", "singular": "widget", "kind": "Widget"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "schema": [
                            "openAPIV3Schema": [
                                "type": "object",
                                "properties": [
                                    "spec": ["type": "object", "properties": ["size": ["type": "integer"]]]
                                ],
                            ]
                        ],
                    ]
                ],
            ],
        ]
        _ = try await server.client.create(ServerFixture.definitions, definition)
        let widgets = GroupVersionResource(group: "example.com", version: "v1", resource: "widgets")
        let made = try await server.client.create(
            widgets,
            [
                "apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w", "namespace": "default"],
                "spec": ["size": 1, "unknown": 2],
            ])
        #expect(made["spec"] == ["size": 1])
        #expect(try await server.send(.get, "/apis/example.com/v1").code == 200)
        // A server that starts over the same store serves it as well.
        let second = KubeAPI(store: server.store, options: server.api.options, clock: server.clock)
        #expect(second.served[widgets] != nil)
        try await server.client.delete(ServerFixture.definitions, name: "widgets.example.com")
        #expect(try await server.send(.get, "/apis/example.com/v1").code == 404)
        #expect(server.store.snapshot().count(in: "widgets.example.com/") == 0)
    }
}
