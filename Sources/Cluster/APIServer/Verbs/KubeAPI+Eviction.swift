import API
import Client
import Document
import Schema
import Store

/// The eviction of a pod, as far as its disruption budget allows (core's EvictionREST).
extension KubeAPI {
    func evict(_ request: Request) async throws(Status) -> Answer {
        let (eviction, _) = try part(request)
        if !eviction.name.isEmpty, eviction.name != request.name {
            throw .badRequest("name in URL does not match name in Eviction object")
        }
        let options = eviction["deleteOptions"] ?? [:]
        let isDryRun = request.isDryRun || options["dryRun"]?.array?.isEmpty == false
        let pod = try request.resource.tree(try find(request))
        let verdict = try await disruption(of: pod, isDryRun: isDryRun)
        if case .refused(let status) = verdict { return Answer(status) }
        if !isDryRun, !pod.isBeingDeleted { try await markDisrupted(request, verdict) }
        var deletion = options
        if isDryRun { deletion["dryRun"] = ["All"] }
        var incoming = request.incoming
        incoming.body = .value(deletion)
        _ = try await delete(try Request(incoming, request.route, .delete, request.resource))
        return Answer(.tree(KubeAPI.created), status: 201)
    }

    private enum Disruption {
        /// No budget is touched.
        case free
        /// The pod counts for nothing in that budget while it is not ready.
        case unhealthy(budget: String)
        /// The budget has one disruption less.
        case paid
        /// What upstream answers without treating it as an error of its own.
        case refused(Status)
    }

    private func disruption(of pod: Value, isDryRun: Bool) async throws(Status) -> Disruption {
        // What has ended, has not started or ends anyway disturbs nobody any more.
        if pod.isTerminal || pod.phase == "Pending" || pod.isBeingDeleted { return .free }
        let budgets = self.budgets(of: pod)
        guard let budget = budgets.first else { return .free }
        if budgets.count > 1 {
            let words =
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            return .refused(Status(code: 500, reason: nil, message: words))
        }
        if !pod.isReady, KubeAPI.letsUnhealthyGo(budget) { return .unhealthy(budget: budget.name) }
        for _ in 0..<5 where try await spend(budget.name, pod, isDryRun: isDryRun) { return .paid }
        throw Status(
            code: 504, reason: .timeout,
            message: "Timeout: couldn't update PodDisruptionBudget \"\(budget.name)\" due to conflicts",
            details: .init(retryAfterSeconds: 10))
    }

    private static let budgets = GroupVersionResource(group: "policy", version: "v1", resource: "poddisruptionbudgets")

    /// The budgets that choose the pod; an empty selector chooses every pod, a missing one none.
    private func budgets(of pod: Value) -> [Value] {
        guard !pod.labels.isEmpty else { return [] }
        return objects("policy", "v1", "poddisruptionbudgets", namespace: pod.namespace).filter { budget in
            guard let object = budget["spec", "selector"], !object.isNull else { return false }
            return LabelSelector(object: object)?.matches(pod.labels) == true
        }
    }

    private static func letsUnhealthyGo(_ budget: Value) -> Bool {
        if budget["spec", "unhealthyPodEvictionPolicy"] == "AlwaysAllow" { return true }
        let desired = budget["status", "desiredHealthy"]?.int ?? 0
        return desired > 0 && (budget["status", "currentHealthy"]?.int ?? 0) >= desired
    }

