import API
import Client
import Document
import Testing

@testable import APIServer

/// Objects by which the server shows itself: its parts, the addresses that Services hold, what it notes of others'.
struct ShownObjectTests {
    private static let table = "application/json;as=Table;v=v1;g=meta.k8s.io"

    @Test func theControlPlanesPartsAreWell() async throws {
        let server = try await ServerFixture.started()
        let path = "/api/v1/componentstatuses"
        let list = try await server.send(.get, path)
        #expect(list.code == 200 && list.warnings == ["v1 ComponentStatus is deprecated in v1.19+"])
        #expect(list.body.kind == "ComponentStatusList" && list.body["metadata"] == [:])
        let names = ["controller-manager", "etcd-0", "scheduler"]
        #expect(list.body["items"]?.array?.map(\.name) == names)
        let table = try await server.send(.get, path, accept: Self.table)
        let rows = table.body["rows"]?.array ?? []
        #expect(rows.map { $0["cells"] } == names.map { [.string($0), "Healthy", "ok", ""] })
        #expect(rows.first?["object", "metadata"] == ["name": "controller-manager"])
        let one = try await server.send(.get, "\(path)/scheduler", accept: Self.table)
        #expect(one.body["metadata"] == [:] && one.body["rows"]?.array?.count == 1)
        #expect(try await server.send(.get, "\(path)/nope").body["message"] == "Component not found: nope")
        let chosen = try await server.send(.get, path, query: [("fieldSelector", "metadata.name=etcd-0")])
        #expect(chosen.body["items"]?.array?.map(\.name) == ["etcd-0"])
    }

    @Test func addressesThatServicesHoldAreObjects() async throws {
        let server = try await ServerFixture.started()
        func shown() -> [String: String] {
            let all = server.api.objects("networking.k8s.io", "v1", "ipaddresses")
            return Dictionary(
                uniqueKeysWithValues: all.map { ($0.name, $0["spec", "parentRef", "name"]?.string ?? "") })
        }
        func service(_ name: String, _ address: String) -> Value {
            [
                "metadata": ["name": .string(name), "namespace": "default"],
                "spec": ["ports": [["port": 80]], "clusterIP": .string(address)],
            ]
        }
        var first = try await server.client.create(ServerFixture.services, service("a", "10.96.0.7"))
        _ = try await server.client.create(ServerFixture.services, service("headless", "None"))
        #expect(shown() == ["10.96.0.7": "a"])
        // The one that a name stands for holds none.
        first["spec"] = ["type": "ExternalName", "externalName": "example.com"]
        _ = try await server.client.update(ServerFixture.services, first)
        #expect(shown() == [:])
        _ = try await server.client.create(ServerFixture.services, service("b", "10.96.0.7"))
        server.api.alignAddresses()
        #expect(shown() == ["10.96.0.7": "b"])
        let label = server.api.objects("networking.k8s.io", "v1", "ipaddresses").first?.labels
        #expect(label?["ipaddress.kubernetes.io/managed-by"] == "ipallocator.k8s.io")
        try await server.client.delete(ServerFixture.services, namespace: "default", name: "b")
        #expect(shown() == [:])
    }

    @Test func schemasSayWhetherTheirLevelIsThere() async throws {
        let server = try await ServerFixture.started()
        let group = "/apis/flowcontrol.apiserver.k8s.io/v1"
        func reason() async throws -> String? {
            try await server.send(.get, "\(group)/flowschemas/s").body.condition("Dangling")?.reason
        }
        let schema: Value = [
            "metadata": ["name": "s"], "spec": ["priorityLevelConfiguration": ["name": "mine"]],
        ]
        let made = try await server.send(.post, "\(group)/flowschemas", body: .value(schema))
        #expect(made.code == 201 && made.body["status"] == [:])
        #expect(try await reason() == "NotFound")
        let level: Value = [
            "metadata": ["name": "mine"],
            "spec": ["type": "Limited", "limited": ["limitResponse": ["type": "Reject"]]],
        ]
        #expect(try await server.send(.post, "\(group)/prioritylevelconfigurations", body: .value(level)).code == 201)
        #expect(try await reason() == "Found")
        let owners = try await server.send(.get, "\(group)/flowschemas/s").body["metadata", "managedFields"]?.array
        #expect(
            owners?.compactMap { $0["manager"]?.string }
                == ["api-priority-and-fairness-config-consumer-v1", "tester"])
    }

    @Test func checksComeInUpstreamsOrder() async throws {
        let server = try await ServerFixture.started()
        let answer = try await server.send(.get, "/livez", query: [("verbose", "")])
        #expect(
            answer.body.string?.hasPrefix(
                "[+]ping ok\n[+]log ok\n[+]loopback-serving-certificate ok\n[+]etcd ok\n[+]poststarthook/") == true)
    }
}
