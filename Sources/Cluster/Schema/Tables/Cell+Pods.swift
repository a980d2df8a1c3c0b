import API
import Document

extension Cell {
    static let podCells: [String: Function] = [
        "pod.ready": { pod, _ in .string(PodCells(pod).ready) },
        "pod.status": { pod, _ in .string(PodCells(pod).status) },
        "pod.restarts": { pod, now in .string(PodCells(pod).restarts(now)) },
        "pod.ip": { pod, _ in
            let ip = pod["status", "podIPs"]?.array?.first?["ip"]?.string ?? pod["status", "podIP"]?.string ?? ""
            return .string(ip.isEmpty ? "<none>" : ip)
        },
        "pod.readinessGates": { pod, _ in
            let gates = pod["spec", "readinessGates"]?.array ?? []
            guard !gates.isEmpty else { return "<none>" }
            let met = gates.filter { pod.isTrue($0["conditionType"]?.string ?? "") }.count
            return .string("\(met)/\(gates.count)")
        },
        "template.containers": { object, _ in
            .string(names(template(object)?["spec", "containers"], "name"))
        },
        "template.images": { object, _ in .string(names(template(object)?["spec", "containers"], "image")) },
        "template.labels": { object, _ in .string(labels(template(object)?["metadata", "labels"])) },
        "cronJob.containers": { job, _ in
            .string(names(job[path: ["spec", "jobTemplate", "spec", "template", "spec", "containers"]], "name"))
        },
        "cronJob.images": { job, _ in
            .string(names(job[path: ["spec", "jobTemplate", "spec", "template", "spec", "containers"]], "image"))
        },
    ]

    private static func template(_ object: Value) -> Value? { object["spec", "template"] ?? object["template"] }
}

/// What a pod's row tells, gathered from its statuses (printPod).
struct PodCells {
    private let pod: Value
    private(set) var status: String
    private var readyContainers = 0
    private var total: Int
    private var restartCount = 0
    private var lastRestart: Time?
    private var restartableRestartCount = 0
    private var lastRestartableRestart: Time?

    var ready: String { "\(readyContainers)/\(total)" }

    func restarts(_ now: Time) -> String {
        guard restartCount != 0, let lastRestart else { return String(restartCount) }
        return "\(restartCount) (\(Cell.since(lastRestart, now)) ago)"
    }

    init(_ pod: Value) {
        self.pod = pod
        total = pod["spec", "containers"]?.array?.count ?? 0
        status = pod["status", "reason"]?.string ?? pod["status", "phase"]?.string ?? ""
        for condition in pod["status", "conditions"]?.array ?? []
        where condition["type"] == "PodScheduled" && condition["reason"] == "SchedulingGated" {
            status = "SchedulingGated"
        }
        let isInitializing = readInitContainers()
        if !isInitializing || pod.isTrue("Initialized") { readContainers() }
        if pod["metadata", "deletionTimestamp"]?.string != nil {
            if pod["status", "reason"] == "NodeLost" {
                status = "Unknown"
            } else if !["Succeeded", "Failed"].contains(pod["status", "phase"]?.string ?? "") {
                status = "Terminating"
            }
        }
    }

    /// Whether an init container has not done its work; sidecars count as containers.
    private mutating func readInitContainers() -> Bool {
        let specs = pod["spec", "initContainers"]?.array ?? []
        let sidecars = Set(specs.filter { $0["restartPolicy"] == "Always" }.compactMap { $0["name"]?.text })
        total += sidecars.count
        for (index, container) in (pod["status", "initContainerStatuses"]?.array ?? []).enumerated() {
            let isSidecar = sidecars.contains(container["name"]?.text ?? "")
            noteRestarts(container, isSidecar: isSidecar)
            let terminated = container["state", "terminated"]
            if terminated?["exitCode"] == 0 { continue }
            if isSidecar, container["started"] == true {
                if container["ready"] == true { readyContainers += 1 }
                continue
            }
            status = initStatus(container, terminated, index, specs.count)
            return true
        }
        return false
    }

    private func initStatus(_ container: Value, _ terminated: Value?, _ index: Int, _ count: Int) -> String {
        if let terminated {
            let reason = terminated["reason"]?.string ?? ""
            if !reason.isEmpty { return "Init:\(reason)" }
            let signal = terminated["signal"]?.int ?? 0
            return signal != 0 ? "Init:Signal:\(signal)" : "Init:ExitCode:\(terminated["exitCode"]?.int ?? 0)"
        }
        let waiting = container["state", "waiting", "reason"]?.string ?? ""
        return waiting.isEmpty || waiting == "PodInitializing" ? "Init:\(index)/\(count)" : "Init:\(waiting)"
    }

    private mutating func noteRestarts(_ container: Value, isSidecar: Bool) {
        let count = container["restartCount"]?.int ?? 0
        restartCount += count
        let finished = container["lastState", "terminated", "finishedAt"]?.string.flatMap(Time.init)
        if let finished { lastRestart = max(lastRestart ?? finished, finished) }
        guard isSidecar else { return }
        restartableRestartCount += count
        if let finished { lastRestartableRestart = max(lastRestartableRestart ?? finished, finished) }
    }

    /// Once all is initialized, only sidecars and containers count restarts.
    private mutating func readContainers() {
        restartCount = restartableRestartCount
        lastRestart = lastRestartableRestart
        var hasRunning = false
        for container in (pod["status", "containerStatuses"]?.array ?? []).reversed() {
            noteRestarts(container, isSidecar: false)
            let waiting = container["state", "waiting", "reason"]?.string ?? ""
            if !waiting.isEmpty {
                status = waiting
            } else if let terminated = container["state", "terminated"], !terminated.isNull {
                status = PodCells.terminatedStatus(terminated)
            } else if container["ready"] == true, container["state"]?.has("running") == true {
                hasRunning = true
                readyContainers += 1
            }
        }
        if status == "Completed", hasRunning { status = pod.isTrue("Ready") ? "Running" : "NotReady" }
    }

    private static func terminatedStatus(_ terminated: Value) -> String {
        let reason = terminated["reason"]?.string ?? ""
        if !reason.isEmpty { return reason }
        let signal = terminated["signal"]?.int ?? 0
        return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(terminated["exitCode"]?.int ?? 0)"
    }
}
