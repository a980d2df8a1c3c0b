import API
import Document

extension Rollout {
    /// How many pods more than wanted and how many unavailable ones a rolling update may have
    /// (`ResolveFenceposts`): surge rounds up, unavailability down, and both are never zero.
    var limits: (surge: Int, unavailable: Int) {
        guard isRolling else { return (0, 0) }
        let rolling = deployment["spec", "strategy", "rollingUpdate"]
        let surge = IntOrString(rolling?["maxSurge"])?.scaled(of: replicas, roundUp: true) ?? 0
        let unavailable = IntOrString(rolling?["maxUnavailable"])?.scaled(of: replicas, roundUp: false) ?? 0
        return (surge, min(surge == 0 && unavailable == 0 ? 1 : unavailable, replicas))
    }

    var surge: Int { limits.surge }

    /// How many replicas the new ReplicaSet may have now (`NewRSNewReplicas`).
    func newSize(of set: Value) -> Int {
        guard isRolling else { return replicas }
        let room = replicas + surge - all.reduce(0) { $0 + $1.specReplicas }
        guard room > 0 else { return set.specReplicas }
        return set.specReplicas + min(room, replicas - set.specReplicas)
    }

    /// Brings the ReplicaSets to a new size of the Deployment, or of one that is paused, without rolling on
    /// (`Deployment: proportional scaling`).
    mutating func scale() {
        let active = all.filter { $0.specReplicas > 0 }
        if active.count <= 1 {
            let only = active.first ?? new ?? old.max { $0.revision < $1.revision }
            if let only { resize(only, to: replicas) }
            return
        }
        if let new, isSaturated(new) {
            for set in old where set.specReplicas > 0 { resize(set, to: 0) }
        } else if isRolling {
            scaleProportionally(active)
        }
    }

    private func isSaturated(_ set: Value) -> Bool {
        let desired = Int(set.annotation(DeploymentAnnotation.desired) ?? "")
        return set.specReplicas == replicas && desired == replicas && set.availableReplicas == replicas
    }

    /// Shares what is added or taken among the active ReplicaSets by their sizes; what rounding leaves goes to the
    /// first, the largest.
    private mutating func scaleProportionally(_ active: [Value]) {
        let allowed = replicas > 0 ? replicas + surge : 0
        let missing = allowed - active.reduce(0) { $0 + $1.specReplicas }
        let sorted = active.sorted { a, b in
            if a.specReplicas != b.specReplicas { return a.specReplicas > b.specReplicas }
            return missing > 0 ? Value.isOlder(b, a) : Value.isOlder(a, b)
        }
        var sizes = sorted.map(\.specReplicas)
        var added = 0
        for (index, set) in sorted.enumerated() where missing != 0 {
            let share = proportion(of: set, missing: missing, added: added)
            sizes[index] += share
            added += share
        }
        if missing != 0, !sizes.isEmpty { sizes[0] = max(0, sizes[0] + missing - added) }
        for (set, size) in zip(sorted, sizes) { resize(set, to: size) }
    }

    private func proportion(of set: Value, missing: Int, added: Int) -> Int {
        guard set.specReplicas != 0 else { return 0 }
        let most = Int(set.annotation(DeploymentAnnotation.most) ?? "") ?? 0
        let before = most > 0 ? most : replicas
        let exact = Double(set.specReplicas * (replicas + surge)) / Double(max(before, 1))
        let fraction = replicas == 0 ? -set.specReplicas : Int(exact.rounded()) - set.specReplicas
        let rest = missing - added
        return missing > 0 ? min(max(fraction, 0), rest) : max(min(fraction, 0), rest)
    }
}
