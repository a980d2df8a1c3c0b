import API
import Document

/// What was decided about one pod.
enum Verdict {
    case node(String)
    case none(Failure)

    /// Why no node will do, as `FailedScheduling` tells it.
    struct Failure: Equatable {
        var message: String
        var refusers: Set<FilterKind>
    }

    /// Decides by filters and scores.
    static func of(
        _ pod: PodFacts, in state: ClusterState, claims: PodClaims, namespaceLabels: @escaping (String) -> Object
    ) -> Verdict {
        let nodes = state.sorted
        guard !nodes.isEmpty else {
            return .none(
                Failure(message: "no nodes available to schedule pods", refusers: Set(FilterKind.allCases)))
        }
        if let claimFailure = claims.failure {
            let message = "0/\(nodes.count) nodes are available: \(claimFailure). not found"
            return .none(Failure(message: message, refusers: [.volumeBinding]))
        }
        let filtering = Filtering(pod, state, claims, namespaceLabels: namespaceLabels)
        let outcomes = nodes.map { ($0, filtering.refusal(of: $0)) }
        let fitting = outcomes.filter { $0.1 == nil }.map(\.0)
        if let best = Scoring(pod, state, namespaceLabels: namespaceLabels).best(of: fitting) {
            return .node(best.name)
        }
        return .none(failure(outcomes.compactMap(\.1)))
    }

    /// `FitError.Error()`, with what preemption has to say; nothing is evicted for another pod here.
    private static func failure(_ refusals: [Refusal]) -> Failure {
        let preemption = counted(
            refusals.map {
                $0.isResolvable
                    ? "No preemption victims found for incoming pod" : "Preemption is not helpful for scheduling"
            }, of: refusals.count)
        let message =
            "\(counted(refusals.flatMap(\.reasons), of: refusals.count)) no new claims to deallocate, "
            + "preemption: \(preemption)"
        return Failure(message: message, refusers: Set(refusals.map(\.filter)))
    }

    private static func counted(_ reasons: [String], of nodes: Int) -> String {
        let counts = Dictionary(reasons.map { ($0, 1) }, uniquingKeysWith: +)
        let texts = counts.map { "\($0.value) \($0.key)" }.sorted()
        return "0/\(nodes) nodes are available: \(texts.joined(separator: ", "))."
    }
}
