import API
import Calendar
import Document

/// The rules of CronJobs (pkg/apis/batch/validation).
enum CronJobRules {
    static let new: Rules.Create = { job, faults in
        check(job["spec"] ?? [:], nil, &faults)
        // A Job is called after its CronJob and the minute, eleven characters more.
        if job.name.utf8.count > 52 {
            faults.invalid("metadata.name", .string(Text(job.name)), "must be no more than 52 characters")
        }
    }

    static let update: Rules.Update = { job, old, faults in
        if job["spec"] != old["spec"] { check(job["spec"] ?? [:], old["spec"] ?? [:], &faults) }
    }

    /// - Parameter old: what was accepted of it once stays right.
    private static func check(_ spec: Value, _ old: Value?, _ faults: inout Faults) {
        checkSchedule(spec, old, &faults)
        faults.checkNotNegative(spec["startingDeadlineSeconds"], "spec.startingDeadlineSeconds")
        if old == nil || spec["timeZone"] != old?["timeZone"] { checkZone(spec["timeZone"], &faults) }
        if (spec["concurrencyPolicy"]?.string ?? "").isEmpty {
            faults.required("spec.concurrencyPolicy")
        } else {
            faults.check(spec["concurrencyPolicy"], in: ["Allow", "Forbid", "Replace"], "spec.concurrencyPolicy")
        }
        let job = spec["jobTemplate", "spec"] ?? [:]
        let path = "spec.jobTemplate.spec"
        JobRules.check(job, path, &faults)
        if let selector = job["selector"], !selector.isNull {
            faults.invalid("\(path).selector", selector, "`selector` will be auto-generated")
        }
        if job["manualSelector"] == true {
            faults.unsupported("\(path).manualSelector", true, ["nil", "false"])
        }
        for key: Text in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            faults.checkNotNegative(spec[key], "spec.\(key)")
        }
    }

    private static func checkSchedule(_ spec: Value, _ old: Value?, _ faults: inout Faults) {
        let schedule = spec["schedule"]?.string ?? ""
        guard !schedule.isEmpty else { return faults.required("spec.schedule") }
        do throws(CronSchedule.Malformed) {
            _ = try CronSchedule(schedule)
        } catch {
            faults.invalid("spec.schedule", spec["schedule"], error.message)
        }
        guard schedule.contains("TZ") else { return }
        if old?["schedule"]?.string?.contains("TZ") != true {
            faults.invalid(
                "spec.schedule", spec["schedule"],
                "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
        } else if spec.has("timeZone") {
            faults.invalid(
                "spec.schedule", spec["schedule"], "cannot use both timeZone field and TZ or CRON_TZ in schedule")
        }
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
}
