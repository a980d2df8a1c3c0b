import API
import Client
import Document

/// Runs pods until enough of them have succeeded ("Jobs").
struct JobController: Controller {
    static let name = "job-controller"

    static let finalizer = "batch.kubernetes.io/job-tracking"

    private let desk: Desk
    private let jobs: Informer
    private let pods: Informer
    private let claims: Claims
    private let control: PodControl

    init(_ desk: Desk) {
        self.desk = desk
        jobs = desk.informers[.jobs]
        pods = desk.informers[.pods]
        claims = Claims(desk: desk, resource: .pods, owners: .jobs)
        control = PodControl(desk: desk)
    }

    var sources: [Source] { [.each(jobs, settles: true), .owned(pods, by: "Job", in: jobs), lost] }

    /// Pods that still bear the finalizer of a Job that is gone.
    private var lost: Source {
        Source(pods) { [jobs] change in
            guard case .updated(_, let pod) = change, pod.finalizers.contains(Self.finalizer),
                let key = pod.controllerKey("Job"), jobs[key] == nil
            else { return [] }
            return [key]
        }
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let job = jobs[key] else { return try await releasePods(ofGone: key) }
        guard !job.isManagedElsewhere else { return nil }
        let owned = try await claims.claim(for: job, key: key)
        if job.isFinished {
            try await release(owned.filter { $0.finalizers.contains(Self.finalizer) }, key)
            return try await expire(job, key)
        }
        if job.isBeingDeleted {
            try await release(owned.filter { $0.finalizers.contains(Self.finalizer) }, key)
            return nil
        }
        var plan = JobPlan(job, pods: owned, now: desk.now)
        plan.decide()
        let failure = await act(plan, job, key)
        try await settle(&plan, job, key)
        if let failure { throw failure }
        return plan.nextLook
    }

    /// Makes and deletes pods; what is refused does not keep the rest from being counted.
    private func act(_ plan: JobPlan, _ job: Value, _ key: String) async -> (any Error)? {
        do {
            for pod in plan.surplus { try await remove(pod, job, key) }
            if plan.indexes.isEmpty {
                try await control.create(plan.created.count, from: plan.template(index: nil), owner: job, key: key)
            }
            let indexed = zip(plan.indexes, plan.created).map { index, prefix in
                PodTemplate.pod(from: plan.template(index: index), owner: job, prefix: prefix)
            }
            if !indexed.isEmpty { try await control.createAll(indexed, job, key) }
            return nil
        } catch {
            return error
        }
    }

    /// Not counted: nobody failed.
    private func remove(_ pod: Value, _ job: Value, _ key: String) async throws {
        try await release([pod], key)
        try await control.delete([pod], owner: job, key: key)
    }

    /// Counts the pods that ended, in the order that loses none: first noted in the status, then their finalizers go,
    /// then they move from the note to the counts (`trackJobStatusAndRemoveFinalizers`).
    private func settle(_ plan: inout JobPlan, _ job: Value, _ key: String) async throws {
        var current = job
        for _ in 0..<4 {
            plan.finish()
            var changed = current
            changed["status"] = plan.status(over: current)
            if changed["status"] != current["status"] ?? [:] {
                let stored = try await desk.writes.update(.jobs, changed, subresource: "status", for: key)
                current = InformerSet.withoutManagedFields(stored)
            }
            let pending = plan.pendingRelease
            guard !pending.isEmpty else { break }
            try await release(pending, key)
            plan.noteReleased(pending)
        }
        tell(plan, job)
    }

    private func release(_ pods: [Value], _ key: String) async throws {
        for pod in pods {
            let rest = pod.finalizers.filter { $0 != Self.finalizer }.map { Value.string($0) }
            let metadata: Value = [
                "uid": .string(pod.uid), "finalizers": rest.isEmpty ? .null : .array(rest),
            ]
            do {
                try await desk.writes.patch(.pods, pod, .merge(["metadata": metadata]), for: key)
            } catch let status as Status where status.reason == .notFound || status.reason == .conflict {
                continue
            }
        }
    }

    private func releasePods(ofGone key: String) async throws -> Duration? {
        let namespace = String(key.prefix { $0 != "/" })
        let left = pods.objects(in: namespace).filter {
            $0.finalizers.contains(Self.finalizer) && $0.controllerKey("Job") == key
        }
        try await release(left, key)
        return nil
    }

    private func tell(_ plan: JobPlan, _ job: Value) {
        for event in plan.events {
            if event.isWarning {
                desk.events.warning(job, event.reason, event.message)
            } else {
                desk.events.normal(job, event.reason, event.message)
            }
        }
    }

    /// Removes a Job that finished long enough ago ("TTL-after-finished").
    private func expire(_ job: Value, _ key: String) async throws -> Duration? {
        guard let seconds = job["spec", "ttlSecondsAfterFinished"]?.int, !job.isBeingDeleted,
            let end = job.finishedSince
        else { return nil }
        let rest = end + .seconds(seconds) - desk.now
        guard rest <= .zero else { return rest }
        try await desk.writes.delete(.jobs, job, propagation: .foreground, for: key)
        return nil
    }
}

extension Value {
    var isFinished: Bool { isTrue("Complete") || isTrue("Failed") }

    fileprivate var isManagedElsewhere: Bool {
        guard let manager = self["spec", "managedBy"]?.string else { return false }
        return manager != "kubernetes.io/job-controller"
    }

    fileprivate var finishedSince: Time? {
        let entry = self["status", "conditions"]?.array?.first {
            ["Complete", "Failed"].contains($0["type"]?.string) && $0["status"]?.string == "True"
        }
        return entry?["lastTransitionTime"]?.string.flatMap { Time($0) }
    }
}
