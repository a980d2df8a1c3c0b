import API
import Calendar
import Document

/// The rules of Jobs and CronJobs (pkg/apis/batch/validation).
enum JobRules {
    static func check(_ spec: Value, _ path: String, _ faults: inout Faults) {
        for key: Text in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            "backoffLimitPerIndex", "maxFailedIndexes",
        ] { faults.checkNotNegative(spec[key], "\(path).\(key)") }
        checkIndexes(spec, path, &faults)
        if spec.has("podReplacementPolicy") {
            let allowed = spec.has("podFailurePolicy") ? ["Failed"] : ["Failed", "TerminatingOrFailed"]
            faults.check(spec["podReplacementPolicy"], in: allowed, "\(path).podReplacementPolicy")
        }
        let template = spec["template"] ?? [:]
        PodTemplateRules.check(template, "\(path).template", &faults)
        let pod = template["spec"] ?? [:]
        // The default of pods, which means that nobody chose.
        if pod["restartPolicy"] == "Always" || pod["restartPolicy"] == nil {
            faults.required("\(path).template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"")
        } else if pod["restartPolicy"] != "Never", spec.has("podFailurePolicy") {
            faults.invalid(
                "\(path).template.spec.restartPolicy", pod["restartPolicy"],
                "only \"Never\" is supported when podFailurePolicy is specified")
        }
    }

    /// How often, and which of the pods may fail.
    private static func checkIndexes(_ spec: Value, _ path: String, _ faults: inout Faults) {
        if spec.has("maxFailedIndexes"), !spec.has("backoffLimitPerIndex") {
            faults.required("\(path).backoffLimitPerIndex", "when maxFailedIndexes is specified")
        }
        if spec.has("completionMode") {
            faults.check(spec["completionMode"], in: ["NonIndexed", "Indexed"], "\(path).completionMode")
        }
        if spec["completionMode"] == "Indexed" {
            if !spec.has("completions") {
                faults.required("\(path).completions", "when completion mode is Indexed")
            }
            if let failed = spec["maxFailedIndexes"]?.int, let all = spec["completions"]?.int, failed > all {
                faults.invalid(
                    "\(path).maxFailedIndexes", .int(failed), "must be less than or equal to completions")
            }
        } else if !spec.has("completionMode") || spec["completionMode"] == "NonIndexed" {
            for key: Text in ["backoffLimitPerIndex", "maxFailedIndexes"] where spec.has(key) {
                faults.invalid("\(path).\(key)", spec[key], "requires indexed completion mode")
            }
        }
    }

