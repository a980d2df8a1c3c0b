import API
import Client
import Document
import Synchronization

/// Notices when a node falls silent, taints nodes by their conditions, and has pods leave nodes that they do not
/// tolerate.
struct NodeLifecycleController: Controller {
    /// Upstream's name of the controller; its service account is `node-controller`.
    static let name = "node-controller"
    static let workers = 2

    private static let leaseNamespace = "kube-node-lease"

    private let desk: Desk
    private let nodes: Informer
    private let pods: Informer
    private let leases: Informer
    private let heard = Heard()

    init(_ desk: Desk) {
        self.desk = desk
        nodes = desk.informers[.nodes]
        pods = desk.informers[.pods]
        leases = desk.informers[.leases]
    }

    var sources: [Source] {
        [
            .each(nodes),
            // A sign of life gives nothing to do: a timer looks at the lease when silence would be too long.
            Source(leases) { _ in [] },
            Source(pods) { [nodes] change in
                if case .updated(let old, let new) = change, old.nodeName == new.nodeName { return [] }
                let node = change.object.nodeName
                guard !node.isEmpty, let object = nodes[node], object.hasEvictingTaint else { return [] }
                return [node]
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let node = nodes[key] else {
            heard.forget(key)
            return nil
        }
        let silence = heard.silence(of: key, stamp: stamp(of: node), now: desk.now)
        let grace = desk.options.nodeGracePeriod
        let health = NodeHealth(node, isSilent: silence >= grace, now: desk.now)
        try await write(health, node, key)
        if health.hasFailed { try await markPods(on: node, key) }
        let next = try await evict(from: node, key)
        let look = silence < grace ? grace - silence : grace
        return min(look, next ?? look)
    }

    /// What changes with every sign of life.
    private func stamp(of node: Value) -> String {
        let lease = leases["\(Self.leaseNamespace)/\(node.name)"]?["spec", "renewTime"]?.string ?? ""
        let ready = node["status", "conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        return "\(lease) \(ready?["lastHeartbeatTime"]?.string ?? "")"
    }

    private func write(_ health: NodeHealth, _ node: Value, _ key: String) async throws {
        if health.conditions != node["status", "conditions"]?.array ?? [] {
            var changed = node
            changed["status", "conditions"] = .array(health.conditions)
            try await desk.writes.update(.nodes, changed, subresource: "status", for: key)
            if health.hasFailed {
                desk.events.normal(node, "NodeNotReady", "Node \(node.name) status is now: NodeNotReady")
            }
        }
        if health.taints != node["spec", "taints"]?.array ?? [] {
            let patch: Value = ["spec": ["taints": health.taints.isEmpty ? .null : .array(health.taints)]]
            try await desk.writes.patch(.nodes, node, .merge(patch), for: key)
        }
    }

    /// Pods on a node that is not heard of cannot be counted on: services leave them out.
    private func markPods(on node: Value, _ key: String) async throws {
        for pod in pods.objects where pod.nodeName == node.name && pod.isReady {
            var conditions = pod["status", "conditions"]?.array ?? []
            for index in conditions.indices where conditions[index]["type"]?.string == "Ready" {
                conditions[index]["status"] = "False"
                conditions[index]["lastTransitionTime"] = .string(desk.now.description)
            }
            var changed = pod
            changed["status", "conditions"] = .array(conditions)
            try await desk.writes.update(.pods, changed, subresource: "status", for: key)
            desk.events.warning(pod, "NodeNotReady", "Node is not ready")
        }
    }

    /// Deletes the pods whose time on the node is over; returns after how long the next one's is.
    private func evict(from node: Value, _ key: String) async throws -> Duration? {
        guard node.hasEvictingTaint else { return nil }
        var next: Duration?
        for pod in pods.objects where pod.nodeName == node.name && !pod.isBeingDeleted && !pod.isTerminal {
            guard let due = NodeHealth.eviction(of: pod, from: node) else { continue }
            let rest = due - desk.now
            if rest > .zero {
                next = min(next ?? rest, rest)
            } else if try await desk.writes.delete(.pods, pod, for: key) {
                desk.events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod \(pod.key)")
            }
        }
        return next
    }
}

/// When each node was last heard of, by this process's own clock: nodes' clocks may be wrong, and what was written
/// before this process started says nothing about now.
private final class Heard: Sendable {
    private let seen = Mutex<[String: (stamp: String, at: Time)]>([:])

    func silence(of node: String, stamp: String, now: Time) -> Duration {
        seen.withLock { seen in
            if let last = seen[node], last.stamp == stamp { return now - last.at }
            seen[node] = (stamp, now)
            return .zero
        }
    }

    func forget(_ node: String) { seen.withLock { $0[node] = nil } }
}

extension Value {
    fileprivate var hasEvictingTaint: Bool {
        self["spec", "taints"]?.array?.contains { $0["effect"]?.string == "NoExecute" } ?? false
    }
}
