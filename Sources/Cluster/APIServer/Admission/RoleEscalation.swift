import API
import Document
import Schema

/// Lets nobody grant rights that he does not have himself, unless he may `escalate` the role or `bind` it (Kubernetes
/// documentation, "Privilege escalation prevention and bootstrapping").
struct RoleEscalation: AdmissionPlugin {
    private static let group = "rbac.authorization.k8s.io"

    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.resource.resource.group == Self.group, review.operation != .delete,
            !review.identity.isPrivileged
        else { return }
        switch review.resource.resource.plural {
        case "roles", "clusterroles": try checkRole(review, api)
        case "rolebindings", "clusterrolebindings": try checkBinding(review, api)
        default: return
        }
    }

    private func may(
        _ verb: String, _ resource: String, _ name: String, _ review: AdmissionReview, _ api: KubeAPI
    ) -> Bool {
        let attempt = Attempt(
            verb: verb, group: Self.group, resource: resource, namespace: review.namespace, name: name)
        return api.authorizer.decide(attempt, by: review.identity).isAllowed
    }

    private func checkRole(_ review: AdmissionReview, _ api: KubeAPI) throws(Status) {
        let hasSame = { (key: Text) in review.object[key] == review.old?[key] }
        if review.old != nil, hasSame("rules"), hasSame("aggregationRule") { return }
        if may("escalate", review.resource.resource.plural, review.name, review, api) { return }
        let owned = api.roles.page.rules(for: review.identity, in: review.namespace)
        try confirm((review.object["rules"]?.array ?? []).map(PolicyRule.init), owned, review)
        if review.object["aggregationRule"] != nil, !PolicyRule.missing(Self.everything, from: owned).isEmpty {
            throw review.forbidden("must have cluster-admin privileges to use the aggregationRule")
        }
    }

    private func checkBinding(_ review: AdmissionReview, _ api: KubeAPI) throws(Status) {
        let hasSame = { (key: Text) in review.object[key] == review.old?[key] }
        if review.old != nil, hasSame("roleRef"), hasSame("subjects") { return }
        let kind = review.object["roleRef", "kind"]?.string ?? ""
        let name = review.object["roleRef", "name"]?.string ?? ""
        let plural = kind == "ClusterRole" ? "clusterroles" : "roles"
        if may("bind", plural, name, review, api) { return }
        let page = api.roles.page
        guard let rules = page.rules(kind: kind, name: name, namespace: review.namespace) else {
            throw .notFound(GroupVersionResource(group: Self.group, version: "v1", resource: plural), name)
        }
        try confirm(rules, page.rules(for: review.identity, in: review.namespace), review)
    }

    private func confirm(_ wanted: [PolicyRule], _ owned: [PolicyRule], _ review: AdmissionReview) throws(Status) {
        let missing = PolicyRule.missing(wanted, from: owned)
        guard !missing.isEmpty else { return }
        let lines = Set(PolicyRule.compacted(missing).map(\.compactText))
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let identity = review.identity
        throw review.forbidden(
            "user \"\(identity.name)\" (groups=\(PolicyRule.quoted(identity.groups))) is attempting to grant RBAC "
                + "permissions not currently held:\n" + lines.joined(separator: "\n"))
    }

    private static let everything: [PolicyRule] = {
        var resources = PolicyRule()
        resources.verbs = ["*"]
        resources.apiGroups = ["*"]
        resources.resources = ["*"]
        var paths = PolicyRule()
        paths.verbs = ["*"]
        paths.nonResourceURLs = ["*"]
        return [resources, paths]
    }()
}
