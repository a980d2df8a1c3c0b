import API
import Calendar
import Client
import Document

/// Makes a Job whenever a schedule says so ("CronJob").
struct CronJobController: Controller {
    static let name = "cronjob-controller"

    static let timestamp: Text = "batch.kubernetes.io/cronjob-scheduled-timestamp"

    private let desk: Desk
    private let crons: Informer
    private let jobs: Informer

    init(_ desk: Desk) {
        self.desk = desk
        crons = desk.informers[.cronJobs]
        jobs = desk.informers[.jobs]
    }

    var sources: [Source] {
        [
            .each(crons, settles: true),
            Source(jobs) { change in change.object.controllerKey("CronJob").map { [$0] } ?? [] },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let cron = crons[key], !cron.isBeingDeleted else { return nil }
        let owned = jobs.objects(by: .controller, cron.uid)
        var status = noteJobs(owned, cron)
        try await cleanUp(owned, cron, key)
        let next = try await start(cron, owned, &status, key)
        var changed = cron
        changed["status"] = status
        if changed["status"] != cron["status"] ?? [:] {
            try await desk.writes.update(.cronJobs, changed, subresource: "status", for: key)
        }
        return next
    }

    /// Brings the list of running Jobs and the time of the last success up to date.
    private func noteJobs(_ owned: [Value], _ cron: Value) -> Value {
        var status = cron["status"] ?? [:]
        let known = Set((status["active"]?.array ?? []).compactMap { $0["uid"]?.string })
        for job in owned where job.isFinished && known.contains(job.uid) {
            let outcome = job.isTrue("Complete") ? "Complete" : "Failed"
            desk.events.normal(cron, "SawCompletedJob", "Saw completed job: \(job.name), condition: \(outcome)")
        }
        for job in owned {
            guard let end = job["status", "completionTime"]?.string, job.isTrue("Complete"),
                end > status["lastSuccessfulTime"]?.string ?? ""
            else { continue }
            status["lastSuccessfulTime"] = .string(end)
        }
        let active = owned.filter { !$0.isFinished }.sorted { $0.name < $1.name }
        status["active"] = active.isEmpty ? nil : .array(active.map(Self.reference))
        return status
    }

    private static func reference(_ job: Value) -> Value {
        [
            "apiVersion": "batch/v1", "kind": "Job", "name": .string(job.name), "namespace": .string(job.namespace),
            "uid": .string(job.uid), "resourceVersion": .string(job.resourceVersion),
        ]
    }

    /// Removes finished Jobs beyond the history limits, the oldest first.
    private func cleanUp(_ owned: [Value], _ cron: Value, _ key: String) async throws {
        for (type, field, usual) in [
            ("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1),
        ] {
            let ended = owned.filter { $0.isTrue(type) }.sorted(by: Value.isOlder)
            let limit = cron["spec", Text(field)]?.int ?? usual
            for job in ended.prefix(max(0, ended.count - limit)) { try await remove(job, cron, key) }
        }
    }

    private func remove(_ job: Value, _ cron: Value, _ key: String) async throws {
        guard try await desk.writes.delete(.jobs, job, propagation: .background, for: key) else { return }
        desk.events.normal(cron, "SuccessfulDelete", "Deleted job \(job.name)")
    }

    /// Makes the Job whose time has come; returns after how long the next one's comes.
    private func start(_ cron: Value, _ owned: [Value], _ status: inout Value, _ key: String) async throws -> Duration?
    {
        guard cron["spec", "suspend"]?.bool != true else { return nil }
        guard let schedule = schedule(of: cron) else { return nil }
        let times = CronTimes(cron, schedule, now: desk.now)
        if let due = times.due, try await run(cron, at: due, owned, status, key) {
            status["lastScheduleTime"] = .string(due.description)
            if let job = jobsMade(cron, at: due) { append(job, &status) }
        }
        return times.next.map { $0 - desk.now }
    }

    /// By the clock of its zone; nil, and an event, where it cannot be read.
    private func schedule(of cron: Value) -> CronSchedule? {
        let text = cron["spec", "schedule"]?.string ?? ""
        let zone = cron["spec", "timeZone"]?.string ?? "UTC"
        if Zone.named(zone) == nil {
            let fault = "unknown time zone \(zone)"
            desk.events.warning(cron, "UnknownTimeZone", "invalid timeZone: \"\(zone)\": \(fault)")
            return nil
        }
        do throws(CronSchedule.Malformed) {
            return try CronSchedule(text.contains("TZ") ? text : "TZ=\(zone) \(text)")
        } catch {
            desk.events.warning(
                cron, "UnparseableSchedule", "unparseable schedule: \"\(text)\" : \(error.message)")
            return nil
        }
    }

    private func jobsMade(_ cron: Value, at due: Time) -> Value? {
        jobs["\(cron.namespace)/\(Self.jobName(cron, due))"]
    }

    private func append(_ job: Value, _ status: inout Value) {
        let active = status["active"]?.array ?? []
        guard !active.contains(where: { $0["uid"]?.string == job.uid }) else { return }
        status["active"] = .array(active + [Self.reference(job)])
    }

    private func run(_ cron: Value, at due: Time, _ owned: [Value], _ status: Value, _ key: String) async throws -> Bool
    {
        let running = owned.filter { !$0.isFinished }
        switch cron["spec", "concurrencyPolicy"]?.string {
        case "Forbid" where !running.isEmpty:
            desk.events.normal(
                cron, "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid")
            return false
        case "Replace": for job in running { try await remove(job, cron, key) }
        default: break
        }
        let name = Self.jobName(cron, due)
        do {
            try await desk.writes.create(.jobs, Self.job(named: name, of: cron, at: due), for: key)
            desk.events.normal(cron, "SuccessfulCreate", "Created job \(name)")
        } catch let status as Status where status.reason == .alreadyExists || status.saysNamespaceTerminates {
            return true
        } catch {
            desk.events.warning(cron, "FailedCreate", "Error creating job: \(error)")
            throw error
        }
        return true
    }

    /// The same name for the same time, so that one is never made twice.
    private static func jobName(_ cron: Value, _ due: Time) -> String { "\(cron.name)-\(due.seconds / 60)" }

    private static func job(named name: String, of cron: Value, at due: Time) -> Value {
        let template = cron["spec", "jobTemplate"] ?? [:]
        var metadata: Value = [
            "name": .string(name), "namespace": .string(cron.namespace),
            "ownerReferences": [OwnerReference(controller: cron).value],
        ]
        metadata["labels"] = template["metadata", "labels"]
        metadata["annotations"] = template["metadata", "annotations"]
        metadata["annotations", timestamp] = .string(due.description)
        return ["apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"] ?? [:]]
    }
}

/// The last time of a CronJob that has come and was not served, and the next one to come.
struct CronTimes: Equatable {
    private(set) var due: Time?
    let next: Time?

    init(_ cron: Value, _ schedule: CronSchedule, now: Time) {
        var since = cron["status", "lastScheduleTime"]?.string.flatMap { Time($0) } ?? cron.creationTimestamp ?? now
        if let seconds = cron["spec", "startingDeadlineSeconds"]?.int { since = max(since, now - .seconds(seconds)) }
        // After a long sleep only the latest time matters; the way there is cut short.
        if now.seconds - since.seconds > 8 * 86400, let last = CronTimes.last(schedule, now) {
            since = last - .seconds(1)
        }
        var time = schedule.next(after: since)
        while let candidate = time, candidate <= now {
            due = candidate
            time = schedule.next(after: candidate)
        }
        next = time
    }

    /// The latest time within the last week.
    private static func last(_ schedule: CronSchedule, _ now: Time) -> Time? {
        var time = schedule.next(after: now - .seconds(7 * 86400))
        var found: Time?
        while let candidate = time, candidate <= now {
            found = candidate
            time = schedule.next(after: candidate)
        }
        return found
    }
}
