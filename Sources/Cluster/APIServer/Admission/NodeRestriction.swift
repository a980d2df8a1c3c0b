import API
import Document
import Schema

/// Lets a node write its own objects and those of the pods that run on it, and nothing else (Kubernetes documentation,
/// "Using Admission Controllers", NodeRestriction).
struct NodeRestriction: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.operation != .delete, !review.identity.isPrivileged else { return }
        try check(review, api)
    }

    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.operation == .delete, !review.identity.isPrivileged else { return }
        try check(review, api)
    }

    private func check(_ review: AdmissionReview, _ api: KubeAPI) throws(Status) {
        guard let node = review.identity.nodeName else { return }
        switch review.resource.resource.qualifiedName {
        case "nodes": try checkNode(review, node)
        case "pods": try checkPod(review, node)
        case "leases.coordination.k8s.io":
            guard review.namespace == "kube-node-lease", review.name == node else {
                throw review.forbidden("can only access node lease with the same name as the requesting node")
            }
        case "csinodes.storage.k8s.io":
            guard review.name == node else {
                throw review.forbidden("can only access CSINode with the same name as the requesting node")
            }
        default: return
        }
    }

    private func checkNode(_ review: AdmissionReview, _ node: String) throws(Status) {
        guard review.name == node else {
            throw review.forbidden("node \"\(node)\" is not allowed to modify node \"\(review.name)\"")
        }
        if review.operation == .delete { return }
        if review.operation == .create, review.object["spec", "configSource"] != nil {
            throw review.forbidden("node \"\(node)\" is not allowed to create pods with a non-nil configSource")
        }
        if let old = review.old, old["spec", "taints"] != review.object["spec", "taints"] {
            throw review.forbidden("node \"\(node)\" is not allowed to modify taints")
        }
        if let old = review.old, old["metadata", "ownerReferences"] != review.object["metadata", "ownerReferences"] {
            throw review.forbidden("node \"\(node)\" is not allowed to modify ownerReferences")
        }
        let changed = changedLabels(review).filter(Self.isReserved)
        guard changed.isEmpty else {
            throw review.forbidden(
                "node \"\(node)\" is not allowed to \(review.operation == .create ? "set" : "modify") the following "
                    + "labels: \(changed.sorted().joined(separator: ", "))")
        }
    }

    private func changedLabels(_ review: AdmissionReview) -> [String] {
        let (new, old) = (review.object.labels, review.old?.labels ?? [:])
        let keys = Set(new.map(\.key)).union(old.map(\.key))
        return keys.filter { new[$0] != old[$0] }.map(\.string)
    }

    /// Labels by which nodes are isolated, and those of Kubernetes that a kubelet does not set itself.
    private static func isReserved(_ label: String) -> Bool {
        let domain = label.contains("/") ? String(label.prefix { $0 != "/" }) : ""
        if domain == "node-restriction.kubernetes.io" || domain.hasSuffix(".node-restriction.kubernetes.io") {
            return true
        }
        let isOurs = ["kubernetes.io", "k8s.io"].contains { domain == $0 || domain.hasSuffix(".\($0)") }
        guard isOurs, !kubeletLabels.contains(label) else { return false }
        return !["kubelet.kubernetes.io", "node.kubernetes.io"].contains { domain == $0 || domain.hasSuffix(".\($0)") }
    }

    private static let kubeletLabels: Set<String> = [
        "kubernetes.io/hostname", "kubernetes.io/arch", "kubernetes.io/os", "beta.kubernetes.io/instance-type",
        "node.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/region", "topology.kubernetes.io/zone",
        "beta.kubernetes.io/arch", "beta.kubernetes.io/os",
    ]

    private func checkPod(_ review: AdmissionReview, _ node: String) throws(Status) {
        let pod = review.old ?? review.object
        let isOwn = pod["spec", "nodeName"]?.string == node
        if review.operation == .create, review.subresource.isEmpty { return try checkMirror(review, node) }
        guard isOwn else {
            throw review.forbidden(
                "node \"\(node)\" can only \(review.operation == .delete ? "delete" : "update status for") pods with "
                    + "spec.nodeName set to itself")
        }
        guard review.operation == .delete || review.subresource == "status" else {
            throw review.forbidden("node \"\(node)\" can only update pod status")
        }
        if review.subresource == "status", review.object.labels != pod.labels {
            throw review.forbidden("node \"\(node)\" cannot update labels through pod status")
        }
    }

    /// A node makes pods only to show those that it runs by itself.
    private func checkMirror(_ review: AdmissionReview, _ node: String) throws(Status) {
        let pod = review.object
        guard pod.annotation("kubernetes.io/config.mirror") != nil else {
            throw review.forbidden(
                "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"\(node)\" can only create mirror "
                    + "pods")
        }
        guard pod["spec", "nodeName"]?.string == node else {
            throw review.forbidden("node \"\(node)\" can only create pods with spec.nodeName set to itself")
        }
        guard (pod["spec", "serviceAccountName"]?.string ?? "").isEmpty else {
            throw review.forbidden("node \"\(node)\" can not create pods that reference a service account")
        }
        guard PodReferences.secrets(pod).isEmpty, PodReferences.configMaps(pod).isEmpty,
            PodReferences.claims(pod).isEmpty
        else { throw review.forbidden("node \"\(node)\" can not create pods that reference secrets or configmaps") }
    }
}
