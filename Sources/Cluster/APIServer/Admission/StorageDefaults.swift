import API
import Document
import Schema

/// Gives claims without a storage class the default one.
struct DefaultStorageClass: AdmissionPlugin {
    private static let mark: Text = "storageclass.kubernetes.io/is-default-class"

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "persistentvolumeclaims"),
            review.object["spec", "storageClassName"] == nil,
            review.object.annotation("volume.beta.kubernetes.io/storage-class") == nil
        else { return }
        // Of several defaults the newest counts.
        let defaults = api.objects("storage.k8s.io", "v1", "storageclasses")
            .filter { $0.annotation(Self.mark) == "true" }
            .sorted { ($1.creationTimestamp?.seconds ?? 0, $0.name) < ($0.creationTimestamp?.seconds ?? 0, $1.name) }
        if let first = defaults.first { review.object["spec", "storageClassName"] = .string(first.name) }
    }
}

/// Keeps volumes and claims until nobody uses them any more.
struct StorageProtection: AdmissionPlugin {
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

/// Gives ingresses without a class the default one.
struct DefaultIngressClass: AdmissionPlugin {
    private static let mark: Text = "ingressclass.kubernetes.io/is-default-class"

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "ingresses.networking.k8s.io"),
            review.object["spec", "ingressClassName"] == nil,
            review.object.annotation("kubernetes.io/ingress.class") == nil
        else { return }
        let defaults = api.objects("networking.k8s.io", "v1", "ingressclasses")
            .filter { $0.annotation(Self.mark) == "true" }
        if let first = defaults.first { review.object["spec", "ingressClassName"] = .string(first.name) }
    }
}
