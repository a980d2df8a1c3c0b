import API
import Client
import Document

/// A kind that asks for a number of pods like one template.
protocol ReplicaKind {
    static var kind: String { get }
    static var resource: GroupVersionResource { get }
    static var controllerName: String { get }
}

enum ReplicaSetKind: ReplicaKind {
    static let kind = "ReplicaSet"
    static let resource = GroupVersionResource.replicaSets
    static let controllerName = "replicaset-controller"
}

/// What ReplicaSets are called in core/v1; upstream runs them by the same code.
enum ReplicationControllerKind: ReplicaKind {
    static let kind = "ReplicationController"
    static let resource = GroupVersionResource.replicationControllers
    static let controllerName = "replication-controller"
}

/// Keeps as many pods of a ReplicaSet or ReplicationController as it asks for.
struct ReplicaController<Kind: ReplicaKind>: Controller {
    static var name: String { Kind.controllerName }

    private let desk: Desk
    private let sets: Informer
    private let claims: Claims
    private let pods: PodControl

    init(_ desk: Desk) {
        self.desk = desk
        sets = desk.informers[Kind.resource]
        claims = Claims(desk: desk, resource: .pods, owners: Kind.resource)
        pods = PodControl(desk: desk)
    }

    var sources: [Source] { [.each(sets), .owned(desk.informers[.pods], by: Kind.kind, in: sets)] }

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
            try await desk.writes.update(Kind.resource, changed, subresource: "status", for: key)
        }
        if let failed { throw failed }
        return plan.nextAvailability
    }
}

/// What a ReplicaSet needs, from what it has.
struct ReplicaPlan {
    /// How many pods are made or deleted in one go, so that one owner does not hold up the others.
    static let burst = 500

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
        missing = min(max(0, wanted - active.count), Self.burst)
        let excess = min(max(0, active.count - wanted), Self.burst)
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
        guard set.kind == ReplicaSetKind.kind else { return withConditions(status, of: set, failure, changed, now) }
        status["terminatingReplicas"] = .int(claimed.count { $0.isBeingDeleted && !$0.isTerminal })
        return withConditions(status, of: set, failure, changed, now)
    }

    private func withConditions(
        _ status: Value, of set: Value, _ failure: Condition?, _ changed: Bool, _ now: Time
    ) -> Value {
        var status = status
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
