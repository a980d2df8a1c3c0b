import Document

/// HorizontalPodAutoscalers of autoscaling/v2, which are what is stored, and of v1, which knows of CPU alone and keeps
/// the rest in annotations (pkg/apis/autoscaling/v1/conversion.go).
enum AutoscalerConversion {
    private static let metrics: Text = "autoscaling.alpha.kubernetes.io/metrics"
    private static let current: Text = "autoscaling.alpha.kubernetes.io/current-metrics"
    private static let conditions: Text = "autoscaling.alpha.kubernetes.io/conditions"
    private static let behavior: Text = "autoscaling.alpha.kubernetes.io/behavior"

    static let toFirst: Conversion.Change = { autoscaler in
        var others: [Value] = []
        for metric in autoscaler["spec", "metrics"]?.array ?? [] {
            if let share = utilization(metric, "target"), autoscaler["spec", share.field] == nil {
                autoscaler["spec", share.field] = share.percent
            } else {
                others.append(flattened(metric, "target"))
            }
        }
        autoscaler.annotate(metrics, json: .array(others))
        autoscaler.annotate(behavior, json: autoscaler["spec", "behavior"] ?? .null)
        if autoscaler["status"] != nil {
            let measured = autoscaler["status", "currentMetrics"]?.array ?? []
            let cpu = measured.compactMap { utilization($0, "current") }.first
            if let cpu { autoscaler["status", "currentCPUUtilizationPercentage"] = cpu.percent }
            autoscaler.annotate(current, json: .array(measured.map { flattened($0, "current") }))
            autoscaler.annotate(conditions, json: autoscaler["status", "conditions"] ?? .null)
            for field: Text in ["currentMetrics", "conditions"] { autoscaler["status", field] = nil }
        }
        for field: Text in ["metrics", "behavior"] { autoscaler["spec", field] = nil }
    }

    static let toSecond: Conversion.Change = { autoscaler in
        var wanted: [Value] = []
        if let percent = autoscaler["spec", "targetCPUUtilizationPercentage"], !percent.isNull {
            wanted.append(cpu("target", ["type": "Utilization", "averageUtilization": percent]))
        }
        wanted += (autoscaler.annotatedJSON(metrics)?.array ?? []).map { nested($0, "target") }
        // What v2 fills in is filled in here, where the annotations are known.
        if wanted.isEmpty { wanted = [cpu("target", ["type": "Utilization", "averageUtilization": 80])] }
        autoscaler["spec", "metrics"] = .array(wanted)
        autoscaler["spec", "targetCPUUtilizationPercentage"] = nil
        if let rules = autoscaler.annotatedJSON(behavior) { autoscaler["spec", "behavior"] = rules }
        restoreStatus(&autoscaler)
        autoscaler.dropAnnotations([metrics, current, conditions, behavior])
    }

    private static func restoreStatus(_ autoscaler: inout Value) {
        guard autoscaler["status"] != nil else { return }
        var measured = (autoscaler.annotatedJSON(current)?.array ?? []).map { nested($0, "current") }
        let percent = autoscaler["status", "currentCPUUtilizationPercentage"]
        if measured.isEmpty, let percent, !percent.isNull {
            measured = [cpu("current", ["averageUtilization": percent])]
        }
        if !measured.isEmpty { autoscaler["status", "currentMetrics"] = .array(measured) }
        autoscaler["status", "currentCPUUtilizationPercentage"] = nil
        if let told = autoscaler.annotatedJSON(conditions) { autoscaler["status", "conditions"] = told }
    }

    private static func cpu(_ side: Text, _ amount: Value) -> Value {
        var resource: Value = ["name": "cpu"]
        resource[side] = amount
        return ["type": "Resource", "resource": resource]
    }

    /// What a metric says of the share of CPU; nil for every other metric.
    private static func utilization(_ metric: Value, _ side: Text) -> (field: Text, percent: Value)? {
        guard metric["type"] == "Resource", metric["resource", "name"] == "cpu",
            let percent = metric["resource", side, "averageUtilization"], !percent.isNull
        else { return nil }
        return ("targetCPUUtilizationPercentage", percent)
    }

    // MARK: Metrics in annotations

    /// Under which names the flat form of v1 has the parts of a metric's target, by the metric's kind.
    private static func names(_ kind: Text, _ side: Text) -> [(nested: Text, flat: Text)] {
        let isTarget = side == "target"
        switch (kind, isTarget) {
        case ("resource", true), ("containerResource", true):
            return [("averageUtilization", "targetAverageUtilization"), ("averageValue", "targetAverageValue")]
        case ("resource", false), ("containerResource", false):
            return [("averageUtilization", "currentAverageUtilization"), ("averageValue", "currentAverageValue")]
        case ("pods", true): return [("averageValue", "targetAverageValue")]
        case ("pods", false): return [("averageValue", "currentAverageValue")]
        case ("object", true): return [("value", "targetValue"), ("averageValue", "averageValue")]
        case ("object", false): return [("value", "currentValue"), ("averageValue", "averageValue")]
        case ("external", true): return [("value", "targetValue"), ("averageValue", "targetAverageValue")]
        default: return [("value", "currentValue"), ("averageValue", "currentAverageValue")]
        }
    }

    private static let kinds: [Text] = ["resource", "containerResource", "pods", "object", "external"]

    private static func flattened(_ metric: Value, _ side: Text) -> Value {
        var result = metric
        for kind in kinds {
            guard let source = metric[kind] else { continue }
            var flat = source
            flat[side] = nil
            flat["metric"] = nil
            flat["describedObject"] = nil
            if let described = source["describedObject"] { flat["target"] = described }
            if let name = source["metric", "name"] { flat["metricName"] = name }
            if let selector = source["metric", "selector"] {
                flat[kind == "external" ? "metricSelector" : "selector"] = selector
            }
            for name in names(kind, side) {
                if let amount = source[side, name.nested], !amount.isNull { flat[name.flat] = amount }
            }
            result[kind] = flat
        }
        return result
    }

    private static func nested(_ metric: Value, _ side: Text) -> Value {
        var result = metric
        for kind in kinds {
            guard let flat = metric[kind] else { continue }
            var source: Value = [:]
            for field: Text in ["name", "container"] { source[field] = flat[field] }
            if kind == "object" { source["describedObject"] = flat["target"] }
            if let name = flat["metricName"] { source["metric", "name"] = name }
            if let selector = flat[kind == "external" ? "metricSelector" : "selector"] {
                source["metric", "selector"] = selector
            }
            var amount: Value = [:]
            for name in names(kind, side) where flat[name.flat] != nil { amount[name.nested] = flat[name.flat] }
            if side == "target" { amount["type"] = type(of: amount) }
            source[side] = amount
            result[kind] = source
        }
        return result
    }

    private static func type(of amount: Value) -> Value {
        if amount["averageUtilization"] != nil { return "Utilization" }
        return amount["averageValue"] != nil ? "AverageValue" : "Value"
    }
}