    /// Fields that stay as they are, in upstream's order.
    static let update: Rules.Update = { job, old, faults in
        let (new, before) = (job["spec"] ?? [:], old["spec"] ?? [:])
        let isIndexed = new["completionMode"] == "Indexed"
        if !(isIndexed && new["completions"] == new["parallelism"]) {
            faults.checkImmutable(new["completions"], before["completions"], "spec.completions")
        }
        faults.checkImmutable(new["selector"], before["selector"], "spec.selector")
        let past =
            before["suspend"] == true
            ? changed(before["template"] ?? [:], to: new["template"] ?? [:]) : before["template"]
        faults.checkImmutable(new["template"], past, "spec.template")
        for key: Text in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
            faults.checkImmutable(new[key], before[key], "spec.\(key)")
        }
    }

    /// The old template with what may still be chosen while a Job is suspended: where its pods run, and with what.
    private static func changed(_ old: Value, to new: Value) -> Value {
        var template = old
        for key: Text in ["labels", "annotations"] {
            if old["metadata", key] != new["metadata", key] { template["metadata", key] = new["metadata", key] }
        }
        for key: Text in ["nodeSelector", "tolerations", "schedulingGates", "affinity"] {
            template["spec", key] = new["spec", key]
        }
        for list: Text in ["containers", "initContainers"] {
            let resources = (new["spec", list]?.array ?? []).map { $0["resources"] }
            guard resources.count == template["spec", list]?.array?.count else { continue }
            var index = 0
            template["spec"]?.mapElements(of: list) {
                $0["resources"] = resources[index]
                index += 1
            }
        }
        return template
    }

    static let cronJob: Rules.Create = { job, faults in
        let spec = job["spec"] ?? [:]
        let schedule = spec["schedule"]?.string ?? ""
        if schedule.isEmpty {
            faults.required("spec.schedule")
        } else {
            checkSchedule(schedule, &faults)
        }
        faults.checkNotNegative(spec["startingDeadlineSeconds"], "spec.startingDeadlineSeconds")
        if (spec["concurrencyPolicy"]?.string ?? "").isEmpty {
            faults.required("spec.concurrencyPolicy")
        } else {
            faults.check(spec["concurrencyPolicy"], in: ["Allow", "Forbid", "Replace"], "spec.concurrencyPolicy")
        }
        for key: Text in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            faults.checkNotNegative(spec[key], "spec.\(key)")
        }
        check(spec["jobTemplate", "spec"] ?? [:], "spec.jobTemplate.spec", &faults)
    }

    private static func checkSchedule(_ schedule: String, _ faults: inout Faults) {
        do throws(CronSchedule.Malformed) {
            _ = try CronSchedule(schedule)
        } catch {
            faults.invalid("spec.schedule", .string(schedule), error.message)
        }
    }

    /// Which clock a CronJob goes by. What was accepted of it once stays right.
    static let zone: Rules.Create = { job, faults in
        checkPrefix(job["spec", "schedule"]?.string ?? "", &faults)
        checkZone(job["spec", "timeZone"], &faults)
    }

    static let zoneUpdate: Rules.Update = { job, old, faults in
        if old["spec", "schedule"]?.string?.contains("TZ") != true {
            checkPrefix(job["spec", "schedule"]?.string ?? "", &faults)
        }
        if job["spec", "timeZone"] != old["spec", "timeZone"] { checkZone(job["spec", "timeZone"], &faults) }
    }

    private static func checkPrefix(_ schedule: String, _ faults: inout Faults) {
        guard schedule.contains("TZ") else { return }
        faults.invalid(
            "spec.schedule", .string(schedule), "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
    }

    private static func checkZone(_ zone: Value?, _ faults: inout Faults) {
        guard let name = zone?.string else { return }
        if name.isEmpty {
            faults.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string")
        } else if name.lowercased() == "local" {
            faults.invalid(
                "spec.timeZone", zone,
                "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        } else if Zone.named(name) == nil {
            faults.invalid("spec.timeZone", zone, "unknown time zone \(name)")
        }
    }

    /// What a Job's pods are found by, which is made for it unless it says otherwise (validateGeneratedSelector).
    static let checkSelector: Rules.Create = { job, faults in
        let selector = job["spec", "selector"] ?? .null
        guard job["spec", "manualSelector"] != true, let parsed = LabelSelector(object: selector), !selector.isNull
        else { return }
        let labels: Object = [
            "batch.kubernetes.io/controller-uid": .string(job.uid), "batch.kubernetes.io/job-name": .string(job.name),
            "controller-uid": .string(job.uid), "job-name": .string(job.name),
        ]
        if !parsed.matches(labels) { faults.invalid("spec.selector", selector, "`selector` not auto-generated") }
    }

    /// Made or not, it has to find them.
    static func checkLabels(_ job: Value, _ faults: inout Faults) {
        let selector = job["spec", "selector"] ?? .null
        if selector.isNull { return faults.required("spec.selector") }
        faults.checkSelector(selector, "spec.selector")
        let labels = job[path: ["spec", "template", "metadata", "labels"]] ?? .null
        if let parsed = LabelSelector(object: selector), !parsed.matches(labels.object ?? [:]) {
            faults.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
        }
    }
}
