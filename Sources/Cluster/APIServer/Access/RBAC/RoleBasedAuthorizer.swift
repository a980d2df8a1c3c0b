/// Allows what roles allow that are bound to whoever asks (Kubernetes documentation, "Using RBAC Authorization").
struct RoleBasedAuthorizer: Authorizer {
    let book: RoleBook

    func decide(_ attempt: Attempt, by identity: Identity) -> Decision {
        let page = book.page
        var missing: [String] = []
        for binding in page.bindings(of: identity, in: attempt.namespace) {
            guard let subject = binding.subject(of: identity) else { continue }
            guard let rules = page.rules(of: binding) else {
                missing.append(
                    "\(binding.roleKind.lowercased()).rbac.authorization.k8s.io \"\(binding.roleName)\" not found")
                continue
            }
            if rules.contains(where: { $0.allows(attempt) }) {
                return Decision(isAllowed: true, reason: "RBAC: allowed by \(binding.description(for: subject))")
            }
        }
        guard !missing.isEmpty else { return .noOpinion }
        let text = missing.count == 1 ? missing[0] : "[\(missing.joined(separator: ", "))]"
        return Decision(isAllowed: false, reason: "RBAC: \(text)")
    }
}
