import API
import Document

/// Keeps pods near to and far from others where that is required (upstream's InterPodAffinity filter).
struct AffinityFilter {
    /// A value of a node label.
    private struct Place: Hashable {
        let key: Text
        let value: Text
    }

    private let pod: PodFacts
    /// For each term of the pod's affinity, where pods are that it wants to be near.
    private var wanted: [Set<Text>]
    private var unwanted: Set<Place> = []
    /// Where pods are that do not want this one near them.
    private var closed: Set<Place> = []
    /// Whether the pod meets its own terms: then the first of its kind may be placed anywhere.
    private let isFirst: Bool

    init(_ pod: PodFacts, _ state: ClusterState, _ labels: (String) -> Object) {
        self.pod = pod
        wanted = pod.affinity.map { _ in [] }
        let isAsking = !pod.affinity.isEmpty || !pod.antiAffinity.isEmpty
        let isFriendly = pod.affinity.allSatisfy { $0.matches(pod.pod, labels: labels) }
        guard isAsking || state.antiAffine > 0 else {
            isFirst = false
            return
        }
        var (wanted, unwanted, closed) = (self.wanted, Set<Place>(), Set<Place>())
        for node in state.nodes.values {
            let nodeLabels = node.node.labels
            func place(_ term: PodTerm) -> Place? {
                nodeLabels[term.topologyKey]?.text.map { Place(key: term.topologyKey, value: $0) }
            }
            for other in node.pods.values {
                // All terms have to be met by one pod.
                if !pod.affinity.isEmpty, pod.affinity.allSatisfy({ $0.matches(other.pod, labels: labels) }) {
                    for (index, term) in pod.affinity.enumerated() {
                        if let value = nodeLabels[term.topologyKey]?.text { wanted[index].insert(value) }
                    }
                }
                for term in pod.antiAffinity where term.matches(other.pod, labels: labels) {
                    if let place = place(term) { unwanted.insert(place) }
                }
                for term in other.antiAffinity where term.matches(pod.pod, labels: labels) {
                    if let place = place(term) { closed.insert(place) }
                }
            }
        }
        (self.wanted, self.unwanted, self.closed) = (wanted, unwanted, closed)
        isFirst = isFriendly && wanted.allSatisfy(\.isEmpty)
    }

    func refusal(of node: NodeState) -> Refusal? {
        let labels = node.node.labels
        for (term, places) in zip(pod.affinity, wanted) {
            guard let value = labels[term.topologyKey]?.text, isFirst || places.contains(value) else {
                return Refusal(
                    reasons: ["node(s) didn't match pod affinity rules"], filter: .interPodAffinity,
                    isResolvable: false)
            }
        }
        if isIn(unwanted, labels) {
            return Refusal(
                reasons: ["node(s) didn't match pod anti-affinity rules"], filter: .interPodAffinity,
                isResolvable: true)
        }
        if isIn(closed, labels) {
            return Refusal(
                reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], filter: .interPodAffinity,
                isResolvable: true)
        }
        return nil
    }

    private func isIn(_ places: Set<Place>, _ labels: Object) -> Bool {
        places.contains { labels[$0.key]?.text == $0.value }
    }
}
