import API
import Document

extension Defaulting {
    /// Defaults of RBAC, networking and CRDs.
    static let policyDefaults: [String: Rule] = [
        "io.k8s.api.rbac.v1.Subject": { subject in
            guard (subject["apiGroup"]?.text ?? "").isEmpty else { return }
            if subject["kind"] == "User" || subject["kind"] == "Group" {
                subject["apiGroup"] = "rbac.authorization.k8s.io"
            }
        },
        "io.k8s.api.networking.v1.NetworkPolicySpec": { spec in
            guard (spec["policyTypes"]?.array ?? []).isEmpty else { return }
            spec["policyTypes"] = (spec["egress"]?.array ?? []).isEmpty ? ["Ingress"] : ["Ingress", "Egress"]
        },
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec": { spec in
            // Upstream's internal form has no place for a webhook of which nothing is said.
            if let webhook = spec["conversion", "webhook"], !webhook.has("clientConfig"),
                !webhook.has("conversionReviewVersions")
            {
                spec["conversion", "webhook"] = nil
            }
            let kind = spec["names", "kind"]?.string ?? ""
            guard !kind.isEmpty else { return }
            spec["names"]?.fill("singular", .string(kind.lowercased()))
            spec["names"]?.fill("listKind", .string("\(kind)List"))
        },
    ]
}
