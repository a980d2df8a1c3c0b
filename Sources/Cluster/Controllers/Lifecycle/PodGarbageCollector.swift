import API
import Client
import Document
import Synchronization

/// Removes pods that nobody else would: those of nodes that are gone, those deleted before they had a node, and ended
/// ones beyond a number (`podgc`).
struct PodGarbageCollector: Controller {
    static let name = "pod-garbage-collector"
    static let workers = 1

    /// How long a node may be missing before its pods count as lost (upstream's quarantine).
    private static let quarantine = Duration.seconds(40)
    private static let ended = "ended pods"

    private let desk: Desk
    private let pods: Informer
    private let nodes: Informer
    private let missing = MissingNodes()

    init(_ desk: Desk) {
        self.desk = desk
        pods = desk.informers[.pods]
        nodes = desk.informers[.nodes]
    }

    /// Keys are those of pods; `ended pods` is about their number.
    var sources: [Source] {
        [
            Source(pods) { change in
                if case .deleted = change { return [] }
                return change.object.isTerminal ? [change.object.key, Self.ended] : [change.object.key]
            },
            Source(nodes) { [pods] change in
                guard case .deleted(let node) = change else { return [] }
                return pods.objects.filter { $0.nodeName == node.name }.map(\.key)
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        if key == Self.ended { return try await removeEnded() }
        guard let pod = pods[key] else { return nil }
        if pod.nodeName.isEmpty {
            if pod.isBeingDeleted { try await remove(pod, key) }
            return nil
        }
        guard nodes[pod.nodeName] == nil else {
            missing.found(pod.nodeName)
            return nil
        }
        let rest = Self.quarantine - missing.duration(pod.nodeName, now: desk.now)
        guard rest <= .zero else { return rest }
        // The cache may be behind: only the server knows that the node is gone.
        guard try await desk.client.find(.nodes, name: pod.nodeName) == nil else { return nil }
        try await remove(pod, key)
        return nil
    }

    private func removeEnded() async throws -> Duration? {
        let limit = desk.options.endedPods
        let ended = pods.objects.filter { $0.isTerminal && !$0.isBeingDeleted }
        guard limit > 0, ended.count > limit else { return nil }
        for pod in ended.sorted(by: Value.isOlder).prefix(ended.count - limit) { try await remove(pod, Self.ended) }
        return nil
    }

    /// Nobody is left to end it gracefully.
    private func remove(_ pod: Value, _ key: String) async throws {
        if !pod.isTerminal {
            var changed = pod
            changed["status", "phase"] = "Failed"
            do {
                try await desk.writes.update(.pods, changed, subresource: "status", for: key)
            } catch let status as Status where status.reason == .notFound {
                return
            }
        }
        try await desk.writes.delete(.pods, pod, gracePeriodSeconds: 0, for: key)
    }
}

/// Since when nodes that pods name are missing.
private final class MissingNodes: Sendable {
    private let since = Mutex<[String: Time]>([:])

    func duration(_ node: String, now: Time) -> Duration {
        since.withLock { since in
            let start = since[node] ?? now
            since[node] = start
            return now - start
        }
    }

    func found(_ node: String) { since.withLock { $0[node] = nil } }
}
