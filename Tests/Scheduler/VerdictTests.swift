import API
import Document
import Testing

@testable import Scheduler

struct VerdictTests {
    static func node(_ name: String, _ more: String = "", cpu: String = "4", pods: Int = 10) throws -> Value {
        try YAML.parse(
            Text(
                """
                metadata: {name: \(name), labels: {kubernetes.io/hostname: \(name), zone: z\(name.last ?? "0")}}
                status: {allocatable: {cpu: "\(cpu)", memory: 8Gi, pods: "\(pods)"}}
                \(more)
                """))
    }

    static func pod(_ name: String, _ spec: String = "", labels: String = "app: web") throws -> PodFacts {
        PodFacts(
            try YAML.parse(
                Text(
                    """
                    metadata: {name: \(name), namespace: default, uid: uid-\(name), labels: {\(labels)}}
                    spec: {\(spec)}
                    """)))
    }

    static func decide(_ pod: PodFacts, _ state: ClusterState) -> String {
        let claims = PodClaims(pod, .none)
        return switch Verdict.of(pod, in: state, claims: claims, namespaceLabels: { _ in [:] }) {
        case .node(let name): name
        case .none(let failure): failure.message
        }
    }

    static let unhelpful = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    static let noVictims = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."

    /// What one node says to a pod, in the words of the recordings.
    @Test(arguments: [
        ("", "containers: [{resources: {requests: {cpu: 3}}}]", "n1"),
        ("", "containers: [{resources: {requests: {cpu: 5}}}]", "1 Insufficient cpu. \(unhelpful)"),
        (
            "", "containers: [{resources: {requests: {cpu: 5, memory: 9Gi}}}]",
            "1 Insufficient cpu, 1 Insufficient memory. \(unhelpful)"
        ),
        ("", "initContainers: [{resources: {requests: {cpu: 5}}}]", "1 Insufficient cpu. \(unhelpful)"),
        (
            "",
            "initContainers: [{restartPolicy: Always, resources: {requests: {cpu: 2}}}], "
                + "containers: [{resources: {requests: {cpu: 2500m}}}]", "1 Insufficient cpu. \(unhelpful)"
        ),
        ("", "overhead: {cpu: 5}", "1 Insufficient cpu. \(unhelpful)"),
        (
            "", "containers: [{resources: {requests: {example.com/gpu: 1}}}]",
            "1 Insufficient example.com/gpu. \(unhelpful)"
        ),
        ("spec: {unschedulable: true}", "", "1 node(s) were unschedulable. \(unhelpful)"),
        ("spec: {unschedulable: true}", "tolerations: [{operator: Exists}]", "n1"),
        (
            "spec: {taints: [{key: k, value: v, effect: NoSchedule}]}", "",
            "1 node(s) had untolerated taint(s). \(unhelpful)"
        ),
        ("spec: {taints: [{key: k, value: v, effect: NoSchedule}]}", "tolerations: [{key: k, value: v}]", "n1"),
        ("spec: {taints: [{key: k, value: v, effect: PreferNoSchedule}]}", "", "n1"),
        ("", "nodeSelector: {disk: ssd}", "1 node(s) didn't match Pod's node affinity/selector. \(unhelpful)"),
        (
            "",
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
                + "[{matchFields: [{key: metadata.name, operator: In, values: [n1]}]}]}}}", "n1"
        ),
        (
            "", "topologySpreadConstraints: [{topologyKey: rack, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]",
            "1 node(s) didn't match pod topology spread constraints (missing required label). \(unhelpful)"
        ),
        (
            "",
            "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
                + "[{topologyKey: zone, labelSelector: {matchLabels: {app: other}}}]}}",
            "1 node(s) didn't match pod affinity rules. \(unhelpful)"
        ),
    ])
    func oneNode(_ node: String, _ spec: String, _ expected: String) throws {
        var state = ClusterState()
        state.put(try Self.node("n1", node))
        let full = expected == "n1" ? expected : "0/1 nodes are available: \(Self.with(expected))"
        #expect(Self.decide(try Self.pod("p", spec), state) == full)
    }

    private static func with(_ text: String) -> String {
        text.replacing(". preemption", with: ". no new claims to deallocate, preemption")
    }

    /// What other pods on the node change.
    @Test(arguments: [
        (
            "containers: [{resources: {requests: {cpu: 3}}}]", "containers: [{resources: {requests: {cpu: 2}}}]",
            "1 Insufficient cpu"
        ),
        (
            "containers: [{ports: [{hostPort: 80}]}]", "containers: [{ports: [{hostPort: 80, hostIP: 10.0.0.1}]}]",
            "1 node(s) didn't have free ports for the requested pod ports"
        ),
        (
            "",
            "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
                + "[{topologyKey: zone, labelSelector: {matchLabels: {app: web}}}]}}",
            "1 node(s) didn't match pod anti-affinity rules"
        ),
        (
            "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
                + "[{topologyKey: zone, labelSelector: {matchLabels: {app: web}}}]}}", "",
            "1 node(s) didn't satisfy existing pods anti-affinity rules"
        ),
    ])
    func company(_ there: String, _ spec: String, _ expected: String) throws {
        var state = ClusterState()
        state.put(try Self.node("n1"))
        state.place(try Self.pod("there", there), on: "n1")
        let full = "0/1 nodes are available: \(expected). no new claims to deallocate, \(Self.noVictims)"
        #expect(Self.decide(try Self.pod("p", spec), state) == full)
    }

    @Test func tooManyPods() throws {
        var state = ClusterState()
        state.put(try Self.node("n1", pods: 1))
        state.place(try Self.pod("there"), on: "n1")
        let message = "0/1 nodes are available: 1 Too many pods. no new claims to deallocate, \(Self.noVictims)"
        #expect(Self.decide(try Self.pod("p"), state) == message)
        state.remove(pod: "uid-there")
        #expect(Self.decide(try Self.pod("p"), state) == "n1")
    }

    @Test func nobodyThere() throws {
        #expect(Self.decide(try Self.pod("p"), ClusterState()) == "no nodes available to schedule pods")
    }

    /// Of several nodes the one with most room, fewest of the kind, or the one preferred.
    @Test(arguments: [
        ("", "n2"),
        ("nodeSelector: {kubernetes.io/hostname: n1}", "n1"),
        (
            "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: "
                + "{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [n1]}]}}]}}", "n1"
        ),
        (
            "affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: "
                + "{topologyKey: zone, labelSelector: {matchLabels: {app: web}}}}]}}", "n1"
        ),
        (
            "topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, "
                + "labelSelector: {matchLabels: {app: web}}}]", "n2"
        ),
    ])
    func bestOfTwo(_ spec: String, _ expected: String) throws {
        var state = ClusterState()
        state.put(try Self.node("n1"))
        state.put(try Self.node("n2"))
        state.place(try Self.pod("there", "containers: [{resources: {requests: {cpu: 1}}}]"), on: "n1")
        #expect(Self.decide(try Self.pod("p", spec), state) == expected)
    }
}
