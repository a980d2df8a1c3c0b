import API
import Document

extension Readiness {
    static func service(_ object: Value) -> Readiness {
        if object["spec", "type"]?.string == "LoadBalancer", (object["spec", "clusterIP"]?.string ?? "").isEmpty {
            return .inProgress("ClusterIP not set. Service type: LoadBalancer")
        }
        return .current("Service is ready")
    }

    static func claim(_ object: Value) -> Readiness {
        let phase = object["status", "phase"]?.string ?? "unknown"
        return phase == "Bound" ? .current("PVC is Bound") : .inProgress("PVC is not Bound. phase: \(phase)")
    }

    static func pod(_ object: Value, now: Time) -> Readiness {
        switch object["status", "phase"]?.string ?? "" {
        case "Succeeded": return .current("Pod has completed successfully")
        case "Failed": return .current("Pod has completed, but not successfully")
        case "Running":
            if object.isTrue("Ready") { return .current("Pod is Ready") }
            let looping = crashLooping(object)
            if !looping.isEmpty {
                return .failed("Containers in CrashLoop state: \(looping.joined(separator: ","))")
            }
            return .inProgress("Pod is running but is not Ready")
        case "Pending":
            let scheduled = object.condition("PodScheduled")
            guard scheduled?.status == "False", scheduled?.reason == "Unschedulable" else {
                return .inProgress("Pod is in the Pending phase")
            }
            // The scheduler gets fifteen seconds before a pod counts as one that cannot be placed.
            let waited = object.creationTimestamp.map { now - $0 } ?? .zero
            return waited < .seconds(15)
                ? .inProgress("Pod has not been scheduled") : .failed("Pod could not be scheduled")
        case "": return .inProgress("Pod phase not available")
        case let phase: return Readiness.inProgress("unknown phase \(phase)")
        }
    }

    private static func crashLooping(_ object: Value) -> [String] {
        (object["status", "containerStatuses"]?.array ?? [])
            .filter { $0["state", "waiting", "reason"]?.string == "CrashLoopBackOff" }
            .compactMap { $0["name"]?.string }
    }

    static func definition(_ object: Value) -> Readiness {
        for condition in object.conditions {
            if condition.type == "NamesAccepted", condition.status == "False" { return .failed(condition.message) }
            guard condition.type == "Established" else { continue }
            if condition.status == "True" { return .current("CRD is established") }
            if condition.status == "False", condition.reason != "Installing" { return .failed(condition.message) }
        }
        return .inProgress("Install in progress")
    }

    /// Whether a hook is done: jobs and pods have to end well, anything else is done once it is there.
    static func completion(of object: Value) -> Readiness {
        switch (object.groupVersionKind?.group ?? "", object.kind) {
        case ("batch", "Job"): return jobCompletion(object)
        case ("", "Pod"):
            switch object["status", "phase"]?.string {
            case "Succeeded": return .current("pod \(object.name) succeeded")
            case "Failed": return .failed("pod \(object.name) failed")
            default: return .inProgress("Pod in progress")
            }
        default: return .current("Resource is current")
        }
    }

    /// Whether a job has come to its end.
    static func jobCompletion(_ object: Value) -> Readiness {
        jobEnd(object, suspensionCounts: false) ?? .inProgress("Job in progress")
    }
}
