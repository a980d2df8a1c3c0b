import API
import Client
import Document

/// Empties a namespace that is being deleted, and then lets it go ("Namespaces: automatic deletion").
struct NamespaceController: Controller {
    static let name = "namespace-controller"
    static let workers = 3

    static let finalizer: Value = "kubernetes"
    /// How long nothing is told of what a namespace waits for. Upstream does not even begin for five seconds
    /// (namespaceDeletionGracePeriod); the times of deletions are whole seconds, hence one more.
    static let silence = Duration.seconds(6)

    private let desk: Desk
    private let namespaces: Informer
    private let pods: Informer

    init(_ desk: Desk) {
        self.desk = desk
        namespaces = desk.informers[.namespaces]
        pods = desk.informers[.pods]
    }

    var sources: [Source] {
        [
            Source(namespaces, settles: true) { $0.object.isBeingDeleted ? [$0.object.key] : [] },
            // Pods are what a namespace usually waits for.
            Source(pods) { [namespaces] change in
                guard case .deleted(let pod) = change, namespaces[pod.namespace]?.isBeingDeleted == true else {
                    return []
                }
                return [pod.namespace]
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let namespace = namespaces[key], namespace.isBeingDeleted, namespace.holdsFinalizer else { return nil }
        guard let fresh = try await desk.client.find(.namespaces, name: key), fresh.uid == namespace.uid,
            fresh.holdsFinalizer
        else { return nil }
        let discovery = try await desk.client.discover()
        var sweep = NamespaceSweep(failures: discovery.failures)
        for resource in discovery.resources where resource.isNamespaced && resource.can("delete", "list") {
            await sweep.empty(resource, in: key, desk.client)
        }
        let age = fresh.deletionTimestamp.map { desk.now - $0 } ?? .zero
        let status = age < Self.silence ? fresh : try await write(sweep, on: fresh, key)
        if sweep.isClean {
            try await finalize(status, key)
            return nil
        }
        let delay = Duration.seconds(sweep.delay)
        return age < Self.silence ? min(delay, Self.silence - age) : delay
    }

    private func write(_ sweep: NamespaceSweep, on namespace: Value, _ key: String) async throws -> Value {
        var conditions = Conditions(namespace, now: desk.now)
        for condition in sweep.conditions where sweep.isTold(condition, before: conditions[condition.type]) {
            conditions.set(condition)
        }
        var changed = namespace
        changed["status", "phase"] = "Terminating"
        changed["status", "conditions"] = conditions.value
        guard changed != namespace else { return namespace }
        return try await desk.writes.update(.namespaces, changed, subresource: "status", for: key)
    }

    private func finalize(_ namespace: Value, _ key: String) async throws {
        var changed = namespace
        let rest = (namespace["spec", "finalizers"]?.array ?? []).filter { $0 != Self.finalizer }
        changed["spec", "finalizers"] = .array(rest)
        do {
            try await desk.writes.update(.namespaces, changed, subresource: "finalize", for: key)
        } catch let status as Status where status.reason == .notFound {
            return
        }
    }
}

extension Value {
    fileprivate var holdsFinalizer: Bool {
        self["spec", "finalizers"]?.array?.contains(NamespaceController.finalizer) ?? false
    }
}
