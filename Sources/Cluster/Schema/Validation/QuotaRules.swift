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
        for requirement in quota["spec", "scopeSelector", "matchExpressions"]?.array ?? [] {
            checkRequirement(requirement, "spec.scopeSelector.matchExpressions", &faults)
        }
    }

    static let update: Rules.Update = { quota, old, faults in
        let scopes = { (quota: Value) in Set(quota["spec", "scopes"]?.array ?? []) }
        if scopes(quota) != scopes(old) {
            faults.invalid("spec.scopes", quota["spec", "scopes"], "field is immutable")
        }
    }

    /// Upstream names the list, not the element.
    private static func checkRequirement(_ requirement: Value, _ path: String, _ faults: inout Faults) {
        let scope = requirement["scopeName"]?.string ?? ""
        let wanted = requirement["operator"] ?? ""
        let values = requirement["values"]?.array ?? []
        if !podScopes.contains(scope), scope != "VolumeAttributesClass" {
            faults.invalid("\(path).scopeName", .string(scope), "unsupported scope")
        } else if !["PriorityClass", "VolumeAttributesClass"].contains(scope), wanted != "Exists" {
            faults.invalid(
                "\(path).operator", wanted,
                "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                    + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
                    + "ResourceQuotaScopeCrossNamespacePodAffinity")
        }
        switch wanted.string ?? "" {
        case "In", "NotIn":
            if values.isEmpty {
                faults.required(
                    "\(path).values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                )
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                faults.invalid(
                    "\(path).values", .array(values),
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
            }
        default: faults.invalid("\(path).operator", wanted, "not a valid selector operator")
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
