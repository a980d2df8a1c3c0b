import API
import APIServer
import Client
import Controllers
import Document
import Store
import TestSupport
import Testing

/// An API server in memory with all controllers on it, and time that stands until a test moves it.
struct Rig: Sendable {
    let clock: VirtualTime
    let api: KubeAPI
    let client: APIClient

    /// Makes a cluster, runs the body in it, and takes it down again.
    ///
    /// - Parameter kubelet: whether pods start and become ready by themselves.
    static func run(kubelet: Bool = false, _ body: @Sendable (Rig) async throws -> Void) async throws {
        let clock = VirtualTime(now: Time(seconds: 1_800_000_000))
        let range = try #require(IPv4Range("10.96.0.0/16"))
        let api = KubeAPI(
            store: MemoryStore(), options: KubeAPI.Options(serviceRange: range, advertised: "127.0.0.1:6443"),
            clock: clock)
        try await Bootstrap(api).run()
        let masters = DirectTransport(api, component: "test", groups: ["system:masters"], manager: "test")
        let rig = Rig(clock: clock, api: api, client: APIClient(masters, fieldManager: "test"))
        let informers = InformerSet(rig.client, clock: clock)
        let suite = ControllerSuite(
            clients: { APIClient(DirectTransport(api, component: $0, manager: "kube-controller-manager")) },
            informers: informers, clock: clock, options: .init(rootCA: "CERTIFICATE"))
        let pods = Informer(rig.client, .pods, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await informers.run() }
            group.addTask { await suite.run() }
            group.addTask { await pods.run() }
            if kubelet { group.addTask { await PretendKubelet(client: rig.client, clock: clock).run(pods) } }
            defer { group.cancelAll() }
            try await wait(for: "the default service account") {
                try await rig.client.find(.serviceAccounts, namespace: "default", name: "default") != nil
            }
            try await body(rig)
        }
    }

    func get(_ resource: GroupVersionResource, _ name: String, in namespace: String = "default") async throws -> Value {
        try await client.get(resource, namespace: namespace, name: name)
    }

    func list(_ resource: GroupVersionResource, in namespace: String = "default") async throws -> [Value] {
        try await client.list(resource, namespace: namespace).items
    }

    @discardableResult
    func apply(_ yaml: Text, _ resource: GroupVersionResource) async throws -> Value {
        var object = try YAML.parse(yaml)
        if object.namespace.isEmpty { object.namespace = "default" }
        return try await client.create(resource, object)
    }

    /// Changes an object by a merge patch.
    func patch(_ resource: GroupVersionResource, _ name: String, _ patch: Value, status: Bool = false) async throws {
        _ = try await client.patch(
            resource, namespace: "default", name: name, .merge(patch), subresource: status ? "status" : nil)
    }

    /// The messages of an object's events in order of their times.
    func events(of name: String) async throws -> [String] {
        try await list(.events).filter { $0["involvedObject", "name"]?.string == name }.sorted { $0.name < $1.name }
            .map { "\($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")" }
    }

    /// Lets time pass in steps until the condition holds. Timers are set as changes arrive, so that one leap of the
    /// clock could come before the timer that it is meant for.
    ///
    /// - Returns: how much time has passed on the cluster's clock.
    @discardableResult
    func pass(
        until what: String, step: Duration = .seconds(1), _ condition: () async throws -> Bool
    ) async throws -> Duration {
        var passed = Duration.zero
        try await wait(for: what) {
            if try await condition() { return true }
            clock.advance(by: step)
            passed += step
            return false
        }
        return passed
    }
}

/// Starts every pod at once, makes it ready, and removes it when it is deleted.
struct PretendKubelet: Sendable {
    let client: APIClient
    let clock: VirtualTime

    func run(_ pods: Informer) async {
        for await change in pods.changes() {
            if case .deleted = change { continue }
            let pod = change.object
            do {
                if pod.isBeingDeleted {
                    try await client.delete(
                        .pods, namespace: pod.namespace, name: pod.name, DeleteOptions(gracePeriodSeconds: 0))
                } else if pod.phase == "Pending" {
                    _ = try await client.patch(
                        .pods, namespace: pod.namespace, name: pod.name, .merge(ready(pod)), subresource: "status")
                }
            } catch { continue }
        }
    }

    private func ready(_ pod: Value) -> Value {
        let condition: Value = [
            "type": "Ready", "status": "True", "lastTransitionTime": .string(clock.now.description),
        ]
        return ["status": ["phase": "Running", "podIP": "10.244.0.9", "conditions": [condition]]]
    }
}
