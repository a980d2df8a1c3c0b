import API
import Document

/// One look at a HorizontalPodAutoscaler: what to scale to, and what to say of it (`reconcileAutoscaler`).
struct AutoscalerPlan {
    struct Event {
        let reason: String
        let message: String
        var isWarning = false
    }

    private(set) var status: Value
    private(set) var events: [Event] = []
    private let scaler: Value
    private let now: Time
    private var conditions: Conditions
    private var why = ""

    init(_ scaler: Value, now: Time) {
        self.scaler = scaler
        self.now = now
        status = scaler["status"] ?? [:]
        status["observedGeneration"] = scaler.generation > 0 ? .int(scaler.generation) : nil
        conditions = Conditions(scaler, now: now)
    }

    private mutating func set(_ type: String, _ holds: Bool, _ reason: String, _ message: String) {
        // Unlike elsewhere conditions stay in the order in which they first came.
        var changed = Conditions(scaler, now: now)
        changed.set(Condition(type, holds, reason: reason, message: message), isForced: true)
        guard let entry = changed[type] else { return }
        conditions.replace(entry)
        status["conditions"] = conditions.value
    }

    mutating func noteMissing() {
        let reference = scaler["spec", "scaleTargetRef"] ?? [:]
        let name = reference["name"]?.string ?? ""
        let group = reference["apiVersion"]?.string?.split(separator: "/").dropLast().first.map { ".\($0)" } ?? ""
        let resource = (reference["kind"]?.string ?? "").lowercased() + "s" + group
        noteFailure("\(resource) \"\(name)\" not found")
    }

    mutating func noteFailure(_ message: String) {
        set(
            "AbleToScale", false, "FailedGetScale",
            "the HPA controller was unable to get the target's current scale: \(message)")
        events.append(Event(reason: "FailedGetScale", message: message, isWarning: true))
    }

    /// What the target has to be scaled to; nil where it stays as it is.
    mutating func decide(current: Int, selector: String?) -> Int? {
        set("AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale")
        let least = scaler["spec", "minReplicas"]?.int ?? 1
        let most = scaler["spec", "maxReplicas"]?.int ?? least
        status["currentReplicas"] = current == 0 ? nil : .int(current)
        if current == 0, least != 0 {
            status["desiredReplicas"] = 0
            set(
                "ScalingActive", false, "ScalingDisabled",
                "scaling is disabled since the replica count of the target is zero")
            return nil
        }
        if current > most {
            why = "Current number of replicas above Spec.MaxReplicas"
            return most
        }
        if current < least {
            why = "Current number of replicas below Spec.MinReplicas"
            return least
        }
        noteNoMetrics(selector)
        return nil
    }

    mutating func noteScaled(to count: Int) {
        set(
            "AbleToScale", true, "SucceededRescale",
            "the HPA controller was able to update the target scale to \(count)")
        events.append(Event(reason: "SuccessfulRescale", message: "New size: \(count); reason: \(why)"))
        status["lastScaleTime"] = .string(now.description)
        status["desiredReplicas"] = .int(count)
    }

    mutating func noteRefused(_ message: String, _ count: Int) {
        set(
            "AbleToScale", false, "FailedUpdateScale",
            "the HPA controller was unable to update the target scale: \(message)")
        events.append(
            Event(
                reason: "FailedRescale", message: "New size: \(count); reason: \(why); error: \(message)",
                isWarning: true))
    }

    private mutating func noteNoMetrics(_ selector: String?) {
        guard selector?.isEmpty == false else {
            set("ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector")
            events.append(Event(reason: "SelectorRequired", message: "selector is required", isWarning: true))
            return
        }
        let metrics = scaler["spec", "metrics"]?.array ?? []
        guard let first = metrics.first else { return }
        let (reason, error) = Self.failure(of: first)
        set("ScalingActive", false, reason, "the HPA was unable to compute the replica count: \(error)")
        events.append(Event(reason: reason, message: error, isWarning: true))
        events.append(
            Event(
                reason: "FailedComputeMetricsReplicas",
                message: "invalid metrics (\(metrics.count) invalid out of \(metrics.count)), first error is: \(error)",
                isWarning: true))
    }

    /// What upstream says of a metric that no API serves.
    private static func failure(of metric: Value) -> (reason: String, error: String) {
        let type = metric["type"]?.string ?? ""
        let missing = "no custom metrics API (custom.metrics.k8s.io) registered"
        switch type {
        case "Resource", "ContainerResource":
            let part: Text = type == "Resource" ? "resource" : "containerResource"
            let name = metric[part, "name"]?.string ?? ""
            let isShare = metric[part, "target", "type"]?.string == "Utilization"
            let what = isShare ? "failed to get \(name) utilization" : "failed to get \(name) resource metric value"
            return (
                type == "Resource" ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric",
                "\(what): unable to get metrics for resource \(name): unable to fetch metrics from resource metrics "
                    + "API: the server could not find the requested resource (get pods.metrics.k8s.io)"
            )
        case "Pods":
            let name = metric["pods", "metric", "name"]?.string ?? ""
            return (
                "FailedGetPodsMetric",
                "unable to get metric \(name): unable to fetch metrics from custom metrics API: \(missing)"
            )
        case "Object":
            let name = metric["object", "metric", "name"]?.string ?? ""
            return (
                "FailedGetObjectMetric",
                "unable to get metric \(name): unable to fetch metrics from custom metrics API: \(missing)"
            )
        default:
            let name = metric["external", "metric", "name"]?.string ?? ""
            return (
                "FailedGetExternalMetric",
                "unable to get external metric \(name): unable to fetch metrics from external metrics API: the server "
                    + "could not find the requested resource"
            )
        }
    }
}
