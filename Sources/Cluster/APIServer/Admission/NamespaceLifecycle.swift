import API
import Document
import Schema

/// Keeps the system's namespaces, and refuses objects in namespaces that are missing or going away.
struct NamespaceLifecycle: AdmissionPlugin {
    private static let immortal: Set<String> = ["default", "kube-system", "kube-public"]

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.operation == .create, !review.namespace.isEmpty, !isReview(review) else { return }
        guard let namespace = api.object("", "v1", "namespaces", name: review.namespace) else {
            throw .notFound(
                GroupVersionResource(group: "", version: "v1", resource: "namespaces"), review.namespace)
        }
        guard namespace.isBeingDeleted else { return }
        var status = review.forbidden(
            "unable to create new content in namespace \(review.namespace) because it is being terminated")
        status.details?.causes = [
            Status.Cause(
                reason: "NamespaceTerminating", message: "namespace \(review.namespace) is being terminated",
                field: "metadata.namespace")
        ]
        throw status
    }

    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        if review.operation == .delete, review.resource.resource.qualifiedName == "namespaces",
            Self.immortal.contains(review.name)
        {
            throw review.forbidden("this namespace may not be deleted")
        }
    }

    /// Questions about a namespace may be asked before it exists.
    private func isReview(_ review: AdmissionReview) -> Bool {
        review.resource.resource.qualifiedName == "localsubjectaccessreviews.authorization.k8s.io"
    }
}
