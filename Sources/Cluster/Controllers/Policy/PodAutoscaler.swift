import API
import Client
import Document

/// Keeps the number of pods of a target within the limits of a HorizontalPodAutoscaler ("Horizontal Pod Autoscaling").
///
/// Nothing here serves metrics.k8s.io: as upstream without a metrics server it holds the limits, says that it cannot
/// compute more, and leaves the number within them as it is.
struct PodAutoscaler: Controller {
    static let name = "horizontal-pod-autoscaler"

    /// `--horizontal-pod-autoscaler-sync-period`; the first look comes that long after an autoscaler is made.
    private static let period = Duration.seconds(15)

    private let desk: Desk
    private let scalers: Informer
    private let scales: Scales

    init(_ desk: Desk) {
        self.desk = desk
        scalers = desk.informers[.horizontalPodAutoscalers]
        scales = Scales(desk.client)
    }

    var sources: [Source] {
        [
            Source(scalers) { change in
                if case .updated(let old, let new) = change, old["spec"] == new["spec"] { return [] }
                return [change.object.key]
            }
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let scaler = scalers[key], !scaler.isBeingDeleted else { return nil }
        if let made = scaler.creationTimestamp, made + Self.period > desk.now {
            return made + Self.period - desk.now
        }
        var plan = AutoscalerPlan(scaler, now: desk.now)
        let reference = scaler["spec", "scaleTargetRef"] ?? [:]
        do {
            let target = try await scales.find(
                apiVersion: reference["apiVersion"]?.string ?? "", kind: reference["kind"]?.string ?? "",
                namespace: scaler.namespace, name: reference["name"]?.string ?? "")
            if let target { try await follow(&plan, target, scaler) } else { plan.noteMissing() }
        } catch {
            plan.noteFailure("\(error)")
        }
        for event in plan.events {
            event.isWarning
                ? desk.events.warning(scaler, event.reason, event.message)
                : desk.events.normal(scaler, event.reason, event.message)
        }
        if plan.status != scaler["status"] {
            var changed = scaler
            changed["status"] = plan.status
            try await desk.writes.update(.horizontalPodAutoscalers, changed, subresource: "status", for: key)
        }
        return Self.period
    }

    private func follow(_ plan: inout AutoscalerPlan, _ target: Scales.Target, _ scaler: Value) async throws {
        let current = target.scale["spec", "replicas"]?.int ?? 0
        guard let wanted = plan.decide(current: current, selector: target.scale["status", "selector"]?.string) else {
            return
        }
        var target = target
        target.scale["spec", "replicas"] = .int(wanted)
        do {
            try await scales.write(target)
            plan.noteScaled(to: wanted)
        } catch {
            plan.noteRefused("\(error)", wanted)
        }
    }
}
