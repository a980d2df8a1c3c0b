import API
import Document

/// What may be said of the state of a Job (pkg/apis/batch/validation), which others than its controller may tell too
/// (`managedBy`). Most of it is only asked of what changes (getStatusValidationOptions of pkg/registry/batch/job).
struct JobStatusRules {
    private let (job, old): (Value, Value)
    private let (status, before): (Value, Value)
    private var faults: Faults

    static let check: Rules.Update = { job, old, faults in
        var rules = JobStatusRules(job, old, faults)
        rules.checkCounts()
        rules.checkConditions()
        rules.checkEnd()
        rules.checkIndexes()
        rules.checkPods()
        rules.checkSuccess()
        rules.checkChange()
        faults = rules.faults
    }

    private init(_ job: Value, _ old: Value, _ faults: Faults) {
        (self.job, self.old) = (job, old)
        (status, before) = (job["status"] ?? [:], old["status"] ?? [:])
        self.faults = faults
    }

    // MARK: What is and was so

    private static func isTrue(_ type: Value, _ status: Value) -> Bool {
        (status["conditions"]?.array ?? []).contains { $0["type"] == type && $0["status"] == "True" }
    }

    private func has(_ type: Value) -> Bool { JobStatusRules.isTrue(type, status) }
    private func had(_ type: Value) -> Bool { JobStatusRules.isTrue(type, before) }
    private func turned(_ type: Value) -> Bool { has(type) != had(type) }
    private func changed(_ key: Text) -> Bool { status[key] != before[key] }
    private func count(_ key: Text) -> Int { status[key]?.int ?? 0 }

    private var isFinished: Bool { has("Complete") || has("Failed") }
    private var finishChanged: Bool { isFinished != (had("Complete") || had("Failed")) }
    private var isIndexed: Bool { job["spec", "completionMode"] == "Indexed" }

    private mutating func refuse(_ words: String) { faults.invalid("status.conditions", shown: "", words) }

    // MARK: The rules, in upstream's order

    private mutating func checkCounts() {
        for key: Text in ["active", "succeeded", "failed", "ready", "terminating"] {
            faults.checkNotNegative(status[key], "status.\(key)")
        }
        var seen: Set<Value> = []
        for list: Text in ["succeeded", "failed"] {
            for (index, uid) in (status["uncountedTerminatedPods", list]?.array ?? []).enumerated() {
                let path = "status.uncountedTerminatedPods.\(list)[\(index)]"
                if uid == "" {
                    faults.invalid(path, uid, "must not be empty")
                } else if !seen.insert(uid).inserted {
                    faults.duplicate(path, uid)
                }
            }
        }
    }

    private mutating func checkConditions() {
        guard has("Complete") else { return }
        if has("Failed"), turned("Complete") || turned("Failed") {
            refuse("cannot set Complete=True and Failed=true conditions")
        }
        if has("FailureTarget"), turned("Complete") || turned("FailureTarget") {
            refuse("cannot set Complete=True and FailureTarget=true conditions")
        }
    }

    private mutating func checkEnd() {
        let end = status["completionTime"]
        if turned("Complete") || changed("completionTime") {
            if let end, !has("Complete") {
                faults.invalid(
                    "status.completionTime", end,
                    "cannot set completionTime when there is no Complete=True condition")
            }
            if end == nil, has("Complete") {
                faults.required("status.completionTime", "completionTime is required for Complete jobs")
            }
        }
        if changed("startTime") || changed("completionTime"), let end, isBefore(end, status["startTime"]) {
            faults.invalid("status.completionTime", end, "completionTime cannot be set before startTime")
        }
        if has("Failed"), !has("FailureTarget"), turned("Failed") || turned("FailureTarget") {
            refuse("cannot set Failed=True condition without the FailureTarget=true condition")
        }
        if has("Complete"), !has("SuccessCriteriaMet"), turned("Complete") || turned("SuccessCriteriaMet") {
            refuse("cannot set Complete=True condition without the SuccessCriteriaMet=true condition")
        }
        checkFinished()
    }

    private func isBefore(_ end: Value, _ start: Value?) -> Bool {
        guard let end = Time(end.string ?? ""), let start = Time(start?.string ?? "") else { return false }
        return end < start
    }

