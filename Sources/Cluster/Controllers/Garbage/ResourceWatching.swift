import API
import Client
import Document
import Synchronization

/// The watches of the garbage collector: one for each resource that can be deleted, coming and going with custom ones.
final class ResourceWatching: Sendable {
    private struct State {
        var tasks: [GroupVersionResource: Task<Void, Never>] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Starts what is new, ends what is not wanted any more, and tells which those were.
    func follow(
        _ resources: [Discovery.Resource], _ watch: @escaping @Sendable (Discovery.Resource) async -> Void
    ) -> (new: [Discovery.Resource], gone: [GroupVersionResource]) {
        state.withLock { state in
            guard !state.isStopped else { return ([], []) }
            let wanted = Set(resources.map(\.resource))
            let gone = state.tasks.keys.filter { !wanted.contains($0) }
            for resource in gone { state.tasks.removeValue(forKey: resource)?.cancel() }
            let new = resources.filter { state.tasks[$0.resource] == nil }
            for resource in new { state.tasks[resource.resource] = Task { await watch(resource) } }
            return (new, gone)
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            for task in state.tasks.values { task.cancel() }
            state.tasks = [:]
        }
    }
}

extension Value {
    /// All that ownership needs of an object.
    static func ownershipOnly(_ object: Value) -> Value {
        var metadata: Value = [:]
        for key: Text in [
            "name", "namespace", "uid", "resourceVersion", "ownerReferences", "finalizers", "deletionTimestamp",
        ] {
            if let value = object["metadata"]?[key] { metadata[key] = value }
        }
        return ["metadata": metadata]
    }
}
