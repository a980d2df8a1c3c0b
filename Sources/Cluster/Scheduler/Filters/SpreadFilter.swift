import API
import Document

/// Keeps pods evenly spread where that is required (upstream's PodTopologySpread filter).
struct SpreadFilter {
    private struct Counted {
        let constraint: SpreadConstraint
        /// How many matching pods each value of the label has.
        var counts: [Text: Int] = [:]
        /// Whether the pod counts itself.
        let own: Int

        var least: Int { counts.count < constraint.leastDomains ? 0 : counts.values.min() ?? 0 }
    }

    private var counted: [Counted]

    init(_ pod: PodFacts, _ state: ClusterState) {
        counted = pod.spread.filter(\.isRequired).map { constraint in
            Counted(constraint: constraint, own: constraint.counts(pod.pod, in: pod.pod.namespace) ? 1 : 0)
        }
        guard !counted.isEmpty else { return }
        let keys = counted.map(\.constraint.key)
        for node in state.nodes.values where keys.allSatisfy({ node.node.labels[$0] != nil }) {
            for index in counted.indices {
                let constraint = counted[index].constraint
                if constraint.honorsAffinity, !pod.asksFor(node.node) { continue }
                if constraint.honorsTaints, !pod.tolerates(node.taints) { continue }
                guard let value = node.node.labels[constraint.key]?.text else { continue }
                let count = node.pods.values.count { constraint.counts($0.pod, in: pod.pod.namespace) }
                counted[index].counts[value, default: 0] += count
            }
        }
    }

    func refusal(of node: NodeState) -> Refusal? {
        for entry in counted {
            let text = "node(s) didn't match pod topology spread constraints"
            guard let value = node.node.labels[entry.constraint.key]?.text else {
                return Refusal(
                    reasons: ["\(text) (missing required label)"], filter: .podTopologySpread, isResolvable: false)
            }
            if (entry.counts[value] ?? 0) + entry.own - entry.least > entry.constraint.most {
                return Refusal(reasons: [text], filter: .podTopologySpread, isResolvable: true)
            }
        }
        return nil
    }
}
