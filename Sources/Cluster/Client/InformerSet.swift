public import API
public import Document
import Synchronization

/// One informer for each resource, shared by all who follow it, so that every object is in memory once.
public final class InformerSet: Sendable {
    private let client: APIClient
    private let clock: any TimeSource
    private let informers = Mutex<[Wanted: Informer]>([:])

    private struct Wanted: Hashable {
        let resource: GroupVersionResource
        let fields: String
    }

    /// - Parameter client: in whose name the shared lists and watches are made.
    public init(_ client: APIClient, clock: any TimeSource) {
        self.client = client
        self.clock = clock
    }

    /// The informer of a resource over all namespaces; its objects come without `managedFields`, which nobody who
    /// reads a cache looks at and which are half of an object.
    ///
    /// All informers have to be asked for before ``run()``.
    ///
    /// - Parameter fields: a field selector, for those who want a few objects of many.
    public subscript(resource: GroupVersionResource, fields: String = "") -> Informer {
        informers.withLock { informers in
            let wanted = Wanted(resource: resource, fields: fields)
            if let informer = informers[wanted] { return informer }
            let informer = Informer(
                client, resource, ListOptions(fieldSelector: fields), clock: clock,
                indexes: [.namespace, .controller], keep: Self.withoutManagedFields)
            informers[wanted] = informer
            return informer
        }
    }

    /// The informer of a resource where someone follows it.
    public func existing(_ resource: GroupVersionResource) -> Informer? {
        informers.withLock { $0[Wanted(resource: resource, fields: "")] }
    }

    /// Keeps all informers up to date until the task is cancelled.
    public func run() async {
        let all = informers.withLock { Array($0.values) }
        await withDiscardingTaskGroup { group in
            for informer in all { group.addTask { await informer.run() } }
        }
    }

    /// The object as caches keep it.
    public static func withoutManagedFields(_ object: Value) -> Value {
        guard object["metadata", "managedFields"] != nil else { return object }
        var object = object
        object["metadata", "managedFields"] = nil
        return object
    }
}
