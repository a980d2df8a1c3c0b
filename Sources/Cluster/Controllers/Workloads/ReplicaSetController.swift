import API
import Client
import Document

/// Keeps as many pods of a ReplicaSet as it asks for.
struct ReplicaSetController: Controller {
    static let name = "replicaset-controller"

    /// How many pods are made or deleted in one go, so that one owner does not hold up the others.
    static let burst = 500

    private let desk: Desk
    private let sets: Informer
    private let claims: Claims
    private let pods: PodControl

    init(_ desk: Desk) {
        self.desk = desk
        sets = desk.informers[.replicaSets]
        claims = Claims(desk: desk, resource: .pods, owners: .replicaSets)
        pods = PodControl(desk: desk)
    }

    var sources: [Source] { [.each(sets), .owned(desk.informers[.pods], by: "ReplicaSet", in: sets)] }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let set = sets[key] else { return nil }
        let claimed = try await claims.claim(for: set, key: key)
        let plan = ReplicaPlan(set, pods: claimed, now: desk.now)
        var failure: Condition?
        var failed: (any Error)?
        if !set.isBeingDeleted {
            do {
                try await pods.create(plan.missing, from: set["spec", "template"] ?? [:], owner: set, key: key)
                try await pods.delete(plan.surplus, owner: set, key: key)
            } catch {
                failure = Condition(
                    "ReplicaFailure", true, reason: plan.missing > 0 ? "FailedCreate" : "FailedDelete",
                    message: "\(error)")
                failed = error
            }
        }
        let status = plan.status(of: set, failure: failure, changed: !set.isBeingDeleted, now: desk.now)
        if status != set["status"] ?? [:] {
            var changed = set
            changed["status"] = status
            try await desk.writes.update(.replicaSets, changed, subresource: "status", for: key)
        }
        if let failed { throw failed }
        return plan.nextAvailability
    }
}

/// What a ReplicaSet needs, from what it has.
struct ReplicaPlan {
    /// How many pods to make.
    let missing: Int
    /// Which pods to delete.
    let surplus: [Value]
    /// After how long the next pod that is ready becomes available.
    let nextAvailability: Duration?
    private let claimed: [Value]

    init(_ set: Value, pods claimed: [Value], now: Time) {
        self.claimed = claimed
        let active = claimed.filter(\.isActive)
        let wanted = set["spec", "replicas"]?.int ?? 1
        missing = min(max(0, wanted - active.count), ReplicaSetController.burst)
        let excess = min(max(0, active.count - wanted), ReplicaSetController.burst)
        surplus = excess == 0 ? [] : Array(PodRanking(active, now: now).sorted(active).prefix(excess))
        let delay = set["spec", "minReadySeconds"]?.int ?? 0
        nextAvailability = active.compactMap { $0.availability(minReadySeconds: delay, now: now) }.min()
    }

    /// The status to write (`calculateStatus`).
    ///
    /// - Parameter changed: whether pods were to be made or deleted; else the failure condition stays as it is.
    func status(of set: Value, failure: Condition?, changed: Bool, now: Time) -> Value {
        let active = claimed.filter(\.isActive)
        let labels = LabelSelector(matching: set["spec", "template", "metadata", "labels"]?.object ?? [:])
        let delay = set["spec", "minReadySeconds"]?.int ?? 0
        var status = Value.counts([
            "fullyLabeledReplicas": active.count { labels.matches($0.labels) },
            "readyReplicas": active.count(where: \.isReady),
            "availableReplicas": active.count { $0.isAvailable(minReadySeconds: delay, now: now) },
            "observedGeneration": set.generation,
        ])
        status["replicas"] = .int(active.count)
        status["terminatingReplicas"] = .int(claimed.count { $0.isBeingDeleted && !$0.isTerminal })
        var conditions = Conditions(set, now: now)
        if let failure {
            if conditions["ReplicaFailure"] == nil { conditions.set(failure) }
        } else if changed {
            conditions.remove("ReplicaFailure")
        }
        status["conditions"] = conditions.value
        return status
    }
}
