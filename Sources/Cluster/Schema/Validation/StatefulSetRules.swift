import API
import Document

/// The rules of StatefulSets (pkg/apis/apps/validation).
enum StatefulSetRules {
    static let check: Rules.Create = { set, faults in
        let spec = set["spec"] ?? [:]
        let policy = spec["podManagementPolicy"]?.string ?? ""
        if policy.isEmpty {
            faults.required("spec.podManagementPolicy")
        } else if !["OrderedReady", "Parallel"].contains(policy) {
            faults.invalid(
                "spec.podManagementPolicy", spec["podManagementPolicy"], "must be 'OrderedReady' or 'Parallel'")
        }
        checkStrategy(spec["updateStrategy"] ?? [:], "spec.updateStrategy", &faults)
        if let retention = spec["persistentVolumeClaimRetentionPolicy"], !retention.isNull {
            for key: Text in ["whenDeleted", "whenScaled"] {
                faults.check(
                    retention[key], in: ["Retain", "Delete"], "spec.persistentVolumeClaimRetentionPolicy.\(key)")
            }
        }
        WorkloadRules.replicas(set, &faults)
        faults.checkNotNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        faults.checkNotNegative(spec["ordinals", "start"], "spec.ordinals.start")
        WorkloadRules.selectorAndTemplate(set, named: "statefulset", wrong: "", &faults)
    }

    private static func checkStrategy(_ strategy: Value, _ path: String, _ faults: inout Faults) {
        let rolling = strategy["rollingUpdate"] ?? .null
        switch strategy["type"]?.string ?? "" {
        case "": faults.required(path)
        case "OnDelete":
            guard !rolling.isNull else { return }
            let shown = GoDump.shown("RollingUpdateStatefulSetStrategy", rolling, of: "apps")
            faults.invalid("\(path).rollingUpdate", shown: shown, "only allowed for updateStrategy 'RollingUpdate'")
        case "RollingUpdate":
            faults.checkNotNegative(rolling["partition"], "\(path).rollingUpdate.partition")
            guard let most = rolling["maxUnavailable"], !most.isNull else { return }
            let field = "\(path).rollingUpdate.maxUnavailable"
            WorkloadRules.checkIntOrPercent(most, field, &faults)
            if WorkloadRules.isZero(most) { faults.invalid(field, most, "cannot be 0") }
            WorkloadRules.checkNotAbove100(most, field, &faults)
        default:
            let shown = GoDump.shown("StatefulSetUpdateStrategy", strategy, of: "apps")
            faults.invalid(path, shown: shown, "must be 'RollingUpdate' or 'OnDelete'")
        }
    }

    /// What was accepted of older sets stays.
    static let checkService: Rules.Create = { set, faults in
        let name = set["spec", "serviceName"]?.string ?? ""
        if !name.isEmpty { faults.invalid("spec.serviceName", .string(name), all: Names.label(name)) }
    }

    static let update: Rules.Update = { set, old, faults in
        guard fixed(set) != fixed(old) else { return }
        faults.forbidden(
            "spec",
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")
    }

    private static func fixed(_ object: Value) -> Value {
        var spec = object["spec"] ?? [:]
        for key: Text in [
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
        ] { spec[key] = nil }
        // Sets of older releases do not name their claims' kind.
        let claims = (spec["volumeClaimTemplates"]?.array ?? []).map { claim in
            var claim = claim
            for key: Text in ["apiVersion", "kind"] { claim[key] = nil }
            return claim
        }
        if !claims.isEmpty { spec["volumeClaimTemplates"] = .array(claims) }
        return spec
    }
}
