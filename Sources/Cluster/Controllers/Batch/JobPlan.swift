import API
import Document

/// One look at a Job with its pods: what to make, what to delete, and what to say of it.
///
/// A pod that ended is counted once: while it bears the tracking finalizer it is still there to be counted; its uid
/// stands in `uncountedTerminatedPods` from before the finalizer goes until the count includes it.
struct JobPlan {
    struct Event {
        let reason: String
        let message: String
        var isWarning = false
    }

    let job: Value
    let now: Time
    let pods: [Value]
    /// Name prefixes of the pods to make, and their indexes where the Job is indexed.
    private(set) var created: [String] = []
    private(set) var indexes: [Int] = []
    private(set) var surplus: [Value] = []
    private(set) var events: [Event] = []
    private(set) var nextLook: Duration?
    var conditions: Conditions
    var counts: JobCounts
    /// The pods whose finalizers went in this look.
    var released: Set<String> = []
    /// The condition with which the Job ends, once all its pods have.
    private(set) var verdict: Condition?
    /// Where every index has a limit of failures of its own.
    let indexFailures: JobIndexFailures?

    init(_ job: Value, pods: [Value], now: Time) {
        self.job = job
        self.pods = pods
        self.now = now
        conditions = Conditions(job, .probed, now: now)
        counts = JobCounts(job, pods: pods)
        indexFailures = job["spec", "backoffLimitPerIndex"]?.int.map { JobIndexFailures(job, pods: pods, limit: $0) }
    }

    var active: [Value] { pods.filter(\.isActive) }
    var completions: Int? { job["spec", "completions"]?.int }
    var parallelism: Int { job["spec", "parallelism"]?.int ?? 1 }
    var isSuspended: Bool { job["spec", "suspend"]?.bool ?? false }
    var isIndexed: Bool { job["spec", "completionMode"]?.string == "Indexed" }

    mutating func decide() {
        judge()
        if verdict != nil {
            surplus = active
        } else if isSuspended {
            suspend()
        } else {
            resume()
            manage()
        }
    }

    // MARK: Whether it ends

    private mutating func judge() {
        if let target = conditions["FailureTarget"], target["status"]?.string == "True" {
            verdict = Condition(
                "Failed", true, reason: target["reason"]?.string ?? "", message: target["message"]?.string ?? "")
        } else if let target = conditions["SuccessCriteriaMet"], target["status"]?.string == "True" {
            verdict = Condition(
                "Complete", true, reason: target["reason"]?.string ?? "", message: target["message"]?.string ?? "")
        } else if let (reason, message) = failure {
            conditions.set(Condition("FailureTarget", true, reason: reason, message: message))
            verdict = Condition("Failed", true, reason: reason, message: message)
        } else if let rule = JobSuccessPolicy.rule(of: job, completed: counts.completedIndexes) {
            succeed("SuccessPolicy", "Matched rules at index \(rule)")
        } else if isEnough {
            succeed("CompletionsReached", "Reached expected number of succeeded pods")
        }
    }

    private mutating func succeed(_ reason: String, _ message: String) {
        conditions.set(Condition("SuccessCriteriaMet", true, reason: reason, message: message))
        verdict = Condition("Complete", true, reason: reason, message: message)
    }

    /// Why the Job fails now, in the order in which upstream asks.
    private var failure: (reason: String, message: String)? {
        if let message = failedByPolicy { return ("PodFailurePolicy", message) }
        if failures > backoffLimit { return ("BackoffLimitExceeded", "Job has reached the specified backoff limit") }
        if isPastDeadline { return ("DeadlineExceeded", "Job was active longer than specified deadline") }
        guard let failed = indexFailures?.failed else { return nil }
        if let most = job["spec", "maxFailedIndexes"]?.int, failed.count > most {
            return (
                "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes"
            )
        }
        let isAllDone = counts.completedIndexes.union(failed).count >= completions ?? 0
        return isAllDone && !failed.subtracting(counts.completedIndexes).isEmpty
            ? ("FailedIndexes", "Job has failed indexes") : nil
    }

    private var failedByPolicy: String? {
        guard let policy = JobFailurePolicy(job) else { return nil }
        return pods.lazy.filter { $0.phase == "Failed" }.map(policy.verdict).first { $0.action == .failJob }?.message
    }

    private var backoffLimit: Int { job["spec", "backoffLimit"]?.int ?? (indexFailures == nil ? 6 : Int.max) }

    /// Failed pods, and with `OnFailure` the restarts of the containers in those that run.
    private var failures: Int {
        guard job["spec", "template", "spec", "restartPolicy"]?.string == "OnFailure" else { return counts.failed }
        var restarts = 0
        for pod in pods where !pod.isTerminal {
            for list: Text in ["containerStatuses", "initContainerStatuses"] {
                for status in pod["status", list]?.array ?? [] { restarts += status["restartCount"]?.int ?? 0 }
            }
        }
        return counts.failed + restarts
    }

    private var startTime: Time? { job["status", "startTime"]?.string.flatMap { Time($0) } }

    private var isPastDeadline: Bool {
        guard !isSuspended, let seconds = job["spec", "activeDeadlineSeconds"]?.int, let start = startTime else {
            return false
        }
        return start + .seconds(seconds) <= now
    }

