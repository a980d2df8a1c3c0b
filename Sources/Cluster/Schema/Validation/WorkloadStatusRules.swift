import API
import Document

/// What may be said of the state of workloads (pkg/apis/{apps,core}/validation).
enum WorkloadStatusRules {
    static let deployment: Rules.Update = { object, old, faults in
        let counts: [Text] = [
            "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas",
            "unavailableReplicas", "terminatingReplicas", "collisionCount",
        ]
        check(object, counts, upTo: ["updatedReplicas", "readyReplicas", "availableReplicas"], &faults)
        checkReady(object, "readyReplicas", &faults)
        checkCollisions(object, old, &faults)
    }

    static let replicaSet: Rules.Update = { object, _, faults in
        let counts: [Text] = [
            "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration",
            "terminatingReplicas",
        ]
        check(object, counts, upTo: ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], &faults)
        checkReady(object, "readyReplicas", &faults)
    }

    static let replicationController: Rules.Update = { object, _, faults in
        let parts: [Text] = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]
        check(object, ["replicas"] + parts + ["observedGeneration"], upTo: parts, &faults)
        checkReady(object, "readyReplicas", &faults)
    }

    static let statefulSet: Rules.Update = { object, old, faults in
        let parts: [Text] = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"]
        check(object, ["replicas"] + parts + ["observedGeneration", "collisionCount"], upTo: parts, &faults)
        checkReady(object, "status.readyReplicas", &faults)
        checkCollisions(object, old, &faults)
    }

    static let daemonSet: Rules.Update = { object, old, faults in
        let counts: [Text] = [
            "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady",
            "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount",
        ]
        check(object, counts, upTo: [], &faults)
        checkCollisions(object, old, &faults)
    }

    private static func check(_ object: Value, _ counts: [Text], upTo parts: [Text], _ faults: inout Faults) {
        let status = object["status"] ?? [:]
        for key in counts { faults.checkNotNegative(status[key], "status.\(key)") }
        let all = status["replicas"]?.int ?? 0
        for key in parts {
            guard let part = status[key]?.int, part > all else { continue }
            faults.invalid("status.\(key)", .int(part), "cannot be greater than status.replicas")
        }
    }

    private static func checkReady(_ object: Value, _ words: String, _ faults: inout Faults) {
        let status = object["status"] ?? [:]
        guard let available = status["availableReplicas"]?.int, available > status["readyReplicas"]?.int ?? 0 else {
            return
        }
        faults.invalid("status.availableReplicas", .int(available), "cannot be greater than \(words)")
    }

    /// Names are made of it, which shall not come again.
    private static func checkCollisions(_ object: Value, _ old: Value, _ faults: inout Faults) {
        guard let before = old["status", "collisionCount"]?.int else { return }
        let count = object["status", "collisionCount"]?.int
        guard (count ?? -1) < before else { return }
        faults.invalid("status.collisionCount", .int(count ?? 0), "cannot be decremented")
    }
}
