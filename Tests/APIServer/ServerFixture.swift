import API
import Client
import Document
import Store

@testable import APIServer

/// An API server of a test's own, reached without a socket.
struct ServerFixture {
    let api: KubeAPI
    let store: MemoryStore
    let clock: VirtualTime
    let client: APIClient

    init(
        history: HistoryLimits = HistoryLimits(), node: (any NodeConnection)? = nil, store: MemoryStore? = nil,
        keyring: SigningKeyring? = nil, installing: Duration = .zero, inFlight: InFlight = InFlight()
    ) throws {
        self.store = store ?? MemoryStore(limits: history)
        clock = VirtualTime(now: Time(seconds: 1_790_000_000))
        let range = IPv4Range("10.96.0.0/24") ?? .all
        var options = KubeAPI.Options(
            serviceRange: range, nodePorts: 30000...30009, advertised: "127.0.0.1:6443", keyring: keyring,
            installing: installing)
        options.inFlight = inFlight
        api = KubeAPI(store: self.store, options: options, node: node, clock: clock)
        client = APIClient(DirectTransport(api, component: "test", groups: ["system:masters"], manager: "tester"))
    }

    /// A server with the first namespaces.
    static func started(
        history: HistoryLimits = HistoryLimits(), inFlight: InFlight = InFlight()
    ) async throws -> ServerFixture {
        let fixture = try ServerFixture(history: history, inFlight: inFlight)
        try await Bootstrap(fixture.api).run()
        return fixture
    }

    static let configMaps = GroupVersionResource(group: "", version: "v1", resource: "configmaps")
    static let services = GroupVersionResource(group: "", version: "v1", resource: "services")
    static let namespaces = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
    static let definitions = GroupVersionResource(
        group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions")

    static func configMap(_ name: String, labels: Value = [:], data: Value = ["k": "v"]) -> Value {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": "default", "labels": labels], "data": data,
        ]
    }

    /// Sends a request and returns its status code and body.
    func send(
        _ method: APIRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        type: String = "application/json", accept: String = "application/json", body: APIRequest.Body? = nil
    ) async throws -> (code: Int, body: Value, warnings: [String]) {
        let answer = try await client.transport.send(
            APIRequest(method, path, query: query, contentType: type, accept: accept, body: body))
        let tree: Value
        switch answer.body {
        case .value(let value): tree = value
        case .bytes(let bytes): tree = (try? JSON.parse(bytes)) ?? .string(Text(bytes: bytes))
        }
        return (answer.status, tree, answer.warnings)
    }
}
