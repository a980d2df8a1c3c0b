import API
import Document

extension Rules {
    /// The other groups.
    static let policies: [String: Rules] = [
        "coordination.k8s.io/leases": Rules(create: { lease, faults in
            faults.checkPositive(lease["spec", "leaseDurationSeconds"], "spec.leaseDurationSeconds")
            faults.checkNotNegative(lease["spec", "leaseTransitions"], "spec.leaseTransitions")
            let text = { (key: Text) in lease["spec", key]?.string ?? "" }
            if !text("preferredHolder").isEmpty, text("strategy").isEmpty {
                faults.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined")
            }
        }),
        "policy/poddisruptionbudgets": Rules(create: disruptionBudget, status: StatusRules.disruptionBudget),
        "autoscaling/horizontalpodautoscalers": Rules(
            create: AutoscalerRules.check, status: StatusRules.autoscaler),
        "certificates.k8s.io/certificatesigningrequests": SigningRequestRules.all,
        "rbac.authorization.k8s.io/roles": Rules(create: role),
        "rbac.authorization.k8s.io/clusterroles": Rules(create: { object, faults in
            role(object, &faults)
            guard let rule = object["aggregationRule"], !rule.isNull else { return }
            let selectors = rule["clusterRoleSelectors"]?.array ?? []
            if selectors.isEmpty {
                faults.required(
                    "aggregationRule.clusterRoleSelectors",
                    "at least one clusterRoleSelector required if aggregationRule is non-nil")
            }
            for (index, selector) in selectors.enumerated() {
                faults.checkSelector(selector, "aggregationRule.clusterRoleSelectors[\(index)]")
            }
        }),
        "rbac.authorization.k8s.io/rolebindings": Rules(create: binding, update: keepsRole),
        "rbac.authorization.k8s.io/clusterrolebindings": Rules(create: binding, update: keepsRole),
        "scheduling.k8s.io/priorityclasses": Rules(
            create: priorityClass,
            update: { new, old, faults in
                if new["value"] != old["value"] { faults.forbidden("value", "may not be changed in an update.") }
                faults.checkImmutable(new["preemptionPolicy"], old["preemptionPolicy"], "preemptionPolicy")
            }),
        "discovery.k8s.io/endpointslices": Rules(
            create: EndpointRules.slice,
            update: { slice, old, faults in
                faults.checkImmutable(slice["addressType"], old["addressType"], "addressType")
            }),
        "apiextensions.k8s.io/customresourcedefinitions": Rules(
            new: CustomDefinitionRules.new, update: CustomDefinitionRules.update, status: CustomDefinitionRules.status),
    ]

    private static let disruptionBudget: Create = { budget, faults in
        let spec = budget["spec"] ?? [:]
        if spec.has("minAvailable"), spec.has("maxUnavailable") {
            let text = { (key: Text) in JSON.text(spec[key] ?? .null).string }
            let shown =
                "{\"MinAvailable\":\(text("minAvailable")),\"Selector\":\(text("selector")),"
                + "\"MaxUnavailable\":\(text("maxUnavailable")),"
                + "\"UnhealthyPodEvictionPolicy\":\(text("unhealthyPodEvictionPolicy"))}"
            faults.invalid("spec", shown: shown, "minAvailable and maxUnavailable cannot be both set")
        }
        for key: Text in ["minAvailable", "maxUnavailable"] where spec.has(key) {
            WorkloadRules.checkIntOrPercent(spec[key], "spec.\(key)", &faults)
            WorkloadRules.checkNotAbove100(spec[key], "spec.\(key)", &faults)
        }
        if spec.has("unhealthyPodEvictionPolicy") {
            faults.check(
                spec["unhealthyPodEvictionPolicy"], in: ["AlwaysAllow", "IfHealthyBudget"],
                "spec.unhealthyPodEvictionPolicy")
        }
        faults.checkSelector(spec["selector"], "spec.selector")
    }

