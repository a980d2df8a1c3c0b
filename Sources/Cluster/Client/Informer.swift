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

    private struct State {
        var objects: [String: Value] = [:]
        var isSynced = false
        var followers: [Int: AsyncStream<Change>.Continuation] = [:]
        var nextFollower = 0
        var syncWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - namespace: nil for all.
    ///   - options: selectors that narrow the collection.
    public init(
        _ client: APIClient, _ resource: GroupVersionResource, namespace: String? = nil,
        _ options: ListOptions = ListOptions(), clock: any TimeSource = SystemTime()
    ) {
        self.client = client
        self.resource = resource
        self.namespace = namespace
        self.options = options
        self.clock = clock
    }

    /// Whether the first list has arrived.
    public var isSynced: Bool { state.withLock(\.isSynced) }

    /// The object of that key (`NAMESPACE/NAME`, or the name).
    public subscript(key: String) -> Value? { state.withLock { $0.objects[key] } }

    /// All objects, in no particular order.
    public var objects: [Value] { state.withLock { Array($0.objects.values) } }

    /// The objects of one namespace.
    public func objects(in namespace: String) -> [Value] {
        state.withLock { state in state.objects.values.filter { $0.namespace == namespace } }
    }

    /// Returns once the first list has arrived.
    public func synced() async {
        await withCheckedContinuation { continuation in
            let isSynced = state.withLock { state in
                if !state.isSynced { state.syncWaiters.append(continuation) }
                return state.isSynced
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
            for object in state.objects.values { continuation.yield(.added(object)) }
            return state.nextFollower
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.followers[id] = nil }
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
            }
            return (Array(state.followers.values), state.syncWaiters)
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
            defer { state.syncWaiters = [] }
            return state.syncWaiters
        }
        for waiter in waiters { waiter.resume() }
        return list.resourceVersion
    }

    private func replace(_ items: [Value], in state: inout State) {
        let old = state.objects
        state.objects = Dictionary(items.map { ($0.key, $0) }) { _, last in last }
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
            if event.kind != .bookmark { state.withLock { take(event, into: &$0) } }
        }
        try Task.checkCancellation()
    }

    private func take(_ event: WatchEvent, into state: inout State) {
        let key = event.object.key
        let old = state.objects[key]
        if event.kind == .deleted {
            state.objects[key] = nil
            if old != nil { tell(.deleted(event.object), state) }
            return
        }
        state.objects[key] = event.object
        tell(old.map { .updated(old: $0, new: event.object) } ?? .added(event.object), state)
    }
}
