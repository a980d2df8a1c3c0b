import API
import Document
import Schema

/// Gives claims without a storage class the default one.
struct DefaultStorageClass: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "persistentvolumeclaims"),
            review.object["spec", "storageClassName"] == nil,
            review.object.annotation("volume.beta.kubernetes.io/storage-class") == nil,
            let name = api.objects("storage.k8s.io", "v1", "storageclasses")
                .newestName(marked: "storageclass.kubernetes.io/is-default-class")
        else { return }
        review.object["spec", "storageClassName"] = .string(name)
    }
}

extension [Value] {
    /// The name of the newest object with that annotation, which is the class that counts where several are the
    /// default; of two as new, the first by name (Kubernetes, "Storage Classes" and "Ingress": default class).
    func newestName(marked annotation: Text) -> String? {
        func order(_ object: Value) -> (Int64, String) { (-(object.creationTimestamp?.seconds ?? 0), object.name) }
        return filter { $0.annotation(annotation) == "true" }.min { order($0) < order($1) }?.name
    }
}
