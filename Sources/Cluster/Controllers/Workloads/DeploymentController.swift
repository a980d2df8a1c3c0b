import API
import Client
import Document

/// Rolls the ReplicaSets of a Deployment from one pod template to the next.
struct DeploymentController: Controller {
    static let name = "deployment-controller"

    private let desk: Desk
    private let deployments: Informer
    private let sets: Informer
    private let pods: Informer
    private let claims: Claims

    init(_ desk: Desk) {
        self.desk = desk
        deployments = desk.informers[.deployments]
        sets = desk.informers[.replicaSets]
        pods = desk.informers[.pods]
        claims = Claims(desk: desk, resource: .replicaSets, owners: .deployments)
    }

    var sources: [Source] {
        [.each(deployments, settles: true), .owned(sets, by: "Deployment", in: deployments), lastPods]
    }

    /// A pod that is gone matters to Recreate, which waits for the old ones to end.
    private var lastPods: Source {
        Source(pods) { [sets] change in
            guard case .deleted(let pod) = change, let key = pod.controllerKey("ReplicaSet"),
                let owner = sets[key]?.controllerKey("Deployment")
            else { return [] }
            return [owner]
        }
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let deployment = deployments[key] else { return nil }
        guard deployment.podSelector != nil else {
            desk.events.warning(
                deployment, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.")
            return nil
        }
        let claimed = try await claims.claim(for: deployment, key: key)
        let running = claimed.flatMap { pods.objects(by: .controller, $0.uid) }
        var rollout = Rollout(
            deployment, sets: claimed, pods: running, now: desk.now, templateText: desk.options.templateText)
        rollout.decide()
        var stored = deployment
        for step in rollout.steps {
            guard try await take(step, deployment, key) else { return .milliseconds(20) }
            if case .create = step { stored = try await tellOfNewSet(rollout, key) }
        }
        try await write(&rollout, over: stored, key)
        return rollout.nextLook
    }

    /// Takes one step; false where its ground was gone, and all has to be looked at anew.
    private func take(_ step: Rollout.Step, _ deployment: Value, _ key: String) async throws -> Bool {
        switch step {
        case .create(let set):
            return try await create(set, deployment, key)
        case .update(let set, let before):
            try await desk.writes.update(.replicaSets, set, for: key)
            tell(deployment, set.name, from: before, to: set.specReplicas)
        case .delete(let set):
            try await desk.writes.delete(.replicaSets, set, for: key)
        }
        return true
    }

    private func create(_ set: Value, _ deployment: Value, _ key: String) async throws -> Bool {
        do {
            try await desk.writes.create(.replicaSets, set, for: key)
            tell(deployment, set.name, from: 0, to: set.specReplicas)
            return true
        } catch let status as Status where status.reason == .alreadyExists {
            try await resolve(set, deployment, key)
            return false
        } catch let status as Status where status.saysNamespaceTerminates {
            return true
        } catch {
            try await report(error, set, deployment, key)
            throw error
        }
    }

    /// Another ReplicaSet has the name: where it is not one that the cache will show, the next hash is another one.
    private func resolve(_ set: Value, _ deployment: Value, _ key: String) async throws {
        let other = try await desk.client.find(.replicaSets, namespace: set.namespace, name: set.name)
        if let other, other.controller?.uid == deployment.uid, other.template.isSameTemplate(as: set.template) {
            return
        }
        var changed = deployment
        changed["status", "collisionCount"] = .int((deployment["status", "collisionCount"]?.int ?? 0) + 1)
        try await desk.writes.update(.deployments, changed, subresource: "status", for: key)
    }

    private func report(_ error: any Error, _ set: Value, _ deployment: Value, _ key: String) async throws {
        let message = "Failed to create new replica set \"\(set.name)\": \(error)"
        desk.events.warning(deployment, "ReplicaSetCreateError", message)
        var conditions = Conditions(deployment, .updated, now: desk.now)
        conditions.set(Condition("Progressing", false, reason: "ReplicaSetCreateError", message: "\(error)"))
        var changed = deployment
        changed["status", "conditions"] = conditions.value
        try await desk.writes.update(.deployments, changed, subresource: "status", for: key)
    }

    private func tell(_ deployment: Value, _ name: String, from before: Int, to count: Int) {
        guard before != count else { return }
        let way = before < count ? "up" : "down"
        desk.events.normal(
            deployment, "ScalingReplicaSet", "Scaled \(way) replica set \(name) from \(before) to \(count)")
    }

    /// The revision is told before the counts are, as upstream does: who watches sees which roll-out they belong to.
    private func tellOfNewSet(_ rollout: Rollout, _ key: String) async throws -> Value {
        var changed = rollout.deployment
        changed["status", "conditions"] = rollout.conditions.value
        note(revisionOf: rollout, on: &changed)
        let stored = try await desk.writes.update(.deployments, changed, subresource: "status", for: key)
        return InformerSet.withoutManagedFields(stored)
    }

    private func note(revisionOf rollout: Rollout, on deployment: inout Value) {
        guard let revision = rollout.new?.annotation(DeploymentAnnotation.revision) else { return }
        deployment["metadata", "annotations", DeploymentAnnotation.revision] = .string(revision)
    }

    private func write(_ rollout: inout Rollout, over stored: Value, _ key: String) async throws {
        var changed = stored
        changed["status"] = rollout.status()
        note(revisionOf: rollout, on: &changed)
        guard changed != stored else { return }
        try await desk.writes.update(.deployments, changed, subresource: "status", for: key)
    }
}
