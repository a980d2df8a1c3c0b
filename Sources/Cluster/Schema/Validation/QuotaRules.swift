import API
import Document

/// What a ResourceQuota may limit (ValidateResourceQuota).
enum QuotaRules {
    private static let podScopes = [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
    ]
    private static let allScopes = podScopes + ["VolumeAttributesClass"]

    static let check: Rules.Create = { quota, faults in
        for part: Text in ["spec", "status"] { checkLists(quota, part, &faults) }
        checkScopes(quota["spec"] ?? [:], &faults)
        if let selector = quota["spec", "scopeSelector"], !selector.isNull {
            checkSelector(selector, quota["spec"] ?? [:], &faults)
        }
    }

    static let status: Rules.Update = { quota, _, faults in checkLists(quota, "status", &faults) }

    private static func checkLists(_ quota: Value, _ part: Text, _ faults: inout Faults) {
        for list: Text in ["hard", "used"] {
            for member in quota[part, list]?.object ?? [:] {
                let (name, path) = (member.key.string, "\(part).\(list)[\(member.key)]")
                faults.invalid(path, .string(name), all: ResourceNames.faults(inQuota: name))
                faults.checkAmount(member.value, of: name, path)
            }
        }
    }

    private static let pairs = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")]

    private static func checkScopes(_ spec: Value, _ faults: inout Faults) {
        let (scopes, path) = (spec["scopes"]?.array ?? [], "spec.scopes")
        let names = scopes.map { $0.string ?? "" }
        for scope in names {
            if !allScopes.contains(scope) { faults.invalid(path, .array(scopes), "unsupported scope") }
            for _ in unfitting(spec, scope) {
                faults.invalid(path, .array(scopes), "unsupported scope applied to resource")
            }
        }
        for (left, right) in pairs where names.contains(left) && names.contains(right) {
            faults.invalid(path, .array(scopes), "conflicting scopes")
        }
    }

    /// The resources of a quota that a scope cannot be about (IsResourceQuotaScopeValidForResource).
    private static func unfitting(_ spec: Value, _ scope: String) -> [String] {
        let fitting: Set<String>
        switch scope {
        case "BestEffort": fitting = ["pods"]
        case "VolumeAttributesClass": fitting = ["persistentvolumeclaims", "requests.storage"]
        case _ where podScopes.contains(scope):
            fitting = [
                "pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
            ]
        default: return []
        }
        return (spec["hard"]?.object ?? [:]).keys.map(\.string).filter {
            ResourceNames.isOfQuotas($0) && !fitting.contains($0)
        }
    }

    private static func checkSelector(_ selector: Value, _ spec: Value, _ faults: inout Faults) {
        let path = "spec.scopeSelector.matchExpressions"
        let requirements = selector["matchExpressions"]?.array ?? []
        for requirement in requirements {
            let scope = requirement["scopeName"]?.string ?? ""
            if !allScopes.contains(scope) {
                faults.invalid("\(path).scopeName", .string(scope), "unsupported scope")
            }
            for _ in unfitting(spec, scope) {
                faults.invalid(
                    path, shown: GoDump.shown("ScopeSelector", selector), "unsupported scope applied to resource")
            }
            checkRequirement(requirement, scope, path, &faults)
        }
        let names = requirements.map { $0["scopeName"]?.string ?? "" }
        for (left, right) in pairs where names.contains(left) && names.contains(right) {
            faults.invalid("spec.scopes", spec["scopes"], "conflicting scopes")
        }
    }

    static let update: Rules.Update = { quota, old, faults in
        let scopes = { (quota: Value) in Set(quota["spec", "scopes"]?.array ?? []) }
        if scopes(quota) != scopes(old) {
            faults.invalid("spec.scopes", quota["spec", "scopes"], "field is immutable")
        }
    }

    /// Upstream names the list, not the element.
    private static func checkRequirement(
        _ requirement: Value, _ scope: String, _ path: String, _ faults: inout Faults
    ) {
        let wanted = requirement["operator"] ?? ""
        let values = requirement["values"]?.array ?? []
        if podScopes.contains(scope), scope != "PriorityClass", wanted != "Exists" {
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
}
