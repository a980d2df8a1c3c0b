import API
import Document
import Schema

/// Writes into a certificate signing request who makes it: nobody may ask in another's name.
struct SigningRequestAdmission: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "certificatesigningrequests.certificates.k8s.io") else { return }
        review.object["spec", "username"] = .string(review.identity.name)
        review.object["spec", "uid"] = review.identity.uid.isEmpty ? nil : .string(review.identity.uid)
        review.object["spec", "groups"] = .array(review.identity.groups.map(Value.string))
    }
}
