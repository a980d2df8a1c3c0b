import API
import Document

extension Cell {
    static let workloadCells: [String: Function] = [
        "deployment.ready": { object, _ in ready(object) },
        "statefulSet.ready": { object, _ in ready(object) },
        "controllerRevision.controller": { revision, _ in
            guard let owner = revision.controller else { return "<none>" }
            let group = owner.apiVersion.split(separator: "/").dropLast().first.map { ".\($0)" } ?? ""
            return .string("\(owner.kind.lowercased())\(group)/\(owner.name)")
        },
        "job.status": { job, _ in .string(jobStatus(job)) },
        "job.completions": { job, _ in .string(jobCompletions(job)) },
        "job.duration": { job, now in
            guard let start = job["status", "startTime"]?.string.flatMap(Time.init) else { return "" }
            let end = job["status", "completionTime"]?.string.flatMap(Time.init) ?? now
            return .string(HumanDuration.text(seconds: end.seconds - start.seconds))
        },
        "hpa.reference": { hpa, _ in
            let target = hpa["spec", "scaleTargetRef"] ?? [:]
            return .string("\(target["kind"]?.string ?? "")/\(target["name"]?.string ?? "")")
        },
        "hpa.minPods": { hpa, _ in .string(hpa["spec", "minReplicas"]?.int.map(String.init) ?? "<unset>") },
        "hpa.targets": { hpa, _ in .string(targets(hpa)) },
    ]

    private static func ready(_ object: Value) -> Value {
        .string("\(object["status", "readyReplicas"]?.int ?? 0)/\(object["spec", "replicas"]?.int ?? 0)")
    }

    private static func jobStatus(_ job: Value) -> String {
        if job.isTrue("Complete") { return "Complete" }
        if job.isTrue("Failed") { return "Failed" }
        if job.isBeingDeleted { return "Terminating" }
        if job.isTrue("Suspended") { return "Suspended" }
        if job.isTrue("FailureTarget") { return "FailureTarget" }
        if job.isTrue("SuccessCriteriaMet") { return "SuccessCriteriaMet" }
        return "Running"
    }

    private static func jobCompletions(_ job: Value) -> String {
        let done = job["status", "succeeded"]?.int ?? 0
        if let wanted = job["spec", "completions"]?.int { return "\(done)/\(wanted)" }
        let parallel = job["spec", "parallelism"]?.int ?? 0
        return parallel > 1 ? "\(done)/1 of \(parallel)" : "\(done)/1"
    }

    /// Current and wanted value of the first two metrics (formatHPAMetrics).
    private static func targets(_ hpa: Value) -> String {
        let metrics = hpa["spec", "metrics"]?.array ?? []
        guard !metrics.isEmpty else { return "<none>" }
        let current = hpa["status", "currentMetrics"]?.array ?? []
        let texts = metrics.enumerated().map { index, metric in
            target(metric, index < current.count ? current[index] : [:])
        }
        let shown = texts.prefix(2).joined(separator: ", ")
        return texts.count > 2 ? "\(shown) + \(texts.count - 2) more..." : shown
    }

    private static func target(_ metric: Value, _ current: Value) -> String {
        let type = metric["type"]?.string ?? ""
        let key = Text(type.prefix(1).lowercased() + type.dropFirst())
        let wanted = metric[key]?["target"] ?? [:]
        let now = current[key]?["current"] ?? [:]
        let name = metric[key]?["name"]?.string.map { "\($0): " } ?? ""
        if let percent = wanted["averageUtilization"]?.int {
            return "\(name)\(now["averageUtilization"]?.int.map { "\($0)%" } ?? "<unknown>")/\(percent)%"
        }
        if let average = wanted["averageValue"]?.string {
            return
                "\(name)\(now["averageValue"]?.string ?? "<unknown>")/\(average)\(type == "Resource" ? "" : " (avg)")"
        }
        return "\(name)\(now["value"]?.string ?? "<unknown>")/\(wanted["value"]?.string ?? "")"
    }
}
