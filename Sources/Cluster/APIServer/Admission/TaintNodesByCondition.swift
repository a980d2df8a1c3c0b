import API
import Document
import Schema

/// Keeps pods off a new node until it says that it is ready.
struct TaintNodesByCondition: AdmissionPlugin {
    private static let key = "node.kubernetes.io/not-ready"

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "nodes") else { return }
        let taints = review.object["spec", "taints"]?.array ?? []
        let isTainted = taints.contains { $0["key"]?.string == Self.key && $0["effect"]?.string == "NoSchedule" }
        guard !isTainted else { return }
        review.object["spec", "taints"] = .array(taints + [["key": .string(Self.key), "effect": "NoSchedule"]])
    }
}
