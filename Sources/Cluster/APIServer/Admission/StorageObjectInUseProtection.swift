import API
import Document
import Schema

/// Keeps volumes and claims until nobody uses them any more.
struct StorageObjectInUseProtection: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        let finalizer: String
        if review.isCreation(of: "persistentvolumeclaims") {
            finalizer = "kubernetes.io/pvc-protection"
        } else if review.isCreation(of: "persistentvolumes") {
            finalizer = "kubernetes.io/pv-protection"
        } else {
            return
        }
        let finalizers = review.object.finalizers
        guard !finalizers.contains(finalizer) else { return }
        review.object["metadata", "finalizers"] = .array((finalizers + [finalizer]).map(Value.string))
    }
}
