import API
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
        if let fault = CronSchedule.fault(CronSchedule.withoutZone(schedule)) {
            faults.invalid("spec.schedule", spec["schedule"], fault)
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
        } else if !TimeZones.isKnown(name) {
            faults.invalid("spec.timeZone", zone, "unknown time zone \(name)")
        }
    }
}

/// The text form of cron schedules, with robfig/cron's error texts.
enum CronSchedule {
    private static let ranges: [ClosedRange<Int>] = [0...59, 0...23, 1...31, 1...12, 0...6]
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// The schedule without the zone that robfig/cron lets stand before it.
    static func withoutZone(_ schedule: String) -> String {
        guard ["TZ=", "CRON_TZ="].contains(where: schedule.hasPrefix), let end = schedule.firstIndex(of: " ") else {
            return schedule
        }
        return String(schedule[end...]).trimmed
    }

    /// What is wrong with a schedule; nil where nothing is.
    static func fault(_ schedule: String) -> String? {
        if schedule.hasPrefix("@") {
            let known = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]
            if known.contains(schedule) || schedule.hasPrefix("@every ") { return nil }
            return "unrecognized descriptor: \(schedule)"
        }
        let fields = schedule.split(separator: " ").map(String.init)
        guard fields.count == 5 else {
            return "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]"
        }
        for (index, field) in fields.enumerated() {
            for part in field.split(separator: ",", omittingEmptySubsequences: false) {
                if let fault = fault(part, ranges[index], index == 3 ? months : index == 4 ? days : []) { return fault }
            }
        }
        return nil
    }

    private static func fault(_ part: Substring, _ range: ClosedRange<Int>, _ names: [String]) -> String? {
        let halves = part.split(separator: "/", omittingEmptySubsequences: false)
        if halves.count > 2 { return "too many slashes: \(part)" }
        if halves.count == 2, (Int(halves[1]) ?? 0) <= 0 {
            return "failed to parse int from \(halves[1]): strconv.Atoi: parsing \"\(halves[1])\": invalid syntax"
        }
        if halves[0] == "*" || halves[0] == "?" { return nil }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        if ends.count > 2 { return "too many hyphens: \(part)" }
        var numbers: [Int] = []
        for end in ends {
            let named = names.firstIndex(of: end.lowercased()).map { $0 + range.lowerBound }
            guard let number = named ?? Int(end) else {
                return "failed to parse int from \(end): strconv.Atoi: parsing \"\(end)\": invalid syntax"
            }
            numbers.append(number)
        }
        if numbers[0] < range.lowerBound {
            return "beginning of range (\(numbers[0])) below minimum (\(range.lowerBound)): \(part)"
        }
        let last = numbers.last ?? numbers[0]
        if last > range.upperBound { return "end of range (\(last)) above maximum (\(range.upperBound)): \(part)" }
        return numbers[0] > last ? "beginning of range (\(numbers[0])) beyond end of range (\(last)): \(part)" : nil
    }
}
