import API
import Document

extension Defaulting {
    private static let apps = "io.k8s.api.apps.v1"
    private static let scaling = "io.k8s.api.autoscaling.v2"

    /// Defaults of apps, batch and autoscaling (pkg/apis/{apps,batch,autoscaling}/*/defaults.go).
    static let workloadDefaults: [String: Rule] = [
        "\(apps).DeploymentStrategy": rollingUpdate,
        "\(apps).DaemonSetUpdateStrategy": rollingUpdate,
        "\(apps).DaemonSet": { set in
            // The conversion from the internal form, which counts templates, to apps/v1, which has no field for that.
            if set["metadata", "annotations", DaemonSetStrategy.generation] == nil {
                set["metadata", "annotations", DaemonSetStrategy.generation] = "0"
            }
        },
        "\(apps).StatefulSetSpec": claimTemplates,
        "\(apps).StatefulSetUpdateStrategy": rollingUpdate,
        "io.k8s.api.batch.v1.Job": job,
        "io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern": { pattern in
            if (pattern["status"]?.string ?? "").isEmpty { pattern["status"] = "True" }
        },
        "\(scaling).HorizontalPodAutoscaler": { autoscaler in
            if (autoscaler["spec", "metrics"]?.array ?? []).isEmpty {
                autoscaler["spec", "metrics"] = [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
                    ]
                ]
            }
            scalingBehavior(&autoscaler)
        },
    ]

    private static let rollingUpdate: Rule = { strategy in
        if strategy["type"] == "RollingUpdate", !strategy.has("rollingUpdate") { strategy["rollingUpdate"] = [:] }
    }

    /// The conversion to apps/v1 names the kind of claim templates, whatever was sent (kubernetes issue 87583).
    private static let claimTemplates: Rule = { spec in
        guard let templates = spec["volumeClaimTemplates"]?.array, !templates.isEmpty else { return }
        spec["volumeClaimTemplates"] = .array(
            templates.map { template in
                var template = template
                template["apiVersion"] = "v1"
                template["kind"] = "PersistentVolumeClaim"
                return template
            })
    }

    private static let job: Rule = { job in
        guard var spec = job["spec"] else { return }
        if !spec.has("completions"), !spec.has("parallelism") { spec["completions"] = 1 }
        if !spec.has("parallelism") { spec["parallelism"] = 1 }
        if !spec.has("backoffLimit") {
            spec["backoffLimit"] = spec.has("backoffLimitPerIndex") ? .int(Int32.max) : 6
        }
        spec.fill("completionMode", "NonIndexed")
        for flag: Text in ["suspend", "manualSelector"] where !spec.has(flag) { spec[flag] = false }
        spec.fill("podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed")
        job["spec"] = spec
        if job.labels.isEmpty, let labels = spec["template", "metadata", "labels"] {
            job["metadata", "labels"] = labels
        }
    }

    /// Only a behavior that is there gets the rest of its rules.
    private static func scalingBehavior(_ autoscaler: inout Value) {
        guard autoscaler["spec"]?.has("behavior") == true else { return }
        let percent: Value = ["type": "Percent", "value": 100, "periodSeconds": 15]
        let pods: Value = ["type": "Pods", "value": 4, "periodSeconds": 15]
        fillRules(&autoscaler, "scaleUp", policies: [pods, percent], window: 0)
        fillRules(&autoscaler, "scaleDown", policies: [percent], window: nil)
    }

    private static func fillRules(_ autoscaler: inout Value, _ name: Text, policies: [Value], window: Int?) {
        var rules = autoscaler["spec", "behavior", name] ?? [:]
        rules.fill("selectPolicy", "Max")
        if let window, !rules.has("stabilizationWindowSeconds") { rules["stabilizationWindowSeconds"] = .int(window) }
        if !rules.has("policies") { rules["policies"] = .array(policies) }
        autoscaler["spec", "behavior", name] = rules
    }
}
