import API
import Client
import Document
import Synchronization

/// Deletes what nobody owns any more, and lets owners go once their dependents are dealt with ("Garbage Collection").
///
/// It follows every resource that can be deleted, custom ones too; where others have a cache of it already it reads
/// that one, and else keeps of each object only its name and owners. Keys are uids.
struct GarbageCollector: Controller {
    static let name = "generic-garbage-collector"
    static let workers = 10

    /// The key of looking for new resources.
    private static let discovery = "discovery"
    /// Events are many, own nothing, and end by themselves.
    private static let ignored: Set<String> = ["events", "events.events.k8s.io"]

    private let desk: Desk
    private let definitions: Informer
    private let watching = ResourceWatching()
    private let memory = GarbageMemory()

    init(_ desk: Desk) {
        self.desk = desk
        definitions = desk.informers[.customResourceDefinitions]
    }

    /// New kinds come with definitions.
    var sources: [Source] { [Source(definitions) { _ in [Self.discovery] }] }

    func background() async {
        desk.queue.add(Self.discovery)
        await withTaskCancellationHandler {
            for await _ in AsyncStream(Never.self, { _ in }) {}
        } onCancel: {
            watching.stop()
        }
    }

    func reconcile(_ key: String) async throws -> Duration? {
        if key == Self.discovery { return try await followAll() }
        guard let node = memory.graph.withLock({ $0[key] }) else { return nil }
        if node.waitsForDependents { return try await release(key, node) }
        if node.orphansDependents { return try await orphan(key, node) }
        if node.isBeingDeleted { return nil }
        return try await judge(key, node)
    }

    // MARK: What there is

    private func followAll() async throws -> Duration? {
        let discovery = try await desk.client.discover()
        memory.discovery.withLock { $0 = discovery }
        let resources = discovery.resources.filter {
            $0.can("delete", "list", "watch") && !Self.ignored.contains($0.resource.qualified)
        }
        let (new, gone) = memory.graph.withLock { graph in
            let change = watching.follow(resources) { await watch($0) }
            graph.unread += change.new.count
            return change
        }
        for resource in gone { forget(resource) }
        if new.isEmpty { enqueue(memory.graph.withLock(\.ownerless)) }
        // A group that does not answer now may do so later.
        return discovery.failures.isEmpty ? nil : .seconds(30)
    }

    private func forget(_ resource: GroupVersionResource) {
        let uids = memory.graph.withLock { $0.all(of: resource) }
        for uid in uids { enqueue(memory.graph.withLock { $0.remove(uid) }) }
    }

    private func watch(_ resource: Discovery.Resource) async {
        if let shared = desk.informers.existing(resource.resource) { return await follow(shared, resource) }
        let own = Informer(
            desk.client, resource.resource, clock: desk.clock, indexes: [], keep: Value.ownershipOnly)
        await withDiscardingTaskGroup { group in
            group.addTask { await own.run() }
            group.addTask { await follow(own, resource) }
        }
    }

    private func follow(_ informer: Informer, _ resource: Discovery.Resource) async {
        await informer.synced()
        let changes = informer.changes()
        let present = informer.objects
        let work = memory.graph.withLock { graph in
            var work = present.flatMap { graph.put($0, resource) }
            graph.unread -= 1
            if graph.unread == 0 { work += graph.ownerless }
            return work
        }
        enqueue(work)
        for await change in changes { take(change, resource) }
    }

    private func take(_ change: Informer.Change, _ resource: Discovery.Resource) {
        let work = memory.graph.withLock { graph in
            if case .deleted(let object) = change { return graph.remove(object.uid) }
            return graph.put(change.object, resource)
        }
        enqueue(work)
    }

    private func enqueue(_ uids: [String]) {
        for uid in uids { desk.queue.add(uid) }
    }

    // MARK: What becomes of it

