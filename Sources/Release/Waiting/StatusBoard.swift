import API
import Client
import Document
import Synchronization

/// How far each object that is waited for has come.
final class StatusBoard: Sendable {
    private let objects: [ManifestObject]
    private let goal: ObjectWaiter.Goal
    private let held: Mutex<[String: Readiness]>

    init(_ objects: [ManifestObject], _ goal: ObjectWaiter.Goal) {
        self.objects = objects
        self.goal = goal
        held = Mutex([:])
    }

    /// A whole list: objects that it lacks are gone.
    func take(_ items: [Value], of members: [ManifestObject], now: Time) {
        let found = Dictionary(items.map { ($0.name, $0) }) { first, _ in first }
        held.withLock { held in
            for member in members {
                held[member.key] = found[member.name].map { judge($0, now: now) } ?? .notFound
            }
        }
    }

    /// One event of a watch.
    func take(_ event: WatchEvent, of members: [ManifestObject], now: Time) {
        guard event.kind != .bookmark, let member = members.first(where: { $0.name == event.object.name }) else {
            return
        }
        let status = event.kind == .deleted ? Readiness.notFound : judge(event.object, now: now)
        held.withLock { $0[member.key] = status }
    }

    private func judge(_ object: Value, now: Time) -> Readiness {
        switch goal {
        case .ready, .gone: Readiness(object, now: now)
        case .readyWithJobs: object.kind == "Job" ? Readiness.jobCompletion(object) : Readiness(object, now: now)
        case .completed: Readiness.completion(of: object)
        }
    }

    /// Whether nothing more is to be waited for among these: each has arrived, or has failed for good.
    func isSettled(_ members: [ManifestObject]) -> Bool {
        held.withLock { held in
            members.allSatisfy { member in
                guard let status = held[member.key] else { return false }
                return hasArrived(status) || goal != .gone && status.state == .failed
            }
        }
    }

    private func hasArrived(_ status: Readiness) -> Bool {
        goal == .gone ? status.state == .notFound : status.state == .current
    }

    /// Throws what is still missing, in the order of the objects.
    func verdict(timedOut: Bool) throws {
        var lines = held.withLock { held in
            objects.compactMap { object -> String? in
                let status = held[object.key] ?? .unknown
                if hasArrived(status) || goal == .gone && status.state == .unknown { return nil }
                let place = "\(object.kind.kind)/\(object.namespace ?? "")/\(object.name)"
                let words = goal == .gone ? "still exists." : "not ready."
                return "resource \(place) \(words) status: \(status.state.rawValue), message: \(status.message)"
            }
        }
        if timedOut { lines.append("context deadline exceeded") }
        guard !lines.isEmpty else { return }
        throw ReleaseFailure(lines.joined(separator: "\n"), code: timedOut ? .timedOut : .other)
    }
}
