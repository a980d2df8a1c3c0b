import API
import Document
import Schema

/// Gives ingresses without a class the default one.
struct DefaultIngressClass: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "ingresses.networking.k8s.io"),
            review.object["spec", "ingressClassName"] == nil,
            review.object.annotation("kubernetes.io/ingress.class") == nil,
            let name = api.objects("networking.k8s.io", "v1", "ingressclasses")
                .newestName(marked: "ingressclass.kubernetes.io/is-default-class")
        else { return }
        review.object["spec", "ingressClassName"] = .string(name)
    }
}
