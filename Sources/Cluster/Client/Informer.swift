public import API
public import Document
import Synchronization

/// A collection that is kept in memory by listing it once and watching it from then on (client-go's shared informer).
///
/// `run()` does the work until its task is cancelled; everyone else reads, and follows the changes that matter to them.
/// Every object is there once, however many readers there are.
public final class Informer: Sendable {
    /// What became of an object.
    public enum Change: Sendable {
        case added(Value)
        case updated(old: Value, new: Value)
        case deleted(Value)

        /// The object as it is now, or was last.
        public var object: Value {
            switch self {
            case .added(let object), .deleted(let object): object
            case .updated(_, let object): object
            }
        }
    }

    public let resource: GroupVersionResource
    private let client: APIClient
    private let namespace: String?
    private let options: ListOptions
    private let clock: any TimeSource
    private let indexes: [Index]
    private let keep: @Sendable (Value) -> Value

    private struct State {
        var objects: [String: Value] = [:]
        var isSynced = false
        var followers: [Int: AsyncStream<Change>.Continuation] = [:]
        var nextFollower = 0
        var syncWaiters: [CheckedContinuation<Void, Never>] = []
        /// For each index, the keys of the objects under each of its terms.
        var indexed: [String: [String: Set<String>]] = [:]
        /// The newest resource version that the server has told of.
        var version: UInt64 = 0
        var waiters: [Waiter] = []
        var isFinished = false
    }

    /// Who waits for the cache to be in some state.
    private struct Waiter {
        let holds: @Sendable (Snapshot) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    /// What a waiter looks at.
    public struct Snapshot {
        /// The newest resource version that the cache has seen.
        public let version: UInt64
        fileprivate let objects: [String: Value]

        public subscript(key: String) -> Value? { objects[key] }
    }

    /// A way to find objects by something they say of themselves (client-go's indexers).
    public struct Index: Sendable {
        public let name: String
        /// The terms under which an object is found.
        public let terms: @Sendable (Value) -> [String]

        public init(_ name: String, _ terms: @escaping @Sendable (Value) -> [String]) {
            self.name = name
            self.terms = terms
        }

        /// Finds objects by their namespace.
        public static let namespace = Index("namespace") { [$0.namespace] }
        /// Finds objects by the uid of their controller; those that have none under `orphans/NAMESPACE`.
        public static let controller = Index("controller") { [$0.controller?.uid ?? "orphans/\($0.namespace)"] }
    }

    private let state = Mutex(State())
    /// Followers who have gone, until the next change finds it out. A task that is cancelled holds a lock of the runtime
    /// while its stream says so here, and whoever yields to that stream wants the same lock: this one is therefore never
    /// held while anything is yielded.
    private let left = Mutex<[Int]>([])

    /// - Parameters:
    ///   - namespace: nil for all.
    ///   - options: selectors that narrow the collection.
    ///   - indexes: ways to find objects besides their key.
    ///   - keep: what of each object is kept in memory.
    public init(
        _ client: APIClient, _ resource: GroupVersionResource, namespace: String? = nil,
        _ options: ListOptions = ListOptions(), clock: any TimeSource = SystemTime(), indexes: [Index] = [.namespace],
        keep: @escaping @Sendable (Value) -> Value = { $0 }
    ) {
        self.client = client
        self.resource = resource
        self.namespace = namespace
        self.options = options
        self.clock = clock
        self.indexes = indexes
        self.keep = keep
    }

    /// Whether the first list has arrived.
    public var isSynced: Bool { state.withLock(\.isSynced) }

    /// The object of that key (`NAMESPACE/NAME`, or the name).
    public subscript(key: String) -> Value? { state.withLock { $0.objects[key] } }

    /// All objects, in no particular order.
    public var objects: [Value] { state.withLock { Array($0.objects.values) } }

    /// The objects of one namespace, in no particular order.
    public func objects(in namespace: String) -> [Value] { objects(by: .namespace, namespace) }

    /// The objects that an index has under a term, in no particular order; all are looked at where the informer was
    /// made without that index.
    public func objects(by index: Index, _ term: String) -> [Value] {
        state.withLock { state in
            guard indexes.contains(where: { $0.name == index.name }) else {
                return state.objects.values.filter { index.terms($0).contains(term) }
            }
            return (state.indexed[index.name]?[term] ?? []).compactMap { state.objects[$0] }
        }
    }

