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
            }, update: WorkloadRules.keepsSelector, status: WorkloadStatusRules.deployment),
        "apps/replicasets": Rules(
            create: { set, faults in
                WorkloadRules.replicas(set, &faults)
                faults.checkNotNegative(set["spec", "minReadySeconds"], "spec.minReadySeconds")
                WorkloadRules.selectorAndTemplate(set, &faults)
            }, asksTwice: true, update: WorkloadRules.keepsSelector, status: WorkloadStatusRules.replicaSet),
        "apps/daemonsets": Rules(
            create: WorkloadRules.daemonSet, asksTwice: true, update: WorkloadRules.keepsSelector,
            status: WorkloadStatusRules.daemonSet),
        "apps/statefulsets": Rules(
            create: StatefulSetRules.check, new: StatefulSetRules.checkService, update: StatefulSetRules.update,
            status: WorkloadStatusRules.statefulSet),
        "apps/controllerrevisions": Rules(
            create: { revision, faults in
                if !revision.has("data") { faults.required("data", "data is mandatory") }
                faults.checkNotNegative(revision["revision"], "revision")
            },
            update: { revision, old, faults in
                guard revision["data"] != old["data"] else { return }
                faults.invalid("data", revision["data"], "field is immutable")
            }),
        "batch/jobs": Rules(new: JobRules.new, update: JobRules.update, status: JobStatusRules.check),
        "batch/cronjobs": Rules(new: CronJobRules.new, update: CronJobRules.update),
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
        if faults.checkSelector(spec["selector"], "spec.selector") { checkMatch(set, &faults) }
        if let selector = spec["selector"], !selector.isNull { checkNotEmpty(selector, "daemonset", &faults) }
        template(set, &faults)
        faults.checkNotNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        let strategy = spec["updateStrategy"] ?? [:]
        switch strategy["type"]?.string ?? "" {
        case "OnDelete": break
        case "RollingUpdate": rollingDaemonSet(strategy["rollingUpdate"], &faults)
        default:
            let shown = GoDump.shown("DaemonSetUpdateStrategy", strategy, of: "apps")
            faults.unsupported("spec.updateStrategy", shown: shown, ["RollingUpdate", "OnDelete"])
        }
        faults.checkNotNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
    }

    private static func rollingDaemonSet(_ rolling: Value?, _ faults: inout Faults) {
        let path = "spec.updateStrategy.rollingUpdate"
        guard let rolling, !rolling.isNull else { return faults.required(path) }
        let keys: [Text] = ["maxUnavailable", "maxSurge"]
        for key in keys { checkIntOrPercent(rolling[key], "\(path).\(key)", &faults) }
        for key in keys { checkNotAbove100(rolling[key], "\(path).\(key)", &faults) }
        switch (isZero(rolling["maxUnavailable"]), isZero(rolling["maxSurge"])) {
        case (false, false):
            faults.invalid("\(path).maxSurge", rolling["maxSurge"], "may not be set when maxUnavailable is non-zero")
        case (true, true): faults.required("\(path).maxUnavailable", "cannot be 0 when maxSurge is 0")
        default: break
        }
    }

    /// - Parameters:
    ///   - name: as upstream's words call the kind.
    ///   - wrong: what upstream says of a selector that cannot be read, behind what is wrong with it.
    static func selectorAndTemplate(
        _ object: Value, named name: String = "deployment", wrong: String = "invalid label selector",
        _ faults: inout Faults
    ) {
        let selector = object["spec", "selector"] ?? .null
        var isRight = true
        if selector.isNull {
            faults.required("spec.selector")
        } else {
            isRight = faults.checkSelector(selector, "spec.selector")
            checkNotEmpty(selector, name, &faults)
        }
        guard isRight else {
            faults.invalid("spec.selector", selector, wrong)
            return name == "statefulset" ? checkTemplateLimits(object, &faults) : ()
        }
        checkMatch(object, &faults)
        template(object, &faults)
    }

    private static func checkNotEmpty(_ selector: Value, _ name: String, _ faults: inout Faults) {
        guard (selector["matchLabels"]?.object ?? [:]).isEmpty, (selector["matchExpressions"]?.array ?? []).isEmpty
        else { return }
        faults.invalid("spec.selector", selector, "empty selector is invalid for \(name)")
    }

    /// No selector at all finds nothing.
    private static func checkMatch(_ object: Value, _ faults: inout Faults) {
        let selector = object["spec", "selector"] ?? .null
        let labels = object[path: ["spec", "template", "metadata", "labels"]]
        let parsed = selector.isNull ? nil : LabelSelector(object: selector)
        if parsed?.matches(labels?.object ?? [:]) != true {
            faults.invalid(
                "spec.template.metadata.labels", labels ?? .null, "`selector` does not match template `labels`")
        }
    }

    static func template(_ object: Value, _ faults: inout Faults) {
        let template = object["spec", "template"] ?? [:]
        let claims = (object["spec", "volumeClaimTemplates"]?.array ?? []).map { Text($0.name) }
        PodTemplateRules.check(template, "spec.template", claims: claims, &faults)
        checkTemplateLimits(object, &faults)
    }

    /// What is not for pods that are replaced for ever.
    private static func checkTemplateLimits(_ object: Value, _ faults: inout Faults) {
        let spec = object["spec", "template", "spec"] ?? [:]
        if let policy = spec["restartPolicy"], policy != "Always" {
            faults.unsupported("spec.template.spec.restartPolicy", policy, ["Always"])
        }
        // A Deployment's template is checked as the one of its ReplicaSets.
        let kind = object.kind == "Deployment" ? "ReplicaSet" : object.kind
        if spec.has("activeDeadlineSeconds") {
            faults.forbidden(
                "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in \(kind) is not Supported")
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
            for key: Text in ["maxUnavailable", "maxSurge"] {
                checkIntOrPercent(rolling[key], "\(path).\(key)", &faults)
            }
            if isZero(rolling["maxUnavailable"]), isZero(rolling["maxSurge"]) {
                faults.invalid(
                    "\(path).maxUnavailable", rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0")
            }
            checkNotAbove100(rolling["maxUnavailable"], "\(path).maxUnavailable", &faults)
        default:
            let shown = GoDump.shown("DeploymentStrategy", strategy, of: "apps")
            faults.unsupported("spec.strategy", shown: shown, ["Recreate", "RollingUpdate"])
        }
    }

    /// Tells whether the value is wrong.
    @discardableResult
    static func checkIntOrPercent(_ value: Value?, _ path: String, _ faults: inout Faults) -> Bool {
        let before = faults.errors.count
        if let text = value?.string {
            faults.invalid(path, value, all: Names.percent(text))
        } else {
            faults.checkNotNegative(value, path)
        }
        return faults.errors.count > before
    }

    static func checkNotAbove100(_ value: Value?, _ path: String, _ faults: inout Faults) {
        if let percent = percentage(value), percent > 100 {
            faults.invalid(path, value, "must not be greater than 100%")
        }
    }

    private static func percentage(_ value: Value?) -> Int? {
        guard let text = value?.string, Names.percent(text).isEmpty else { return nil }
        return Int(text.dropLast())
    }

    /// A text without a sign counts as the number that it is.
    static func isZero(_ value: Value?) -> Bool {
        (value?.int ?? percentage(value) ?? value?.string.flatMap { Int($0) } ?? 0) == 0
    }
}
