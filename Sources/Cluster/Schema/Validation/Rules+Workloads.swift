import API
import Document

extension Rules {
    /// apps and batch (pkg/apis/{apps,batch}/validation).
    static let workloads: [String: Rules] = [
        "apps/deployments": Rules(
            create: { deployment, faults in
                WorkloadRules.replicas(deployment, &faults)
                WorkloadRules.selectorAndTemplate(deployment, &faults)
                WorkloadRules.deploymentStrategy(deployment, &faults)
                faults.checkNotNegative(deployment["spec", "minReadySeconds"], "spec.minReadySeconds")
                faults.checkNotNegative(deployment["spec", "revisionHistoryLimit"], "spec.revisionHistoryLimit")
                WorkloadRules.deadline(deployment, &faults)
            }, update: WorkloadRules.keepsSelector),
        "apps/replicasets": Rules(
            create: { set, faults in
                WorkloadRules.replicas(set, &faults)
                faults.checkNotNegative(set["spec", "minReadySeconds"], "spec.minReadySeconds")
                WorkloadRules.selectorAndTemplate(set, &faults)
            }, update: WorkloadRules.keepsSelector),
        "apps/daemonsets": Rules(
            create: WorkloadRules.daemonSet,
            update: { set, old, faults in
                // Upstream checks a changed spec twice: as one of its own, and as part of the change.
                if set["spec"] != old["spec"] { WorkloadRules.daemonSet(set, &faults) }
                WorkloadRules.keepsSelector(set, old, &faults)
            }),
        "apps/statefulsets": Rules(create: WorkloadRules.statefulSet, update: WorkloadRules.statefulSetUpdate),
        "apps/controllerrevisions": Rules(
            create: { revision, faults in faults.checkNotNegative(revision["revision"], "revision") },
            update: { revision, old, faults in
                faults.checkImmutable(revision["data"], old["data"], "data")
            }),
        "batch/jobs": Rules(
            create: { job, faults in
                JobRules.check(job["spec"] ?? [:], "spec", &faults)
                JobRules.checkLabels(job, &faults)
            }, new: JobRules.checkSelector, update: JobRules.update),
        "batch/cronjobs": Rules(create: JobRules.cronJob, new: JobRules.zone, update: JobRules.zoneUpdate),
    ]
}

/// Rules that workloads share.
enum WorkloadRules {
    static func replicas(_ object: Value, _ faults: inout Faults) {
        faults.checkNotNegative(object["spec", "replicas"], "spec.replicas")
    }

    static func deadline(_ deployment: Value, _ faults: inout Faults) {
        guard let deadline = deployment["spec", "progressDeadlineSeconds"]?.int else { return }
        faults.checkNotNegative(deployment["spec", "progressDeadlineSeconds"], "spec.progressDeadlineSeconds")
        if deadline <= deployment["spec", "minReadySeconds"]?.int ?? 0 {
            faults.invalid("spec.progressDeadlineSeconds", .int(deadline), "must be greater than minReadySeconds")
        }
    }

    static let daemonSet: Rules.Create = { set, faults in
        let spec = set["spec"] ?? [:]
        selectorAndTemplate(set, named: "daemonset", isSelectorNeeded: false, &faults)
        faults.checkNotNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        let strategy = spec["updateStrategy"] ?? [:]
        switch strategy["type"]?.string ?? "" {
        case "OnDelete": break
        case "RollingUpdate": rollingDaemonSet(strategy["rollingUpdate"], &faults)
        default:
            faults.unsupported("spec.updateStrategy.type", strategy["type"] ?? "", ["RollingUpdate", "OnDelete"])
        }
        faults.checkNotNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
    }

    private static func rollingDaemonSet(_ rolling: Value?, _ faults: inout Faults) {
        let path = "spec.updateStrategy.rollingUpdate"
        guard let rolling, !rolling.isNull else { return faults.required(path) }
        for key: Text in ["maxUnavailable", "maxSurge"] {
            if checkIntOrPercent(rolling[key], "\(path).\(key)", &faults) { return }
            if let percent = percentage(rolling[key]), percent > 100 {
                faults.invalid("\(path).\(key)", rolling[key], "must not be greater than 100%")
            }
        }
        switch (isZero(rolling["maxUnavailable"]), isZero(rolling["maxSurge"])) {
        case (false, false):
            faults.invalid("\(path).maxSurge", rolling["maxSurge"], "may not be set when maxUnavailable is non-zero")
        case (true, true): faults.required("\(path).maxUnavailable", "cannot be 0 when maxSurge is 0")
        default: break
        }
    }

    /// - Parameters:
    ///   - name: as upstream's words call the kind.
    ///   - isSelectorNeeded: whether a missing selector is told by itself, and not only by what it does not match.
    static func selectorAndTemplate(
        _ object: Value, named name: String = "deployment", isSelectorNeeded: Bool = true, _ faults: inout Faults
    ) {
        let selector = object["spec", "selector"] ?? .null
        if selector.isNull {
            if isSelectorNeeded { faults.required("spec.selector") }
        } else {
            faults.checkSelector(selector, "spec.selector")
            if (selector["matchLabels"]?.object ?? [:]).isEmpty, (selector["matchExpressions"]?.array ?? []).isEmpty {
                faults.invalid("spec.selector", selector, "empty selector is invalid for \(name)")
            }
        }
        let labels = object[path: ["spec", "template", "metadata", "labels"]]
        let matches =
            LabelSelector(object: selector).map { parsed in
                !selector.isNull && parsed.matches(labels?.object ?? [:])
            } ?? false
        if !matches {
            faults.invalid(
                "spec.template.metadata.labels", labels ?? .null, "`selector` does not match template `labels`")
        }
        template(object, &faults)
    }

