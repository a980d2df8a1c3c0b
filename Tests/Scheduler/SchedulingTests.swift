import API
import APIServer
import Client
import Document
import Scheduler
import Store
import TestSupport
import Testing

/// The scheduler on a real API server in memory.
struct SchedulingTests {
    let clock = VirtualTime(now: Time(seconds: 1_800_000_000))

    @Test func bindsAndTellsWhyNot() async throws {
        try await run { client in
            try await makeNode(client)
            try await make(client, .pods, Self.pod("small", cpu: "1"))
            try await wait(for: "a node") { try await pod(client, "small").nodeName == "n1" }
            #expect(try await pod(client, "small").isTrue("PodScheduled"))

            try await make(client, .pods, Self.pod("large", cpu: "4"))
            try await wait(for: "the reason") {
                try await pod(client, "large").condition("PodScheduled")?.reason == "Unschedulable"
            }
            #expect(
                try await pod(client, "large").condition("PodScheduled")?.message
                    == "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: "
                    + "0/1 nodes are available: 1 No preemption victims found for incoming pod.")
            try await wait(for: "events") {
                try await reasons(client) == ["FailedScheduling", "Scheduled"]
            }

            // Room comes free; the pod that failed a moment ago waits for its pause.
            try await client.delete(
                .pods, namespace: "default", name: "small", DeleteOptions(gracePeriodSeconds: 0))
            try await wait(for: "its node") {
                clock.advance(by: .milliseconds(100))
                return try await pod(client, "large").nodeName == "n1"
            }
        }
    }

    /// Pods that come before any node are placed when one comes.
    @Test func waitsForNodes() async throws {
        try await run { client in
            for index in 0..<20 { try await make(client, .pods, Self.pod("p\(index)", cpu: "10m")) }
            try await wait(for: "the reason") {
                try await pod(client, "p19").condition("PodScheduled")?.message == "no nodes available to schedule pods"
            }
            try await makeNode(client)
            try await wait(for: "all bound") {
                clock.advance(by: .seconds(1))
                return try await client.list(.pods).items.allSatisfy { $0.nodeName == "n1" }
            }
        }
    }

    /// The node is noted on the claim, and the pod is placed once the claim has its volume there.
    @Test func choosesTheNodeOfClaims() async throws {
        try await run { client in
            try await makeNode(client)
            try await makeClaim(client)
            try await wait(for: "the reason") {
                try await pod(client, "p").condition("PodScheduled")?.message.contains(
                    "1 node(s) didn't find available persistent volumes to bind") ?? false
            }
            try await make(client, .persistentVolumes, Self.volume)
            _ = try await client.patch(
                .persistentVolumes, name: "v1", .merge(["status": ["phase": "Available"]]), subresource: "status")
            try await wait(for: "the node's name on the claim") {
                clock.advance(by: .seconds(1))
                let claim = try await client.get(.persistentVolumeClaims, namespace: "default", name: "data")
                return claim.annotation("volume.kubernetes.io/selected-node") == "n1"
            }
            #expect(try await pod(client, "p").nodeName.isEmpty)
            let bound: Value = [
                "metadata": ["annotations": ["pv.kubernetes.io/bind-completed": "yes"]], "spec": ["volumeName": "v1"],
            ]
            _ = try await client.patch(.persistentVolumeClaims, namespace: "default", name: "data", .merge(bound))
            try await wait(for: "its node") {
                clock.advance(by: .seconds(1))
                return try await pod(client, "p").nodeName == "n1"
            }
        }
    }

    /// A claim whose volume is chosen with the node of the first pod, and that pod.
    private func makeClaim(_ client: APIClient) async throws {
        try await make(
            client, .storageClasses,
            """
            {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: local},
             provisioner: kubernetes.io/no-provisioner, volumeBindingMode: WaitForFirstConsumer}
            """)
        try await make(
            client, .persistentVolumeClaims,
            """
            {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: default},
             spec: {storageClassName: local, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
            """)
        try await make(
            client, .pods,
            """
            {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default},
             spec: {containers: [{name: c, image: x}],
                    volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}}
            """)
    }

    static let volume: Text = """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: v1}
        spec:
          storageClassName: local
          accessModes: [ReadWriteOnce]
          capacity: {storage: 2Gi}
          hostPath: {path: /tmp/helmctl-v1}
        """

    static let node: Text = """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        status:
          capacity: {cpu: "4", memory: 8Gi, pods: "110"}
          allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
        """

    static func pod(_ name: String, cpu: String) -> Text {
        Text(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: default}
            spec: {containers: [{name: c, image: x, resources: {requests: {cpu: "\(cpu)"}}}]}
            """)
    }

    /// A node that has become ready: the taint that every new one gets is taken away, as the node controller does.
    private func makeNode(_ client: APIClient) async throws {
        try await make(client, .nodes, Self.node)
        _ = try await client.patch(.nodes, namespace: nil, name: "n1", .merge(["spec": ["taints": .null]]))
    }

    private func make(_ client: APIClient, _ resource: GroupVersionResource, _ text: Text) async throws {
        _ = try await client.create(resource, try YAML.parse(text))
    }

    private func pod(_ client: APIClient, _ name: String) async throws -> Value {
        try await client.get(.pods, namespace: "default", name: name)
    }

    private func reasons(_ client: APIClient) async throws -> [String] {
        try await client.list(.events, namespace: "default").items.compactMap { $0["reason"]?.string }.sorted()
    }

    private func run(_ body: (APIClient) async throws -> Void) async throws {
        let range = try #require(IPv4Range("10.96.0.0/16"))
        let api = KubeAPI(
            store: MemoryStore(), options: KubeAPI.Options(serviceRange: range, advertised: "127.0.0.1:6443"),
            clock: clock)
        try await Bootstrap(api).run()
        let client = APIClient(
            DirectTransport(api, component: "test", groups: ["system:masters"], manager: "test"))
        _ = try await client.create(
            .serviceAccounts,
            ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default", "namespace": "default"]])
        let informers = InformerSet(client, clock: clock)
        let scheduler = Scheduler(client: client, informers: informers, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await informers.run() }
            group.addTask { await scheduler.run() }
            defer { group.cancelAll() }
            try await body(client)
        }
    }
}
