import API
import Document

/// Which of the nodes that a pod fits on is best: each score from 0 to 100, weighted as upstream's default profile.
struct Scoring {
    private let pod: PodFacts
    private let state: ClusterState
    private let labels: (String) -> Object

    init(_ pod: PodFacts, _ state: ClusterState, namespaceLabels: @escaping (String) -> Object) {
        self.pod = pod
        self.state = state
        labels = namespaceLabels
    }

    /// The best of the nodes; of equals the one whose name comes first.
    func best(of nodes: [NodeState]) -> NodeState? {
        guard nodes.count > 1 else { return nodes.first }
        let totals = add([
            (3, normalized(nodes.map(intolerable), reversed: true)), (2, normalized(nodes.map(preference))),
            (2, spread(over: nodes)), (2, neighbours(nodes)), (1, nodes.map(leastAllocated)), (1, nodes.map(balance)),
            (1, nodes.map(imageLocality)),
        ])
        return zip(nodes, totals).max { $0.1 < $1.1 || ($0.1 == $1.1 && $0.0.name > $1.0.name) }?.0
    }

    private func add(_ scores: [(weight: Int, values: [Int])]) -> [Int] {
        scores.reduce(into: [Int](repeating: 0, count: scores.first?.values.count ?? 0)) { totals, score in
            for (index, value) in score.values.enumerated() { totals[index] += score.weight * value }
        }
    }

    /// Spreads values over 0 to 100 by the largest.
    private func normalized(_ values: [Int], reversed: Bool = false) -> [Int] {
        let most = values.max() ?? 0
        guard most > 0 else { return values.map { _ in reversed ? 100 : 0 } }
        return values.map { reversed ? 100 - $0 * 100 / most : $0 * 100 / most }
    }

    private func intolerable(_ node: NodeState) -> Int {
        node.taints.count { taint in
            taint.effect == "PreferNoSchedule" && !pod.tolerations.contains { $0.tolerates(taint) }
        }
    }

    private func preference(_ node: NodeState) -> Int {
        pod.preferredNodes.reduce(0) { $0 + ($1.term.matches(node.node) ? $1.weight : 0) }
    }

    private func fractions(_ node: NodeState) -> (cpu: Double, memory: Double) {
        let (cpu, memory) = pod.requests.nonzero
        func part(_ used: Int64, _ all: Int64) -> Double { all > 0 ? min(1, Double(used) / Double(all)) : 1 }
        return (
            part(node.weight.cpu + cpu, node.allocatable["cpu"]),
            part(node.weight.memory + memory, node.allocatable["memory"])
        )
    }

    private func leastAllocated(_ node: NodeState) -> Int {
        let (cpu, memory) = fractions(node)
        return Int((1 - cpu) * 100 + (1 - memory) * 100) / 2
    }

    private func balance(_ node: NodeState) -> Int {
        let (cpu, memory) = fractions(node)
        return Int((1 - abs(cpu - memory) / 2) * 100)
    }

    /// Whether the node has the pod's images already.
    private func imageLocality(_ node: NodeState) -> Int {
        let wanted = Set((pod.pod["spec", "containers"]?.array ?? []).compactMap { $0["image"]?.string })
        let there = (node.node["status", "images"]?.array ?? []).flatMap {
            $0["names"]?.array?.compactMap(\.string) ?? []
        }
        guard !wanted.isEmpty else { return 0 }
        return wanted.intersection(there).count * 100 / wanted.count
    }

    /// Fewer pods of the same kind are better: by the pod's own constraints, else by node and zone for the pods of one
    /// controller.
    private func spread(over nodes: [NodeState]) -> [Int] {
        let soft = pod.spread.filter { !$0.isRequired }
        if pod.spread.isEmpty, let owner = pod.owner {
            return fewest(nodes, by: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]) { $0.owner == owner }
        }
        return soft.reduce(into: nodes.map { _ in 0 }) { totals, constraint in
            let scores = fewest(nodes, by: [constraint.key]) { constraint.counts($0.pod, in: pod.pod.namespace) }
            for (index, score) in scores.enumerated() { totals[index] += score / soft.count }
        }
    }

    private func fewest(_ nodes: [NodeState], by keys: [Text], _ counts: (PodFacts) -> Bool) -> [Int] {
        var totals = nodes.map { _ in 0 }
        for key in keys {
            var perValue: [Text: Int] = [:]
            for node in state.nodes.values {
                guard let value = node.node.labels[key]?.text else { continue }
                perValue[value, default: 0] += node.pods.values.count(where: counts)
            }
            for (index, node) in nodes.enumerated() {
                totals[index] += node.node.labels[key]?.text.flatMap { perValue[$0] } ?? 0
            }
        }
        return normalized(totals, reversed: true)
    }

    /// What the pod prefers to be near, and what the pods that are there prefer to have near.
    private func neighbours(_ nodes: [NodeState]) -> [Int] {
        guard !pod.preferredPods.isEmpty || state.preferring > 0 else { return nodes.map { _ in 0 } }
        var weights: [Text: [Text: Int]] = [:]
        for node in state.nodes.values {
            for other in node.pods.values {
                for (weight, term) in pod.preferredPods where term.matches(other.pod, labels: labels) {
                    note(term, weight, node, &weights)
                }
                for (weight, term) in other.preferredPods where term.matches(pod.pod, labels: labels) {
                    note(term, weight, node, &weights)
                }
                for term in other.affinity where term.matches(pod.pod, labels: labels) { note(term, 1, node, &weights) }
            }
        }
        let totals = nodes.map { node in
            weights.reduce(0) { total, entry in
                guard let value = node.node.labels[entry.key]?.text else { return total }
                return total + (entry.value[value] ?? 0)
            }
        }
        let least = totals.min() ?? 0
        return normalized(totals.map { $0 - least })
    }

    private func note(_ term: PodTerm, _ weight: Int, _ node: NodeState, _ weights: inout [Text: [Text: Int]]) {
        guard let value = node.node.labels[term.topologyKey]?.text else { return }
        weights[term.topologyKey, default: [:]][value, default: 0] += weight
    }
}