    static func template(_ object: Value, _ faults: inout Faults) {
        let template = object["spec", "template"] ?? [:]
        let claims = (object["spec", "volumeClaimTemplates"]?.array ?? []).map { Text($0.name) }
        PodTemplateRules.check(template, "spec.template", claims: claims, &faults)
        let spec = template["spec"] ?? [:]
        if let policy = spec["restartPolicy"], policy != "Always" {
            faults.unsupported("spec.template.spec.restartPolicy", policy, ["Always"])
        }
        if spec.has("activeDeadlineSeconds") {
            faults.forbidden(
                "spec.template.spec.activeDeadlineSeconds",
                "activeDeadlineSeconds in \(object.kind) is not Supported")
        }
    }

    static let keepsSelector: Rules.Update = { object, old, faults in
        faults.checkImmutable(object["spec", "selector"], old["spec", "selector"], "spec.selector")
    }

    static func deploymentStrategy(_ deployment: Value, _ faults: inout Faults) {
        let strategy = deployment["spec", "strategy"] ?? [:]
        let rolling = strategy["rollingUpdate"]
        switch strategy["type"]?.string ?? "" {
        case "Recreate":
            if strategy.has("rollingUpdate") {
                faults.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
            }
        case "RollingUpdate":
            guard let rolling, !rolling.isNull else {
                return faults.required("spec.strategy.rollingUpdate", "this should be defaulted and never be nil")
            }
            let path = "spec.strategy.rollingUpdate"
            let isWrong = [("maxUnavailable", rolling["maxUnavailable"]), ("maxSurge", rolling["maxSurge"])].map {
                checkIntOrPercent($0.1, "\(path).\($0.0)", &faults)
            }
            if isWrong == [false, false], isZero(rolling["maxUnavailable"]), isZero(rolling["maxSurge"]) {
                faults.invalid(
                    "\(path).maxUnavailable", rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0")
            }
            if let percent = percentage(rolling["maxUnavailable"]), percent > 100 {
                faults.invalid("\(path).maxUnavailable", rolling["maxUnavailable"], "must not be greater than 100%")
            }
        default: faults.unsupported("spec.strategy.type", strategy["type"] ?? "", ["Recreate", "RollingUpdate"])
        }
    }

    /// Tells whether the value is wrong.
    static func checkIntOrPercent(_ value: Value?, _ path: String, _ faults: inout Faults) -> Bool {
        let before = faults.errors.count
        if let text = value?.string {
            faults.invalid(path, value, all: Names.percent(text))
        } else {
            faults.checkNotNegative(value, path)
        }
        return faults.errors.count > before
    }

    static func percentage(_ value: Value?) -> Int? { value?.string.flatMap { Int($0.dropLast()) } }

    private static func isZero(_ value: Value?) -> Bool { (value?.int ?? percentage(value) ?? 0) == 0 }

    static let statefulSet: Rules.Create = { set, faults in
        let spec = set["spec"] ?? [:]
        let policy = spec["podManagementPolicy"]?.string ?? ""
        if policy.isEmpty {
            faults.required("spec.podManagementPolicy")
        } else if !["OrderedReady", "Parallel"].contains(policy) {
            faults.invalid(
                "spec.podManagementPolicy", spec["podManagementPolicy"], "must be 'OrderedReady' or 'Parallel'")
        }
        let strategy = spec["updateStrategy"] ?? [:]
        if strategy["type"] == "OnDelete", let rolling = strategy["rollingUpdate"], !rolling.isNull {
            faults.invalid(
                "spec.updateStrategy.rollingUpdate", rolling, "only allowed for updateStrategy 'RollingUpdate'")
        } else if (strategy["type"]?.string ?? "").isEmpty {
            faults.required("spec.updateStrategy")
        } else if !["RollingUpdate", "OnDelete"].contains(strategy["type"]?.string ?? "") {
            let shown = "{\"Type\":\(JSON.text(strategy["type"] ?? "")),\"RollingUpdate\":null}"
            faults.invalid("spec.updateStrategy", shown: shown, "must be 'RollingUpdate' or 'OnDelete'")
        }
        faults.checkNotNegative(
            strategy["rollingUpdate"]?["partition"], "spec.updateStrategy.rollingUpdate.partition")
        replicas(set, &faults)
        faults.checkNotNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        faults.checkNotNegative(spec["ordinals", "start"], "spec.ordinals.start")
        selectorAndTemplate(set, named: "statefulset", &faults)
    }

    static let statefulSetUpdate: Rules.Update = { set, old, faults in
        func fixed(_ object: Value) -> Value {
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
        if fixed(set) != fixed(old) {
            faults.forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            )
        }
    }
}
