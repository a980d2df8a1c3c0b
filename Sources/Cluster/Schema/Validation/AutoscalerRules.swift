import API
import Document

/// The rules of a HorizontalPodAutoscaler (pkg/apis/autoscaling/validation).
enum AutoscalerRules {
    static let check: Rules.Create = { autoscaler, faults in
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
        for (index, metric) in (spec["metrics"]?.array ?? []).enumerated() {
            checkMetric(metric, "spec.metrics[\(index)]", &faults)
        }
        for key: Text in ["scaleUp", "scaleDown"] {
            guard let rules = spec["behavior", key], !rules.isNull else { continue }
            checkScaling(rules, "spec.behavior.\(key)", &faults)
        }
    }

    private static let sources: [(type: String, field: Text)] = [
        ("ContainerResource", "containerResource"), ("External", "external"), ("Object", "object"), ("Pods", "pods"),
        ("Resource", "resource"),
    ]

    private static func checkMetric(_ metric: Value, _ path: String, _ faults: inout Faults) {
        let type = metric["type"]?.string ?? ""
        if type.isEmpty { faults.required("\(path).type", "must specify a metric source type") }
        guard let wanted = sources.first(where: { $0.type == type })?.field else {
            // Upstream says it twice.
            for _ in 1...2 { faults.unsupported("\(path).type", .string(type), sources.map(\.type)) }
            return
        }
        let present = sources.map(\.field).filter { metric.has($0) }
        if present.contains(wanted) {
            if present.count == 1 { checkSource(wanted, metric[wanted] ?? [:], "\(path).\(wanted)", &faults) }
        } else {
            faults.required("\(path).\(wanted)", "must populate information for the given metric source")
        }
        for other in present where other != wanted {
            faults.forbidden("\(path).\(other)", "must populate the given metric source only")
        }
    }

    private static func checkSource(_ kind: Text, _ source: Value, _ path: String, _ faults: inout Faults) {
        if kind == "resource" || kind == "containerResource" {
            if (source["name"]?.string ?? "").isEmpty {
                faults.required("\(path).name", "must specify a resource name")
            }
            if kind == "containerResource", (source["container"]?.string ?? "").isEmpty {
                faults.required("\(path).container", "must specify a container")
            }
        } else if (source["metric", "name"]?.string ?? "").isEmpty {
            faults.required("\(path).metric.name", "must specify a metric name")
        }
        checkTarget(source["target"] ?? [:], kind, "\(path).target", &faults)
    }

    private static func checkTarget(_ target: Value, _ kind: Text, _ path: String, _ faults: inout Faults) {
        let type = target["type"]?.string ?? ""
        if type.isEmpty { faults.required("\(path).type", "must specify a metric target type") }
        if !["Utilization", "Value", "AverageValue"].contains(type) {
            faults.invalid("\(path).type", .string(type), "must be either Utilization, Value, or AverageValue")
        }
        for key: Text in ["value", "averageValue"] {
            guard let quantity = target[key]?.quantity, quantity.nanos <= 0 else { continue }
            faults.invalid("\(path).\(key)", target[key], "must be positive")
        }
        if let share = target["averageUtilization"]?.int, share < 1 {
            faults.invalid("\(path).averageUtilization", .int(share), "must be greater than 0")
        }
        let (value, average) = (target.has("value"), target.has("averageValue"))
        let share = target.has("averageUtilization")
        switch kind {
        case "object":
            if !value, !average {
                faults.required("\(path).averageValue", "must set either a target value or averageValue")
            }
        case "external":
            if !value, !average {
                faults.required(
                    "\(path).averageValue", "must set either a target value for metric or a per-pod target")
            } else if value, average {
                faults.forbidden("\(path).value", "may not set both a target value for metric and a per-pod target")
            }
        case "pods":
            if !average { faults.required("\(path).averageValue", "must specify a positive target averageValue") }
        default:
            if !share, !average {
                faults.required(
                    "\(path).averageUtilization", "must set either a target raw value or a target utilization")
            } else if share, average {
                faults.forbidden(
                    "\(path).averageValue", "may not set both a target raw value and a target utilization")
            }
        }
    }

    private static func checkScaling(_ rules: Value, _ path: String, _ faults: inout Faults) {
        if let seconds = rules["stabilizationWindowSeconds"]?.int {
            let field = "\(path).stabilizationWindowSeconds"
            if seconds < 0 { faults.invalid(field, .int(seconds), "must be greater than or equal to zero") }
            if seconds > 3600 { faults.invalid(field, .int(seconds), "must be less than or equal to 3600") }
        }
        if let tolerance = rules["tolerance"]?.quantity, tolerance.nanos < 0 {
            faults.invalid("\(path).tolerance", rules["tolerance"], "must be greater than or equal to 0")
        }
        if rules.has("selectPolicy") {
            faults.check(rules["selectPolicy"], in: ["Disabled", "Max", "Min"], "\(path).selectPolicy")
        }
        let policies = rules["policies"]?.array ?? []
        if policies.isEmpty { faults.required("\(path).policies", "must specify at least one Policy") }
        for (index, policy) in policies.enumerated() {
            let path = "\(path).policies[\(index)]"
            faults.check(policy["type"], in: ["Percent", "Pods"], "\(path).type")
            for key: Text in ["value", "periodSeconds"] {
                let number = policy[key]?.int ?? 0
                if number <= 0 { faults.invalid("\(path).\(key)", .int(number), "must be greater than zero") }
            }
            if let seconds = policy["periodSeconds"]?.int, seconds > 1800 {
                faults.invalid("\(path).periodSeconds", .int(seconds), "must be less than or equal to 1800")
            }
        }
    }
}
