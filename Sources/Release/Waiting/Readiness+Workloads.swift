import API
import Document

extension Readiness {
    static func deployment(_ object: Value) -> Readiness {
        // Without a deadline the controller never sets the Progressing condition.
        var progressing = object.spec("progressDeadlineSeconds", default: Int(Int32.max)) == Int(Int32.max)
        for condition in object.conditions where condition.type == "Progressing" {
            if condition.reason == "ProgressDeadlineExceeded" { return .failed("Progress deadline exceeded") }
            if condition.status == "True", condition.reason == "NewReplicaSetAvailable" { progressing = true }
        }
        let wanted = object.spec("replicas", default: 1)
        let total = object.status("replicas")
        let updated = object.status("updatedReplicas")
        let available = object.status("availableReplicas")
        let ready = object.status("readyReplicas")
        if wanted > total { return .inProgress("Replicas: \(total)/\(wanted)") }
        if wanted > updated { return .inProgress("Updated: \(updated)/\(wanted)") }
        if total > wanted { return .inProgress("Pending termination: \(total - wanted)") }
        if updated > available { return .inProgress("Available: \(available)/\(updated)") }
        if wanted > ready { return .inProgress("Ready: \(ready)/\(wanted)") }
        if !progressing { return .inProgress("ReplicaSet not Available") }
        if !object.isTrue("Available") { return .inProgress("Deployment not Available") }
        return .current("Deployment is available. Replicas: \(total)")
    }

    static func replicaSet(_ object: Value) -> Readiness {
        if object.isTrue("ReplicaFailure") { return .inProgress("Replica Failure condition. Check Pods") }
        let wanted = object.spec("replicas", default: 1)
        let total = object.status("replicas")
        let labelled = object.status("fullyLabeledReplicas")
        let available = object.status("availableReplicas")
        let ready = object.status("readyReplicas")
        if wanted > labelled { return .inProgress("Labelled: \(labelled)/\(wanted)") }
        if wanted > available { return .inProgress("Available: \(available)/\(wanted)") }
        if wanted > ready { return .inProgress("Ready: \(ready)/\(wanted)") }
        if total > wanted { return .inProgress("Pending termination: \(total - wanted)") }
        return .current("ReplicaSet is available. Replicas: \(total)")
    }

    static func statefulSet(_ object: Value) -> Readiness {
        let strategy = object["spec", "updateStrategy"]
        if strategy?["type"]?.string == "OnDelete" {
            return .current("StatefulSet is using the ondelete update strategy")
        }
        let wanted = object.spec("replicas", default: 1)
        let total = object.status("replicas")
        let ready = object.status("readyReplicas")
        let updated = object.status("updatedReplicas")
        let present = object.status("currentReplicas")
        if wanted > total { return .inProgress("Replicas: \(total)/\(wanted)") }
        if wanted > ready { return .inProgress("Ready: \(ready)/\(wanted)") }
        if total > wanted { return .inProgress("Pending termination: \(total - wanted)") }
        if let partition = strategy?["rollingUpdate", "partition"]?.int {
            if updated < wanted - partition { return .inProgress("updated: \(updated)/\(wanted - partition)") }
            return .current("Partition rollout complete. updated: \(updated)")
        }
        if wanted > present { return .inProgress("current: \(present)/\(wanted)") }
        let revisions = (object["status", "currentRevision"]?.string, object["status", "updateRevision"]?.string)
        if revisions.0 ?? "" != revisions.1 ?? "" {
            return .inProgress("Waiting for updated revision to match current")
        }
        return .current("All replicas scheduled as expected. Replicas: \(total)")
    }

    static func daemonSet(_ object: Value) -> Readiness {
        if object["metadata", "generation"]?.int == nil {
            return .inProgress("\(object.kind) metadata.generation not found")
        }
        if object["status", "observedGeneration"]?.int == nil {
            return .inProgress("\(object.kind) status.observedGeneration not found")
        }
        guard let wanted = object["status", "desiredNumberScheduled"]?.int else {
            return .inProgress("Missing .status.desiredNumberScheduled")
        }
        let scheduled = object.status("currentNumberScheduled")
        let updated = object.status("updatedNumberScheduled")
        let available = object.status("numberAvailable")
        let ready = object.status("numberReady")
        if wanted > scheduled { return .inProgress("Current: \(scheduled)/\(wanted)") }
        if wanted > updated { return .inProgress("Updated: \(updated)/\(wanted)") }
        if wanted > available { return .inProgress("Available: \(available)/\(wanted)") }
        if wanted > ready { return .inProgress("Ready: \(ready)/\(wanted)") }
        return .current("All replicas scheduled as expected. Replicas: \(wanted)")
    }

    /// A job that runs is current: only `--wait-for-jobs` waits for its end (see ``completion(of:)``).
    static func job(_ object: Value) -> Readiness {
        if let end = jobEnd(object, suspensionCounts: true) { return end }
        if (object["status", "startTime"]?.string ?? "").isEmpty { return .inProgress("Job not started") }
        return .current(
            "Job in progress. success:\(object.status("succeeded")), active: \(object.status("active")), "
                + "failed: \(object.status("failed"))")
    }

    static func jobEnd(_ object: Value, suspensionCounts: Bool) -> Readiness? {
        let wanted = object.spec("completions", default: object.spec("parallelism", default: 1))
        for condition in object.conditions where condition.status == "True" {
            switch condition.type {
            case "Complete": return .current("Job Completed. succeeded: \(object.status("succeeded"))/\(wanted)")
            case "Failed": return .failed("Job Failed. failed: \(object.status("failed"))/\(wanted)")
            case "Suspended" where suspensionCounts: return .current("Job is suspended")
            default: break
            }
        }
        return nil
    }
}
