import API
import Document

/// One look at a StatefulSet with its pods: the next steps, in the order that its policies ask for
/// (`stateful_set_control.go`).
struct StatefulSetPlan {
    enum Step: Equatable {
        /// Make the pod of that ordinal after the named revision.
        case create(ordinal: Int, revision: String)
        case delete(Value)
    }

    private(set) var steps: [Step] = []
    private(set) var nextLook: Duration?
    private let owner: Value
    private let pods: [Int: Value]
    private let current: String
    private let update: String
    private let now: Time

    /// - Parameters:
    ///   - current: the name of the revision that the pods had before the update under way.
    ///   - update: the name of the newest revision.
    init(_ set: Value, pods: [Value], current: String, update: String, now: Time) {
        owner = set
        self.current = current
        self.update = update
        self.now = now
        self.pods = Dictionary(
            pods.compactMap { pod in pod.ordinal(in: set).map { ($0, pod) } }, uniquingKeysWith: { first, _ in first })
        nextLook = pods.compactMap { $0.availability(minReadySeconds: minReadySeconds, now: now) }.min()
    }

    private var minReadySeconds: Int { owner["spec", "minReadySeconds"]?.int ?? 0 }
    private var start: Int { owner["spec", "ordinals", "start"]?.int ?? 0 }
    private var ordinals: Range<Int> { start..<start + owner.specReplicas }
    private var isOrdered: Bool { owner["spec", "podManagementPolicy"]?.string != "Parallel" }
    private var partition: Int? { owner["spec", "updateStrategy", "rollingUpdate", "partition"]?.int }

    mutating func decide() {
        guard fill(), condemn() else { return }
        roll()
    }

    /// Makes the pods that are missing; false where the order asks to wait.
    private mutating func fill() -> Bool {
        for ordinal in ordinals {
            guard let pod = pods[ordinal] else {
                steps.append(.create(ordinal: ordinal, revision: revision(for: ordinal)))
                if isOrdered { return false }
                continue
            }
            if pod.isTerminal, !pod.isBeingDeleted {
                steps.append(.delete(pod))
                if isOrdered { return false }
            } else if isOrdered, !isAvailable(pod) {
                return false
            }
        }
        return true
    }

    /// Takes away the pods beyond the wanted number, the last one first.
    private mutating func condemn() -> Bool {
        let condemned = pods.filter { !ordinals.contains($0.key) }.sorted { $0.key > $1.key }.map(\.value)
        let firstUnhealthy = condemned.last { !isHealthy($0) }
        for pod in condemned {
            if pod.isBeingDeleted {
                if isOrdered { return false }
                continue
            }
            if isOrdered, !isHealthy(pod), pod.uid != firstUnhealthy?.uid { return false }
            steps.append(.delete(pod))
            if isOrdered { return false }
        }
        return true
    }

    /// Whether the set has become too small for the pod.
    func isSurplus(_ pod: Value) -> Bool { pod.ordinal(in: owner).map { !ordinals.contains($0) } ?? false }

    /// How many pods may be away at a time during an update.
    private var mostUnavailable: Int {
        let limit = IntOrString(owner["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"])
        return max(limit?.scaled(of: owner.specReplicas, roundUp: true) ?? 1, 1)
    }

    /// Replaces the pods of older revisions from the last down to the partition, as many at a time as may be away.
    private mutating func roll() {
        guard owner["spec", "updateStrategy", "type"]?.string != "OnDelete" else { return }
        let targets = ordinals.filter { $0 >= start + (partition ?? 0) }
        // What has been replaced and is not back yet.
        let away = targets.count { ordinal in
            guard let pod = pods[ordinal], !pod.isBeingDeleted else { return true }
            return pod.revisionHash == update && !isAvailable(pod)
        }
        let old = targets.reversed().compactMap { pods[$0] }.filter { $0.revisionHash != update && !$0.isBeingDeleted }
        steps += old.prefix(max(mostUnavailable - away, 0)).map { .delete($0) }
    }

    /// New pods below the partition, or not yet reached by an ordered update, are made as the ones before them were.
    private func revision(for ordinal: Int) -> String {
        guard owner["spec", "updateStrategy", "type"]?.string != "OnDelete" else { return update }
        if let partition { return ordinal < start + partition ? current : update }
        return ordinal <= start + (owner["status", "currentReplicas"]?.int ?? 0) ? current : update
    }

    private func isHealthy(_ pod: Value) -> Bool { pod.phase == "Running" && pod.isReady && !pod.isBeingDeleted }

    private func isAvailable(_ pod: Value) -> Bool {
        isHealthy(pod) && pod.isAvailable(minReadySeconds: minReadySeconds, now: now)
    }

    /// The status to write.
    func status(over old: Value?) -> Value {
        let all = Array(pods.values)
        let living = all.filter { !$0.isBeingDeleted }
        let ready = all.count { $0.phase == "Running" && $0.isReady }
        let updated = living.count { $0.revisionHash == update }
        var currentPods = living.count { $0.revisionHash == current }
        var currentName = current
        let isRolling = owner["spec", "updateStrategy", "type"]?.string != "OnDelete"
        if isRolling, updated == all.count, ready == all.count, all.count == owner.specReplicas {
            currentName = update
            currentPods = updated
        }
        var status = Value.counts([
            "observedGeneration": owner.generation, "readyReplicas": ready, "currentReplicas": currentPods,
            "updatedReplicas": updated,
        ])
        status["replicas"] = .int(all.count)
        status["availableReplicas"] = .int(all.count(where: isAvailable))
        status["currentRevision"] = .string(currentName)
        status["updateRevision"] = .string(update)
        status["collisionCount"] = old?["collisionCount"] ?? 0
        status["conditions"] = old?["conditions"]
        return status
    }
}

extension Value {
    /// The number at the end of the pod's name; nil where the name is not one that the set gives.
    func ordinal(in set: Value) -> Int? {
        guard name.hasPrefix("\(set.name)-") else { return nil }
        let digits = name.dropFirst(set.name.count + 1)
        guard let ordinal = Int(digits), String(ordinal) == digits else { return nil }
        return ordinal
    }
}