    /// Takes one disruption from the budget; false where somebody else changed it meanwhile.
    private func spend(_ name: String, _ pod: Value, isDryRun: Bool) async throws(Status) -> Bool {
        guard let resource = served[KubeAPI.budgets] else { throw .noSuchResource }
        let key = resource.key(namespace: pod.namespace, name: name)
        guard let record = store.record(key) else { throw .notFound(KubeAPI.budgets, name) }
        let budget = try resource.tree(record)
        try KubeAPI.checkBudget(budget)
        if isDryRun { return true }
        var spent = budget
        let left = (budget["status", "disruptionsAllowed"]?.int ?? 0) - 1
        spent["status", "disruptionsAllowed"] = .int(left)
        spent["status", "disruptedPods", Text(pod.name)] = .string(now.description)
        if left == 0 { spent.exhaust(now) }
        let owner = FieldOwner(manager: "kube-apiserver", subresource: "status", now: now)
        let tracked = resource.resource.trackingUpdate(spent, from: budget, by: owner)
        do throws(StoreFailure) {
            _ = try await store.commit(Change(key, .update(StoredForm.bytes(of: tracked), expecting: record.revision)))
            return true
        } catch {
            if case .conflict = error { return false }
            throw Status(error, resource, name)
        }
    }

    private static func checkBudget(_ budget: Value) throws(Status) {
        if (budget["status", "observedGeneration"]?.int ?? 0) < budget.generation {
            throw .beingProcessed(budget.name)
        }
        let allowed = budget["status", "disruptionsAllowed"]?.int ?? 0
        var resource = budgets
        resource.resource = "poddisruptionbudget"
        if allowed < 0 { throw .forbidden(resource, budget.name, "pdb disruptions allowed is negative") }
        if (budget["status", "disruptedPods"]?.object?.count ?? 0) > 2000 {
            throw .forbidden(
                resource, budget.name,
                "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
        }
        guard allowed == 0 else { return }
        if let condition = budget.condition("DisruptionAllowed"), condition.status == "False",
            condition.reason == "SyncFailed"
        {
            throw .tooManyDisruptions(
                "The disruption budget \(budget.name) does not allow evicting pods currently because it failed sync: "
                    + condition.message)
        }
        throw .tooManyDisruptions(
            "The disruption budget \(budget.name) needs \(budget["status", "desiredHealthy"]?.int ?? 0) healthy pods "
                + "and has \(budget["status", "currentHealthy"]?.int ?? 0) currently")
    }

    /// Tells by a condition why the pod goes (PodDisruptionConditions).
    private func markDisrupted(_ request: Request, _ verdict: Disruption) async throws(Status) {
        let owner = FieldOwner(manager: "kube-apiserver", subresource: "status", now: now)
        let (resource, now) = (request.resource.resource, now)
        _ = try await revise(try request.asUpdate) { old throws(Status) in
            if case .unhealthy(let budget) = verdict, old.isReady { throw .beingProcessed(budget) }
            var pod = old
            pod.replaceCondition([
                "type": "DisruptionTarget", "status": "True", "lastProbeTime": .null,
                "lastTransitionTime": .string(now.description), "reason": "EvictionByEvictionAPI",
                "message": "Eviction API: evicting",
            ])
            return Revised(object: resource.trackingUpdate(pod, from: old, by: owner), isOwn: true)
        }
    }
}

extension Value {
    /// Puts a condition in the place of the one of its type, or behind all.
    fileprivate mutating func replaceCondition(_ condition: Value) {
        var conditions = self["status", "conditions"]?.array ?? []
        if let index = conditions.firstIndex(where: { $0["type"] == condition["type"] }) {
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        self["status", "conditions"] = .array(conditions)
    }

    /// Notes in a budget's conditions that no disruption is left.
    fileprivate mutating func exhaust(_ now: Time) {
        replaceCondition([
            "type": "DisruptionAllowed", "status": "False", "observedGeneration": .int(generation),
            "lastTransitionTime": .string(now.description), "reason": "InsufficientPods", "message": "",
        ])
    }
}

extension Status {
    fileprivate static func beingProcessed(_ budget: String) -> Status {
        .tooManyDisruptions("The disruption budget \(budget) is still being processed by the server.", retryAfter: 10)
    }

    fileprivate static func tooManyDisruptions(_ cause: String, retryAfter: Int = 0) -> Status {
        Status(
            code: 429, reason: .tooManyRequests,
            message: "Cannot evict pod as it would violate the pod's disruption budget.",
            details: .init(
                causes: [.init(reason: "DisruptionBudget", message: cause, field: "")], retryAfterSeconds: retryAfter))
    }
}
