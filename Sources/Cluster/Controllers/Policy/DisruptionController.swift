import API
import Client
import Document

/// Says of each PodDisruptionBudget how many of its pods may be evicted now ("Specifying a Disruption Budget").
struct DisruptionController: Controller {
    static let name = "disruption-controller"
    static let workers = 1

    private let desk: Desk
    private let budgets: Informer
    private let pods: Informer
    private let scales: Scales

    init(_ desk: Desk) {
        self.desk = desk
        budgets = desk.informers[.podDisruptionBudgets]
        pods = desk.informers[.pods]
        scales = Scales(desk.client)
    }

    var sources: [Source] {
        [
            .each(budgets),
            Source(pods) { [budgets] change in
                var versions = [change.object]
                if case .updated(let old, _) = change { versions.append(old) }
                return budgets.objects(in: change.object.namespace).filter { budget in
                    versions.contains { BudgetPlan.selector(of: budget)?.matches($0.labels) ?? false }
                }.map(\.key)
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let budget = budgets[key] else { return nil }
        let selector = BudgetPlan.selector(of: budget)
        let chosen = pods.objects(in: budget.namespace).filter { selector?.matches($0.labels) ?? false }
        if chosen.isEmpty { desk.events.normal(budget, "NoPods", "No matching pods found") }
        var plan = BudgetPlan(budget, pods: chosen, now: desk.now)
        do {
            if plan.needsScale {
                let (scale, strays) = try await expected(chosen)
                plan.expected = scale
                if strays > 0 { tellStrays(budget, strays) }
            }
            try await write(plan.status, on: budget, key)
        } catch let status as Status where status.reason == .conflict {
            throw status
        } catch {
            desk.events.warning(
                budget, "CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: \(error)")
            try await write(plan.failed("\(error)"), on: budget, key)
            throw error
        }
        return plan.nextLook
    }

    private func write(_ status: Value, on budget: Value, _ key: String) async throws {
        guard status != budget["status"] else { return }
        var changed = budget
        changed["status"] = status
        try await desk.writes.update(.podDisruptionBudgets, changed, subresource: "status", for: key)
    }

    private func tellStrays(_ budget: Value, _ count: Int) {
        desk.events.warning(
            budget, "UnmanagedPods",
            "\(count) of the selected pods have no controller that says how many there should be, so that shares of "
                + "them cannot be computed; set .spec.minAvailable to a number to count such pods")
    }

    /// How many pods their controllers ask for in all, and how many pods have none (`getExpectedScale`).
    private func expected(_ pods: [Value]) async throws -> (scale: Int, strays: Int) {
        var counted: [String: Int] = [:]
        var strays = 0
        for pod in pods {
            guard let owner = pod.controller else {
                strays += 1
                continue
            }
            guard counted[owner.uid] == nil else { continue }
            counted[owner.uid] = 0
            let (uid, scale) = try await scale(of: owner, pod)
            counted[uid] = scale
        }
        return (counted.values.reduce(0, +), strays)
    }

    /// What a pod's controller asks for; of a ReplicaSet that a Deployment controls, what that asks for.
    private func scale(of owner: OwnerReference, _ pod: Value) async throws -> (uid: String, count: Int) {
        var owner = owner
        if owner.kind == "ReplicaSet",
            let set = try await desk.client.find(.replicaSets, namespace: pod.namespace, name: owner.name),
            set.uid == owner.uid, let above = set.controller, above.kind == "Deployment"
        {
            owner = above
        }
        let target = try await scales.find(
            apiVersion: owner.apiVersion, kind: owner.kind, namespace: pod.namespace, name: owner.name)
        guard let target, target.scale.uid == owner.uid else {
            throw Status.internalError("found no controllers for pod \"\(pod.name)\"")
        }
        return (owner.uid, target.scale["spec", "replicas"]?.int ?? 0)
    }
}
