import API
import Document

extension JobPlan {
    /// The pods that ended whose finalizers may go now, for they are noted.
    var pendingRelease: [Value] {
        let running = Set(active.compactMap(\.completionIndex))
        return pods.filter { pod in
            guard pod.outcome(in: job) != nil, !released.contains(pod.uid) else { return false }
            // A pod that is being deleted keeps the count of its index until the next pod of that has it.
            return verdict != nil || !(indexFailures?.isNeeded(pod, active: running) ?? false)
        }
    }

    /// Their finalizers are gone.
    mutating func noteReleased(_ pods: [Value]) {
        released.formUnion(pods.map(\.uid))
        counts.count(released)
    }

    /// The status to write.
    ///
    /// - Parameter current: the Job as it is stored now.
    func status(over current: Value) -> Value {
        var status = current["status"] ?? [:]
        set(&status, "active", conditions["Complete"] == nil ? runningAfter : 0)
        set(&status, "succeeded", counts.countedSucceeded)
        set(&status, "failed", counts.countedFailed)
        status["ready"] = .int(active.count { $0.isReady && !isRemoved($0) })
        status["terminating"] = .int(pods.count { ($0.isBeingDeleted && !$0.isTerminal) || isRemoved($0) })
        status["uncountedTerminatedPods"] = counts.uncounted
        status["conditions"] = conditions.value
        if isIndexed, !counts.completedIndexes.isEmpty {
            status["completedIndexes"] = .string(Indexes.write(counts.completedIndexes))
        }
        if let failed = indexFailures?.failed {
            status["failedIndexes"] = .string(Indexes.write(failed.subtracting(counts.completedIndexes)))
        }
        setTimes(&status)
        return status
    }

    private var runningAfter: Int { active.count - surplus.count + created.count }

    private func isRemoved(_ pod: Value) -> Bool { surplus.contains { $0.uid == pod.uid } }

    private func set(_ status: inout Value, _ key: Text, _ count: Int) { status[key] = count == 0 ? nil : .int(count) }

    private func setTimes(_ status: inout Value) {
        if isSuspended {
            status["startTime"] = nil
        } else if status["startTime"] == nil {
            status["startTime"] = .string(now.description)
        }
        if conditions["Complete"]?["status"]?.string == "True", status["completionTime"] == nil {
            status["completionTime"] = .string(now.description)
        }
    }
}