    /// Without a number of completions one success is enough, once no other pod runs.
    private var isEnough: Bool {
        guard let completions else { return counts.succeeded > 0 && active.isEmpty }
        if isIndexed { return counts.completedIndexes.count >= completions }
        return counts.succeeded >= completions || (completions == 0 && active.isEmpty)
    }

    /// The last condition comes only when no pod is left running, ending or uncounted.
    mutating func finish() {
        guard let verdict, pods.allSatisfy(\.isTerminal), pendingRelease.isEmpty else { return }
        guard conditions[verdict.type]?["status"]?.string != "True" else { return }
        conditions.set(verdict)
        if verdict.type == "Complete" {
            events.append(Event(reason: "Completed", message: "Job completed"))
        } else {
            events.append(Event(reason: verdict.reason, message: verdict.message, isWarning: true))
        }
    }

    // MARK: Which pods it has

    private mutating func suspend() {
        surplus = active
        let isNew = conditions["Suspended"]?["status"]?.string != "True"
        guard isNew else { return }
        conditions.set(Condition("Suspended", true, reason: "JobSuspended", message: "Job suspended"))
        events.append(Event(reason: "Suspended", message: "Job suspended"))
    }

    private mutating func resume() {
        guard conditions["Suspended"]?["status"]?.string == "True" else { return }
        conditions.set(Condition("Suspended", false, reason: "JobResumed", message: "Job resumed"))
        events.append(Event(reason: "Resumed", message: "Job resumed"))
    }

    private mutating func manage() {
        if let start = startTime, let seconds = job["spec", "activeDeadlineSeconds"]?.int {
            nextLook = start + .seconds(seconds) - now
        } else if let seconds = job["spec", "activeDeadlineSeconds"]?.int {
            nextLook = .seconds(seconds)
        }
        let isWaiting = job["spec", "podReplacementPolicy"]?.string == "Failed"
        let standing = active.count + (isWaiting ? pods.count { $0.isBeingDeleted && !$0.isTerminal } : 0)
        let wanted =
            completions.map { min($0 - counts.done(isIndexed: isIndexed) - failedIndexes, parallelism) }
            ?? (counts.succeeded > 0 ? standing : parallelism)
        if active.count > max(wanted, 0) {
            surplus = Array(PodRanking(active, now: now).sorted(active).prefix(active.count - max(wanted, 0)))
        } else if standing < wanted {
            grow(by: min(wanted - standing, ReplicaPlan.burst))
        }
    }

    private var failedIndexes: Int { indexFailures?.failed.subtracting(counts.completedIndexes).count ?? 0 }

    private mutating func grow(by count: Int) {
        if indexFailures == nil, let pause = counts.pause(now: now) {
            nextLook = min(nextLook ?? pause, pause)
            return
        }
        guard isIndexed, let completions else {
            created = [String](repeating: "\(job.name)-", count: count)
            return
        }
        let taken = counts.completedIndexes.union(active.compactMap(\.completionIndex))
        let (failures, now) = (indexFailures, now)
        let free = (0..<completions).lazy.filter { index in
            // One that is given up, or has to wait after a failure, is passed over.
            !taken.contains(index) && failures?.failed.contains(index) != true
                && failures?.pause(index, now: now) == nil
        }
        indexes = Array(free.prefix(count))
        for index in 0..<completions where !taken.contains(index) {
            guard let pause = indexFailures?.pause(index, now: now), !(indexFailures?.failed.contains(index) ?? false)
            else { continue }
            nextLook = min(nextLook ?? pause, pause)
        }
        created = indexes.map { "\(job.name)-\($0)-" }
    }

    /// The pod template with what tracking, and the index, add to it.
    func template(index: Int?) -> Value {
        var template = job["spec", "template"] ?? [:]
        let finalizers = (template["metadata", "finalizers"]?.array ?? []) + [.string(JobController.finalizer)]
        template["metadata", "finalizers"] = .array(finalizers)
        guard let index else { return template }
        let text = Value.string(String(index))
        template["metadata", "annotations", Value.indexAnnotation] = text
        for note in indexFailures?.notes(for: index).object ?? [:] {
            template["metadata", "annotations", note.key] = note.value
        }
        template["metadata", "labels", Value.indexAnnotation] = text
        if template["spec", "hostname"] == nil { template["spec", "hostname"] = .string("\(job.name)-\(index)") }
        let reference: Value = [
            "name": "JOB_COMPLETION_INDEX",
            "valueFrom": ["fieldRef": ["fieldPath": .string("metadata.labels['\(Value.indexAnnotation)']")]],
        ]
        for list: Text in ["containers", "initContainers"] {
            guard let containers = template["spec", list]?.array else { continue }
            template["spec", list] = .array(
                containers.map { container in
                    var container = container
                    container["env"] = .array((container["env"]?.array ?? []) + [reference])
                    return container
                })
        }
        return template
    }
}

extension Value {
    static let indexAnnotation: Text = "batch.kubernetes.io/job-completion-index"

    /// Which piece of an indexed Job the pod works on.
    var completionIndex: Int? { annotation(Value.indexAnnotation).flatMap { Int($0) } }
}
