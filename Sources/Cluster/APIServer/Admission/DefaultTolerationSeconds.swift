import API
import Document
import Schema

/// Lets pods stay five minutes on a node that stopped answering.
struct DefaultTolerationSeconds: AdmissionPlugin {
    private static let seconds = 300
    private static let taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        let isPod = review.resource.resource.qualifiedName == "pods" && review.subresource.isEmpty
        guard isPod, review.operation != .delete else { return }
        var tolerations = review.object["spec", "tolerations"]?.array ?? []
        for taint in Self.taints where !tolerations.contains(where: { tolerates($0, taint) }) {
            tolerations.append([
                "key": .string(taint), "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": .int(Self.seconds),
            ])
        }
        if !tolerations.isEmpty { review.object["spec", "tolerations"] = .array(tolerations) }
    }

    private func tolerates(_ toleration: Value, _ taint: String) -> Bool {
        let key = toleration["key"]?.string ?? ""
        let effect = toleration["effect"]?.string ?? ""
        return (key == taint || key.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
    }
}