    /// Returns once the condition holds of the cache, or when the informer has ended.
    public func settled(_ holds: @escaping @Sendable (Snapshot) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.isFinished || holds(Snapshot(version: state.version, objects: state.objects)) { return true }
                state.waiters.append(Waiter(holds: holds, continuation: continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// Returns once the first list has arrived.
    public func synced() async {
        await withCheckedContinuation { continuation in
            let isSynced = state.withLock { state in
                let isDone = state.isSynced || state.isFinished
                if !isDone { state.syncWaiters.append(continuation) }
                return isDone
            }
            if isSynced { continuation.resume() }
        }
    }

    /// The changes from now on, beginning with all objects that are there as added ones.
    public func changes() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
        let id = state.withLock { state in
            state.nextFollower += 1
            state.followers[state.nextFollower] = continuation
            if state.isFinished { continuation.finish() }
            for object in state.objects.values { continuation.yield(.added(object)) }
            return state.nextFollower
        }
        continuation.onTermination = { [weak self] _ in
            self?.left.withLock { $0.append(id) }
        }
        return stream
    }

    /// Lists and watches until the task is cancelled; failures are retried with growing pauses.
    public func run() async {
        var pause = Duration.milliseconds(50)
        var version = ""
        while !Task.isCancelled {
            do {
                if version.isEmpty { version = try await list() }
                try await watch(from: &version)
                pause = .milliseconds(50)
            } catch {
                if let status = error as? Status, status.code == 410 { version = "" }
                guard (try? await clock.sleep(for: pause)) != nil else { break }
                pause = min(pause * 2, .seconds(10))
            }
        }
        finish()
    }

    private func finish() {
        let (followers, waiters) = state.withLock { state in
            defer {
                state.followers = [:]
                state.syncWaiters = []
                state.waiters = []
                state.isFinished = true
            }
            return (Array(state.followers.values), state.syncWaiters + state.waiters.map(\.continuation))
        }
        for follower in followers { follower.finish() }
        for waiter in waiters { waiter.resume() }
    }

    private func list() async throws -> String {
        var options = self.options
        options.resourceVersion = "0"
        let list = try await client.list(resource, namespace: namespace, options)
        let waiters = state.withLock { state in
            replace(list.items, in: &state)
            state.isSynced = true
            state.version = max(state.version, UInt64(list.resourceVersion) ?? 0)
            defer { state.syncWaiters = [] }
            return state.syncWaiters + content(&state)
        }
        for waiter in waiters { waiter.resume() }
        return list.resourceVersion
    }

    private func replace(_ items: [Value], in state: inout State) {
        dropFollowers(&state)
        let old = state.objects
        state.objects = Dictionary(items.map { ($0.key, keep($0)) }) { _, last in last }
        state.indexed = [:]
        for (key, object) in state.objects { index(object, key, &state) }
        for (key, object) in state.objects {
            guard let before = old[key] else {
                tell(.added(object), state)
                continue
            }
            if before.uid != object.uid {
                tell(.deleted(before), state)
                tell(.added(object), state)
            } else if before.resourceVersion != object.resourceVersion {
                tell(.updated(old: before, new: object), state)
            }
        }
        for (key, object) in old where state.objects[key] == nil { tell(.deleted(object), state) }
    }

    private func tell(_ change: Change, _ state: State) {
        for follower in state.followers.values { follower.yield(change) }
    }

    private func watch(from version: inout String) async throws {
        var options = self.options
        options.resourceVersion = version
        options.allowWatchBookmarks = true
        for try await event in try await client.watch(resource, namespace: namespace, options) {
            if event.kind == .error { throw Status(event.object) ?? .internalError("the watch failed") }
            version = event.object.resourceVersion
            let waiters = state.withLock { state in
                if event.kind != .bookmark { take(event, into: &state) }
                state.version = max(state.version, UInt64(version) ?? 0)
                return content(&state)
            }
            for waiter in waiters { waiter.resume() }
        }
        try Task.checkCancellation()
    }

    private func dropFollowers(_ state: inout State) {
        let gone = left.withLock { left in
            defer { left = [] }
            return left
        }
        for id in gone { state.followers[id] = nil }
    }

    private func take(_ event: WatchEvent, into state: inout State) {
        dropFollowers(&state)
        let object = keep(event.object)
        let key = object.key
        let old = state.objects[key]
        if let old { unindex(old, key, &state) }
        if event.kind == .deleted {
            state.objects[key] = nil
            if old != nil { tell(.deleted(object), state) }
            return
        }
        state.objects[key] = object
        index(object, key, &state)
        tell(old.map { .updated(old: $0, new: object) } ?? .added(object), state)
    }

    private func index(_ object: Value, _ key: String, _ state: inout State) {
        for index in indexes {
            for term in index.terms(object) { state.indexed[index.name, default: [:]][term, default: []].insert(key) }
        }
    }

    private func unindex(_ object: Value, _ key: String, _ state: inout State) {
        for index in indexes {
            for term in index.terms(object) {
                state.indexed[index.name]?[term]?.remove(key)
                if state.indexed[index.name]?[term]?.isEmpty == true { state.indexed[index.name]?[term] = nil }
            }
        }
    }

    /// Takes those out of the list of waiters who have what they waited for.
    private func content(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        guard !state.waiters.isEmpty else { return [] }
        let snapshot = Snapshot(version: state.version, objects: state.objects)
        let content = state.waiters.filter { $0.holds(snapshot) }.map(\.continuation)
        state.waiters.removeAll { $0.holds(snapshot) }
        return content
    }
}
