import API
import Document

/// What a ResourceQuota may limit (ValidateResourceQuota).
enum QuotaRules {
    private static let whole: Set<String> = [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
        "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    ]
    private static let podScopes = [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
    ]

    static let check: Rules.Create = { quota, faults in
        for part: Text in ["spec", "status"] {
            for list: Text in ["hard", "used"] {
                for member in quota[part, list]?.object ?? [:] {
                    check(member.key.string, member.value, "\(part.string).\(list.string)", &faults)
                }
            }
        }
        let scopes = (quota["spec", "scopes"]?.array ?? []).compactMap(\.string)
        for scope in scopes where !podScopes.contains(scope) {
            faults.invalid("spec.scopes", quota["spec", "scopes"], "unsupported scope")
        }
        for (left, right) in [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")]
        where scopes.contains(left) && scopes.contains(right) {
            faults.invalid("spec.scopes", quota["spec", "scopes"], "conflicting scopes")
        }
    }

    private static func check(_ name: String, _ value: Value, _ list: String, _ faults: inout Faults) {
        let path = "\(list)[\(name)]"
        faults.invalid(path, .string(name), all: ResourceNames.faults(inQuota: name))
        guard let quantity = value.quantity else { return }
        if quantity.nanos < 0 { faults.invalid(path, value, "must be greater than or equal to 0") }
        if whole.contains(name) || name.hasPrefix("count/"), quantity.nanos % 1_000_000_000 != 0 {
            faults.invalid(path, value, "must be an integer")
        }
    }
}
