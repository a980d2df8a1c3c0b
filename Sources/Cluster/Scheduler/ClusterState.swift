import API
import Document

/// A node and what is placed on it.
struct NodeState: Sendable {
    var node: Value
    let name: String
    private(set) var allocatable: Amounts
    private(set) var taints: [Taint]
    private(set) var requested = Amounts()
    /// As ``requested``, with a little for pods that ask for nothing; for scores.
    private(set) var weight: (cpu: Int64, memory: Int64) = (0, 0)
    private(set) var pods: [String: PodFacts] = [:]

    init(_ node: Value) {
        self.node = node
        name = node.name
        allocatable = Amounts(node["status", "allocatable"])
        taints = Taint.all(of: node)
    }

    mutating func update(_ node: Value) {
        self.node = node
        allocatable = Amounts(node["status", "allocatable"])
        taints = Taint.all(of: node)
    }

    var isUnschedulable: Bool { node["spec", "unschedulable"]?.bool ?? false }

    mutating func add(_ pod: PodFacts) {
        remove(pod.uid)
        pods[pod.uid] = pod
        requested += pod.requests
        let (cpu, memory) = pod.requests.nonzero
        weight = (weight.cpu + cpu, weight.memory + memory)
    }

    mutating func remove(_ uid: String) {
        guard let pod = pods.removeValue(forKey: uid) else { return }
        requested -= pod.requests
        let (cpu, memory) = pod.requests.nonzero
        weight = (weight.cpu - cpu, weight.memory - memory)
    }
}

/// All nodes with the pods on them, those too that were placed just now and are not yet seen there (assumed pods).
struct ClusterState: Sendable {
    private(set) var nodes: [String: NodeState] = [:]
    private var places: [String: String] = [:]
    /// Pods on nodes that are not known (yet), by node.
    private var homeless: [String: [String: PodFacts]] = [:]
    /// How many placed pods have required anti-affinity; those have to be asked about every new pod.
    private(set) var antiAffine = 0
    /// How many placed pods would rather have, or not have, certain pods near them.
    private(set) var preferring = 0

    /// The nodes that exist, in the order of their names.
    var sorted: [NodeState] { nodes.values.sorted { $0.name < $1.name } }

    mutating func put(_ node: Value) {
        if nodes[node.name] != nil {
            nodes[node.name]?.update(node)
            return
        }
        var state = NodeState(node)
        for pod in (homeless.removeValue(forKey: node.name) ?? [:]).values { state.add(pod) }
        nodes[node.name] = state
    }

    mutating func remove(node name: String) {
        guard let state = nodes.removeValue(forKey: name), !state.pods.isEmpty else { return }
        homeless[name] = state.pods
    }

    mutating func place(_ pod: PodFacts, on node: String) {
        remove(pod: pod.uid)
        places[pod.uid] = node
        count(pod, 1)
        if nodes[node] != nil { nodes[node]?.add(pod) } else { homeless[node, default: [:]][pod.uid] = pod }
    }

    mutating func remove(pod uid: String) {
        guard let node = places.removeValue(forKey: uid) else { return }
        if let pod = nodes[node]?.pods[uid] ?? homeless[node]?[uid] { count(pod, -1) }
        nodes[node]?.remove(uid)
        homeless[node]?[uid] = nil
    }

    func place(of uid: String) -> String? { places[uid] }

    private mutating func count(_ pod: PodFacts, _ step: Int) {
        if !pod.antiAffinity.isEmpty { antiAffine += step }
        if !pod.preferredPods.isEmpty || !pod.affinity.isEmpty { preferring += step }
    }
}
