import API
import Document

extension Rollout {
    /// Seconds without progress after which a roll-out counts as stuck; nil where it never does.
    var progressDeadline: Int? {
        guard let seconds = deployment["spec", "progressDeadlineSeconds"]?.int, seconds != Int(Int32.max) else {
            return nil
        }
        return seconds
    }

    var hasProgressDeadline: Bool { progressDeadline != nil }

    /// Whether all pods are new, and as many as wanted are available.
    var isComplete: Bool { isComplete(counts()) }

    private func isComplete(_ status: Value) -> Bool {
        status["updatedReplicas"]?.int ?? 0 == replicas && status["replicas"]?.int ?? 0 == replicas
            && status["availableReplicas"]?.int ?? 0 == replicas
    }

    /// The counts of `calculateStatus`.
    private func counts() -> Value {
        let available = all.reduce(0) { $0 + $1.availableReplicas }
        var status = Value.counts([
            "observedGeneration": deployment.generation, "replicas": all.reduce(0) { $0 + $1.statusReplicas },
            "updatedReplicas": new?.statusReplicas ?? 0, "readyReplicas": all.reduce(0) { $0 + $1.readyReplicas },
            "availableReplicas": available,
            "unavailableReplicas": max(0, all.reduce(0) { $0 + $1.specReplicas } - available),
        ])
        status["terminatingReplicas"] = .int(all.reduce(0) { $0 + ($1["status", "terminatingReplicas"]?.int ?? 0) })
        status["collisionCount"] = deployment["status", "collisionCount"]
        return status
    }

    /// The status to write after the steps are done.
    mutating func status() -> Value {
        var status = counts()
        noteAvailability(status)
        if !deployment.isBeingDeleted, !isPaused, !isScaling { noteProgress(status) }
        status["conditions"] = conditions.value
        return status
    }

    private mutating func noteAvailability(_ status: Value) {
        let isAvailable = status["availableReplicas"]?.int ?? 0 >= replicas - limits.unavailable
        conditions.set(
            Condition(
                "Available", isAvailable,
                reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                message: isAvailable
                    ? "Deployment has minimum availability." : "Deployment does not have minimum availability."))
    }

    /// `syncRolloutStatus`.
    private mutating func noteProgress(_ status: Value) {
        let isDone =
            status["replicas"] == status["updatedReplicas"]
            && conditions.reason("Progressing") == "NewReplicaSetAvailable"
        if !hasProgressDeadline { conditions.remove("Progressing") }
        if hasProgressDeadline, !isDone {
            let who = new.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(deployment.name)\""
            if isComplete(status) {
                conditions.set(
                    Condition(
                        "Progressing", true, reason: "NewReplicaSetAvailable",
                        message: "\(who) has successfully progressed."))
            } else if hasProgressed(to: status) {
                conditions.set(
                    Condition("Progressing", true, reason: "ReplicaSetUpdated", message: "\(who) is progressing."),
                    isForced: true)
            } else if hasTimedOut {
                conditions.set(
                    Condition(
                        "Progressing", false, reason: "ProgressDeadlineExceeded",
                        message: "\(who) has timed out progressing."))
            }
        }
        let failure = ([new].compactMap { $0 } + old).lazy.compactMap { $0.condition("ReplicaFailure") }.first
        if let failure { conditions.set(failure) } else { conditions.remove("ReplicaFailure") }
    }

    private func hasProgressed(to status: Value) -> Bool {
        func count(_ value: Value?, _ key: Text) -> Int { value?[key]?.int ?? 0 }
        let before = deployment["status"]
        let oldPods = count(status, "replicas") - count(status, "updatedReplicas")
        let oldPodsBefore = count(before, "replicas") - count(before, "updatedReplicas")
        return count(status, "updatedReplicas") > count(before, "updatedReplicas") || oldPods < oldPodsBefore
            || count(status, "readyReplicas") > count(before, "readyReplicas")
            || count(status, "availableReplicas") > count(before, "availableReplicas")
    }

    private var hasTimedOut: Bool {
        guard let reason = conditions.reason("Progressing"), reason != "NewReplicaSetAvailable" else { return false }
        if reason == "ProgressDeadlineExceeded" { return true }
        return deadline.map { $0 < now } ?? false
    }

    private var deadline: Time? {
        guard let seconds = progressDeadline,
            let since = conditions["Progressing"]?["lastUpdateTime"]?.string.flatMap({ Time($0) })
        else { return nil }
        return since + .seconds(seconds)
    }

    /// When to look whether the roll-out is stuck (`requeueStuckDeployment`); nil where it cannot be.
    var nextLook: Duration? {
        guard let reason = conditions.reason("Progressing"), let deadline,
            !["NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused"].contains(reason)
        else { return nil }
        // A second more, for times are stored in whole ones.
        return max(deadline - now, .zero) + .seconds(1)
    }
}
