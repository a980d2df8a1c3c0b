import API
import Document
import Schema

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
