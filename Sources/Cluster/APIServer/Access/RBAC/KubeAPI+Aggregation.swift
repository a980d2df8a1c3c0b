import API
import Document
import Schema
import Store

extension KubeAPI {
    /// Gives aggregated roles the rules of the roles that they gather: what upstream's clusterrole-aggregation-controller
    /// does, at once.
    func aggregateRoles() async {
        guard let resource = served["rbac.authorization.k8s.io", "v1", "clusterroles"] else { return }
        // Whoever was quicker has changed what there is to gather.
        for _ in 0..<5 {
            let changes = aggregations(resource)
            if changes.isEmpty { return }
            do { return try await store.commit(changes) } catch {}
        }
    }

    /// The writes that bring aggregated roles up to date.
    private func aggregations(_ resource: ServedResource) -> [Change] {
        var records: [String: Record] = [:]
        var roles: [(name: String, role: Value)] = []
        store.snapshot().forEach(in: resource.folder(namespace: "")) { record in
            if let role = try? resource.tree(record) {
                roles.append((role.name, role))
                records[role.name] = record
            }
            return true
        }
        let standing = roles
        // An aggregated role may gather others: as many rounds as there are of them reach the last.
        for _ in roles where !RoleAggregation.run(&roles) { break }
        let owner = FieldOwner(manager: "clusterrole-aggregation-controller", now: now)
        var changes: [Change] = []
        for (old, new) in zip(standing, roles) where old.role != new.role {
            let configuration: Value = [
                "apiVersion": .string(resource.resource.apiVersion), "kind": "ClusterRole",
                "metadata": ["name": .string(new.name)], "rules": new.role["rules"] ?? [],
            ]
            guard let record = records[new.name],
                let applied = try? resource.resource.applied(configuration, to: old.role, by: owner, force: true)
            else { continue }
            changes.append(
                Change(record.key, .update(StoredForm.bytes(of: applied), expecting: record.revision)))
        }
        return changes
    }
}

/// The gathering of rules.
enum RoleAggregation {
    /// Gathers once; whether anything changed.
    static func run(_ roles: inout [(name: String, role: Value)]) -> Bool {
        var hasChanged = false
        for index in roles.indices {
            let selectors = roles[index].role["aggregationRule", "clusterRoleSelectors"]?.array ?? []
            guard !selectors.isEmpty else { continue }
            var rules: [Value] = []
            for selector in selectors.compactMap({ LabelSelector(object: $0) }) {
                for (name, role) in roles where name != roles[index].name && selector.matches(role.labels) {
                    for rule in role["rules"]?.array ?? [] where !rules.contains(rule) { rules.append(rule) }
                }
            }
            guard rules != roles[index].role["rules"]?.array ?? [] else { continue }
            roles[index].role["rules"] = .array(rules)
            hasChanged = true
        }
        return hasChanged
    }
}
