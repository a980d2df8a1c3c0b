import API
import Document

extension Rules {
    /// The other groups.
    static let policies: [String: Rules] = [
        "coordination.k8s.io/leases": Rules(create: { lease, faults in
            faults.checkPositive(lease["spec", "leaseDurationSeconds"], "spec.leaseDurationSeconds")
            faults.checkNotNegative(lease["spec", "leaseTransitions"], "spec.leaseTransitions")
        }),
        "policy/poddisruptionbudgets": Rules(create: disruptionBudget),
        "autoscaling/horizontalpodautoscalers": Rules(create: autoscaler),
        "networking.k8s.io/networkpolicies": Rules(create: networkPolicy),
        "networking.k8s.io/ingresses": Rules(create: IngressRules.check),
        "networking.k8s.io/ingressclasses": Rules(create: { ingress, faults in
            if (ingress["spec", "controller"]?.string ?? "").isEmpty { faults.required("spec.controller") }
        }),
        "rbac.authorization.k8s.io/roles": Rules(create: role),
        "rbac.authorization.k8s.io/clusterroles": Rules(create: role),
        "rbac.authorization.k8s.io/rolebindings": Rules(create: binding, update: keepsRole),
        "rbac.authorization.k8s.io/clusterrolebindings": Rules(create: binding, update: keepsRole),
        "scheduling.k8s.io/priorityclasses": Rules(
            create: priorityClass,
            update: { new, old, faults in
                if new["value"] != old["value"] { faults.forbidden("value", "may not be changed in an update.") }
                faults.checkImmutable(new["preemptionPolicy"], old["preemptionPolicy"], "preemptionPolicy")
            }),
        "storage.k8s.io/storageclasses": Rules(create: { storage, faults in
            if (storage["provisioner"]?.string ?? "").isEmpty { faults.required("provisioner") }
            faults.check(storage["reclaimPolicy"], in: ["Delete", "Retain"], "reclaimPolicy")
            faults.check(
                storage["volumeBindingMode"], in: ["Immediate", "WaitForFirstConsumer"], "volumeBindingMode")
        }),
        "discovery.k8s.io/endpointslices": Rules(
            create: endpointSlice,
            update: { slice, old, faults in
                faults.checkImmutable(slice["addressType"], old["addressType"], "addressType")
            }),
        "apiextensions.k8s.io/customresourcedefinitions": Rules(
            create: CustomDefinitionRules.check, update: CustomDefinitionRules.update),
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
            _ = WorkloadRules.checkIntOrPercent(spec[key], "spec.\(key)", &faults)
        }
        faults.checkSelector(spec["selector"], "spec.selector")
    }

    private static let autoscaler: Create = { autoscaler, faults in
        let spec = autoscaler["spec"] ?? [:]
        let most = spec["maxReplicas"]?.int ?? 0
        if let least = spec["minReplicas"]?.int, least < 1 {
            faults.invalid("spec.minReplicas", spec["minReplicas"], "must be greater than or equal to 1")
        }
        if most < 1 { faults.required("spec.maxReplicas", "must be set and greater than 0") }
        if let least = spec["minReplicas"]?.int, most < least {
            faults.invalid("spec.maxReplicas", .int(most), "must be greater than or equal to `minReplicas`")
        }
        let target = spec["scaleTargetRef"] ?? [:]
        for key: Text in ["kind", "name"] where (target[key]?.string ?? "").isEmpty {
            faults.required("spec.scaleTargetRef.\(key)")
        }
        if (target["apiVersion"]?.string ?? "").isEmpty {
            faults.invalid("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group")
        }
    }

    private static let networkPolicy: Create = { policy, faults in
        let spec = policy["spec"] ?? [:]
        faults.checkSelector(spec["podSelector"], "spec.podSelector")
        for (list, peers): (Text, Text) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (spec[list]?.array ?? []).enumerated() {
                for (place, peer) in (rule[peers]?.array ?? []).enumerated() {
                    checkPeer(peer, "spec.\(list)[\(index)].\(peers)[\(place)]", &faults)
                }
            }
        }
        for (index, type) in (spec["policyTypes"]?.array ?? []).enumerated() {
            faults.check(type, in: ["Ingress", "Egress"], "spec.policyTypes[\(index)]")
        }
    }

    private static func checkPeer(_ peer: Value, _ path: String, _ faults: inout Faults) {
        if (peer.object ?? [:]).isEmpty { return faults.required(path, "must specify a peer") }
        faults.checkSelector(peer["podSelector"], "\(path).podSelector")
        faults.checkSelector(peer["namespaceSelector"], "\(path).namespaceSelector")
        guard let block = peer["ipBlock"] else { return }
        if peer.object?.count != 1 { faults.forbidden(path, "may not specify both ipBlock and another peer") }
        let range = block["cidr"]?.string ?? ""
        if range.isEmpty {
            faults.required("\(path).ipBlock.cidr")
        } else if !Addresses.isRange(range) {
            faults.invalid("\(path).ipBlock.cidr", block["cidr"], Addresses.rangeText)
        }
    }

    private static let role: Create = { role, faults in
        for (index, rule) in (role["rules"]?.array ?? []).enumerated() {
            let path = "rules[\(index)]"
            if (rule["verbs"]?.array ?? []).isEmpty {
                faults.required("\(path).verbs", "verbs must contain at least one value")
            }
            if !(rule["nonResourceURLs"]?.array ?? []).isEmpty { continue }
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
        if (role["name"]?.string ?? "").isEmpty { faults.required("roleRef.name") }
        for (index, subject) in (binding["subjects"]?.array ?? []).enumerated() {
            let path = "subjects[\(index)]"
            if (subject["name"]?.string ?? "").isEmpty { faults.required("\(path).name") }
            switch subject["kind"]?.string ?? "" {
            case "ServiceAccount":
                if binding.kind == "ClusterRoleBinding", (subject["namespace"]?.string ?? "").isEmpty {
                    faults.required("\(path).namespace")
                }
            case "User", "Group": break
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
            guard known[priority.name] == nil else { return }
            faults.forbidden(
                "metadata.name",
                "priority class names with 'system-' prefix are reserved for system use only. error: \(priority.name) "
                    + "is not a known system priority class")
        } else if (priority["value"]?.int ?? 0) > highestPriority {
            faults.forbidden(
                "value", "maximum allowed value of a user defined priority is \(highestPriority)")
        }
    }

    private static let endpointSlice: Create = { slice, faults in
        let type = slice["addressType"]?.string ?? ""
        if type.isEmpty {
            faults.required("addressType")
        } else {
            faults.check(slice["addressType"], in: ["FQDN", "IPv4", "IPv6"], "addressType")
        }
        for (index, endpoint) in (slice["endpoints"]?.array ?? []).enumerated() {
            let addresses = endpoint["addresses"]?.array ?? []
            if addresses.isEmpty { faults.required("endpoints[\(index)].addresses", "must contain at least 1 address") }
            for (place, address) in addresses.enumerated() {
                let text = address.string ?? ""
                let isRight = type == "IPv4" ? Addresses.isIPv4(text) : type == "IPv6" ? Addresses.isIPv6(text) : true
                if !isRight {
                    faults.invalid("endpoints[\(index)].addresses[\(place)]", address, Addresses.addressText)
                }
            }
        }
    }
}
