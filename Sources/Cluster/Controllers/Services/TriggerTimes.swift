import API
import Document
import Synchronization

/// When the change happened that an object with endpoints was written for; SLOs are measured by it (upstream's
/// `TriggerTimeTracker`).
final class TriggerTimes: Sendable {
    static let annotation: Text = "endpoints.kubernetes.io/last-change-trigger-time"

    private struct Seen {
        var service: Time?
        var pods: [String: Time] = [:]
    }

    private let seen = Mutex<[String: Seen]>([:])

    /// The earliest change of the service or of its pods' readiness since the last look; nil where there was none.
    func change(of service: Value, _ pods: [Value]) -> Time? {
        var now = Seen(service: service.creationTimestamp)
        for pod in pods { now.pods[pod.name] = pod.readySince ?? pod.creationTimestamp }
        let before = seen.withLock { seen in
            defer { seen[service.key] = now }
            return seen[service.key] ?? Seen()
        }
        var changes = now.pods.compactMap { name, time in before.pods[name] != time ? time : nil }
        if let time = now.service, before.service != time { changes.append(time) }
        return changes.min()
    }

    func forget(_ key: String) { seen.withLock { $0[key] = nil } }
}
