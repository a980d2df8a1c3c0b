import API
import Document

/// Why a pod cannot be placed on a node.
struct Refusal: Sendable, Equatable {
    /// The demands that were not met, in upstream's words.
    var reasons: [String]
    /// Which filter refused.
    var filter: FilterKind
    /// Whether the removal of other pods could help.
    var isResolvable: Bool
}

/// The filters by their upstream names, in the order in which they are asked.
enum FilterKind: Sendable, CaseIterable {
    case nodeUnschedulable, nodeName, taintToleration, nodeAffinity, nodePorts, nodeResourcesFit, podTopologySpread
    case interPodAffinity, volumeBinding
}

/// What the filters know of one pod and the cluster at one moment; made once for a pod, asked for each node.
struct Filtering {
    let pod: PodFacts
    private let spread: SpreadFilter
    private let affinity: AffinityFilter
    private let claims: PodClaims

    init(
        _ pod: PodFacts, _ state: ClusterState, _ claims: PodClaims, namespaceLabels: @escaping (String) -> Object
    ) {
        self.pod = pod
        self.claims = claims
        spread = SpreadFilter(pod, state)
        affinity = AffinityFilter(pod, state, namespaceLabels)
    }

    /// The refusal of the first filter that refuses; nil where the pod fits.
    func refusal(of node: NodeState) -> Refusal? {
        unschedulable(node) ?? name(node) ?? taints(node) ?? nodeAffinity(node) ?? ports(node) ?? resources(node)
            ?? spread.refusal(of: node) ?? affinity.refusal(of: node) ?? claims.refusal(of: node)
    }

    private func unschedulable(_ node: NodeState) -> Refusal? {
        let taint = Taint(key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule")
        guard node.isUnschedulable, !pod.tolerations.contains(where: { $0.tolerates(taint) }) else { return nil }
        return Refusal(reasons: ["node(s) were unschedulable"], filter: .nodeUnschedulable, isResolvable: false)
    }

    private func name(_ node: NodeState) -> Refusal? {
        guard !pod.pod.nodeName.isEmpty, pod.pod.nodeName != node.name else { return nil }
        return Refusal(
            reasons: ["node(s) didn't match the requested node name"], filter: .nodeName, isResolvable: false)
    }

    private func taints(_ node: NodeState) -> Refusal? {
        guard !pod.tolerates(node.taints) else { return nil }
        return Refusal(reasons: ["node(s) had untolerated taint(s)"], filter: .taintToleration, isResolvable: false)
    }

    private func nodeAffinity(_ node: NodeState) -> Refusal? {
        guard !pod.asksFor(node.node) else { return nil }
        return Refusal(
            reasons: ["node(s) didn't match Pod's node affinity/selector"], filter: .nodeAffinity, isResolvable: false)
    }

    private func ports(_ node: NodeState) -> Refusal? {
        guard !pod.ports.isEmpty else { return nil }
        let isTaken = node.pods.values.contains { other in
            other.ports.contains { taken in pod.ports.contains { $0.collides(with: taken) } }
        }
        guard isTaken else { return nil }
        return Refusal(
            reasons: ["node(s) didn't have free ports for the requested pod ports"], filter: .nodePorts,
            isResolvable: true)
    }

    private func resources(_ node: NodeState) -> Refusal? {
        var reasons: [String] = []
        var isResolvable = true
        if Int64(node.pods.count) + 1 > node.allocatable["pods"] { reasons.append("Too many pods") }
        let requests = pod.requests.values.filter { $0.value > 0 }.sorted { Self.order($0.key) < Self.order($1.key) }
        for (name, amount) in requests where amount > node.allocatable[name] - node.requested[name] {
            reasons.append("Insufficient \(name)")
            // More than the whole node has: nobody's leaving would help.
            if amount > node.allocatable[name] { isResolvable = false }
        }
        guard !reasons.isEmpty else { return nil }
        return Refusal(reasons: reasons, filter: .nodeResourcesFit, isResolvable: isResolvable)
    }

    private static func order(_ name: Text) -> (Int, Text) { (name == "cpu" ? 0 : name == "memory" ? 1 : 2, name) }
}

extension PodFacts {
    /// Whether none of these taints keeps the pod off.
    func tolerates(_ taints: [Taint]) -> Bool {
        taints.allSatisfy { taint in
            taint.effect == "PreferNoSchedule" || tolerations.contains { $0.tolerates(taint) }
        }
    }
}