    private static let role: Create = { role, faults in
        for (index, rule) in (role["rules"]?.array ?? []).enumerated() {
            let path = "rules[\(index)]"
            if (rule["verbs"]?.array ?? []).isEmpty {
                faults.required("\(path).verbs", "verbs must contain at least one value")
            }
            if let urls = rule["nonResourceURLs"]?.array, !urls.isEmpty {
                if role.kind == "Role" {
                    faults.invalid(
                        "\(path).nonResourceURLs", .array(urls),
                        "namespaced rules cannot apply to non-resource URLs")
                }
                let others: [Text] = ["apiGroups", "resources", "resourceNames"]
                if others.contains(where: { !(rule[$0]?.array ?? []).isEmpty }) {
                    faults.invalid(
                        "\(path).nonResourceURLs", .array(urls),
                        "rules cannot apply to both regular resources and non-resource URLs")
                }
                continue
            }
            if (rule["apiGroups"]?.array ?? []).isEmpty {
                faults.required("\(path).apiGroups", "resource rules must supply at least one api group")
            }
            if (rule["resources"]?.array ?? []).isEmpty {
                faults.required("\(path).resources", "resource rules must supply at least one resource")
            }
        }
    }

    private static let binding: Create = { binding, faults in
        let role = binding["roleRef"] ?? [:]
        if role["apiGroup"] != "rbac.authorization.k8s.io" {
            faults.unsupported("roleRef.apiGroup", role["apiGroup"] ?? "", ["rbac.authorization.k8s.io"])
        }
        let kinds = binding.kind == "RoleBinding" ? ["Role", "ClusterRole"] : ["ClusterRole"]
        faults.check(role["kind"], in: kinds, "roleRef.kind")
        let name = role["name"]?.string ?? ""
        if name.isEmpty { faults.required("roleRef.name") }
        faults.invalid("roleRef.name", .string(name), all: Names.pathSegment(name))
        for (index, subject) in (binding["subjects"]?.array ?? []).enumerated() {
            let path = "subjects[\(index)]"
            if (subject["name"]?.string ?? "").isEmpty { faults.required("\(path).name") }
            switch subject["kind"]?.string ?? "" {
            case "ServiceAccount":
                let name = subject["name"]?.string ?? ""
                if !name.isEmpty { faults.invalid("\(path).name", .string(name), all: Names.subdomain(name)) }
                if let group = subject["apiGroup"], group != "" { faults.unsupported("\(path).apiGroup", group, [""]) }
                if binding.kind == "ClusterRoleBinding", (subject["namespace"]?.string ?? "").isEmpty {
                    faults.required("\(path).namespace")
                }
            case "User", "Group":
                faults.check(subject["apiGroup"], in: ["rbac.authorization.k8s.io"], "\(path).apiGroup")
            default: faults.unsupported("\(path).kind", subject["kind"] ?? "", ["ServiceAccount", "User", "Group"])
            }
        }
    }

    private static let keepsRole: Update = { binding, old, faults in
        guard binding["roleRef"] != old["roleRef"] else { return }
        let role = binding["roleRef"] ?? [:]
        let text = { (key: Text) in JSON.text(role[key] ?? "").string }
        let shown = "{\"APIGroup\":\(text("apiGroup")),\"Kind\":\(text("kind")),\"Name\":\(text("name"))}"
        faults.invalid("roleRef", shown: shown, "cannot change roleRef")
    }

    private static let highestPriority = 1_000_000_000

    private static let priorityClass: Create = { priority, faults in
        let known = ["system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000]
        if priority.name.hasPrefix("system-") {
            let words: String
            if let value = known[priority.name] {
                if priority["value"]?.int != value {
                    words = "value of \(priority.name) PriorityClass must be \(value)"
                } else if priority["globalDefault"] == true {
                    words = "globalDefault of \(priority.name) PriorityClass must be false"
                } else {
                    return
                }
            } else {
                words = "\(priority.name) is not a known system priority class"
            }
            faults.forbidden(
                "metadata.name",
                "priority class names with 'system-' prefix are reserved for system use only. error: \(words)")
        } else if (priority["value"]?.int ?? 0) > highestPriority {
            faults.forbidden(
                "value", "maximum allowed value of a user defined priority is \(highestPriority)")
        }
        if priority.has("preemptionPolicy") {
            faults.check(
                priority["preemptionPolicy"], in: ["PreemptLowerPriority", "Never"], "preemptionPolicy")
        }
    }
}