    private mutating func checkFinished() {
        guard isFinished else { return }
        if finishChanged || changed("active"), count("active") > 0 {
            faults.invalid("status.active", status["active"], "active>0 is invalid for finished job")
        }
        let hasNone = job["spec", "suspend"] == true && job["spec", "completions"]?.int == 0
        if finishChanged || changed("startTime"), status["startTime"] == nil, !hasNone {
            faults.required("status.startTime", "startTime is required for finished job")
        }
        let uncounted = status["uncountedTerminatedPods"] ?? [:]
        let hasUncounted = (["succeeded", "failed"] as [Text]).contains { !(uncounted[$0]?.array ?? []).isEmpty }
        if finishChanged || changed("uncountedTerminatedPods"), hasUncounted {
            let shown = GoDump.shown("UncountedTerminatedPods", uncounted, of: "batch")
            faults.invalid(
                "status.uncountedTerminatedPods", shown: shown,
                "uncountedTerminatedPods needs to be empty for finished job")
        }
    }

    private mutating func checkIndexes() {
        let (completed, failed) = (status["completedIndexes"]?.string ?? "", status["failedIndexes"]?.string)
        let (done, broken) = (changed("completedIndexes"), changed("failedIndexes"))
        let limited = job["spec"]?.has("backoffLimitPerIndex") ?? false
        if let all = job["spec", "completions"]?.int {
            if done { checkFormat(completed, all, "completedIndexes") }
            if broken, limited, let failed { checkFormat(failed, all, "failedIndexes") }
        }
        if done, !completed.isEmpty, !isIndexed {
            faults.invalid(
                "status.completedIndexes", .string(completed),
                "cannot set non-empty completedIndexes when non-indexed completion mode")
        }
        guard let failed else { return }
        if broken, !limited {
            faults.invalid(
                "status.failedIndexes", .string(failed),
                "cannot set non-null failedIndexes when backoffLimitPerIndex is null")
        }
        if done || broken, let all = job["spec", "completions"]?.int, !completed.isEmpty, !failed.isEmpty,
            let index = JobIndexes.overlap(completed, failed, of: all)
        {
            faults.invalid(
                "status.failedIndexes", .string(failed), "failedIndexes and completedIndexes overlap at index: \(index)"
            )
        }
    }

    private mutating func checkFormat(_ text: String, _ all: Int, _ key: String) {
        guard case .failure(let fault) = JobIndexes.read(text, of: all) else { return }
        faults.invalid("status.\(key)", .string(text), "error parsing \(key): \(fault.text)")
    }

    private mutating func checkPods() {
        if finishChanged || changed("terminating"), isFinished, count("terminating") > 0 {
            faults.invalid("status.terminating", status["terminating"], "terminating>0 is invalid for finished job")
        }
        if changed("ready") || changed("active"), let ready = status["ready"]?.int, ready > count("active") {
            faults.invalid("status.ready", .int(ready), "cannot set more ready pods than active")
        }
    }

    private mutating func checkSuccess() {
        if has("SuccessCriteriaMet") {
            if has("Failed") { refuse("cannot set SuccessCriteriaMet=True and Failed=true conditions") }
            if has("FailureTarget") { refuse("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions") }
        } else if job["spec"]?.has("successPolicy") == true, has("Complete") {
            refuse("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True")
        }
    }

    private mutating func checkChange() {
        for type: Value in ["Failed", "Complete", "FailureTarget"] where had(type) && !has(type) {
            refuse("cannot disable the terminal \(type.string ?? "")=True condition")
        }
        // An indexed Job that shrinks counts fewer.
        let shrinks = isIndexed && job["spec", "completions"] == job["spec", "parallelism"]
        for key: Text in ["failed", "succeeded"] where key == "failed" || !shrinks {
            guard count(key) < before[key]?.int ?? 0 else { continue }
            faults.invalid("status.\(key)", .int(count(key)), "cannot decrease the \(key) counter")
        }
        if let end = status["completionTime"], let past = before["completionTime"], end != past {
            faults.invalid("status.completionTime", end, "completionTime cannot be mutated")
        }
        if before["startTime"] != nil, changed("startTime"), job["spec", "suspend"] != true {
            faults.required("status.startTime", "startTime cannot be removed for unsuspended job")
        }
        guard turned("SuccessCriteriaMet") else { return }
        if had("SuccessCriteriaMet") {
            refuse("cannot disable the SuccessCriteriaMet=True condition")
        } else if had("Complete") {
            refuse("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions")
        }
    }
}
