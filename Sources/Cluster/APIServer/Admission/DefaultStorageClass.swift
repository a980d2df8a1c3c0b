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