    private func judge(_ uid: String, _ node: OwnerGraph.Node) async throws -> Duration? {
        guard let object = try await live(uid, node) else { return nil }
        var owners: [OwnerVerdict.Owner] = []
        for owner in object.ownerReferences { owners.append(try await look(at: owner, of: node)) }
        let hasDependents = memory.graph.withLock { !$0.dependents(of: uid).isEmpty }
        switch OwnerVerdict.judge(object, owners: owners, hasDependents: hasDependents) {
        case .keep: break
        case .forget(let uids): try await forget(uids, object, node)
        case .delete(let propagation):
            try await desk.writes.delete(node.resource.resource, object, propagation: propagation, for: uid)
        }
        return nil
    }

    /// The object as the server has it; nil where it is gone, or another has its name.
    private func live(_ uid: String, _ node: OwnerGraph.Node) async throws -> Value? {
        let namespace = node.namespace.isEmpty ? nil : node.namespace
        let object = try await desk.client.find(node.resource.resource, namespace: namespace, name: node.name)
        return object?.uid == uid ? object : nil
    }

    private func look(at owner: OwnerReference, of node: OwnerGraph.Node) async throws -> OwnerVerdict.Owner {
        if let known = memory.graph.withLock({ $0[owner.uid] }) { return known.waitsForDependents ? .waiting : .there }
        let resource = memory.discovery.withLock {
            $0?.resource(apiVersion: owner.apiVersion, kind: owner.kind)
        }
        // Of a kind that is not served nothing can be said; and what has no namespace cannot be owned in one.
        guard let resource, !(resource.isNamespaced && node.namespace.isEmpty) else { return .there }
        let object = try await desk.client.find(
            resource.resource, namespace: resource.isNamespaced ? node.namespace : nil, name: owner.name)
        return object?.uid == owner.uid ? .there : .gone
    }

    /// Lets an owner go that waits for its dependents, once none is left that it has to wait for.
    private func release(_ uid: String, _ node: OwnerGraph.Node) async throws -> Duration? {
        let blockers = memory.graph.withLock { $0.blockers(of: uid) }
        guard blockers.isEmpty else {
            enqueue(blockers.filter { blocker in memory.graph.withLock { $0[blocker]?.isBeingDeleted == false } })
            return nil
        }
        try await drop(OwnerGraph.Node.foreground, uid, node)
        return nil
    }

    /// Has the dependents forget their owner, and then lets that go.
    private func orphan(_ uid: String, _ node: OwnerGraph.Node) async throws -> Duration? {
        for dependent in memory.graph.withLock({ $0.dependents(of: uid) }) {
            guard let other = memory.graph.withLock({ $0[dependent] }), let object = try await live(dependent, other)
            else {
                continue
            }
            try await forget([uid], object, other)
        }
        try await drop(OwnerGraph.Node.orphan, uid, node)
        return nil
    }

    private func drop(_ finalizer: String, _ uid: String, _ node: OwnerGraph.Node) async throws {
        guard let object = try await live(uid, node), object.finalizers.contains(finalizer) else { return }
        let rest = object.finalizers.filter { $0 != finalizer }.map { Value.string($0) }
        try await change(object, ["finalizers": rest.isEmpty ? .null : .array(rest)], node)
    }

    private func forget(_ owners: Set<String>, _ object: Value, _ node: OwnerGraph.Node) async throws {
        let rest = object.ownerReferences.filter { !owners.contains($0.uid) }.map(\.value)
        try await change(object, ["ownerReferences": rest.isEmpty ? .null : .array(rest)], node)
    }

    private func change(_ object: Value, _ metadata: Value, _ node: OwnerGraph.Node) async throws {
        var metadata = metadata
        metadata["uid"] = .string(object.uid)
        metadata["resourceVersion"] = .string(object.resourceVersion)
        do {
            try await desk.writes.patch(node.resource.resource, object, .merge(["metadata": metadata]), for: object.uid)
        } catch let status as Status where status.reason == .notFound {
            return
        }
    }
}

/// What the garbage collector remembers.
final class GarbageMemory: Sendable {
    let graph = Mutex(OwnerGraph())
    let discovery = Mutex<Discovery?>(nil)
}
