public import API
public import Client
public import Document
import Synchronization

/// A small API server in memory for tests of what stands behind the Client: it stores, lists, watches, merges patches
/// and deletes pods with grace as upstream does, and knows no rule beyond that.
public final class FakeCluster: Transport {
    private struct State {
        var objects: [String: Value] = [:]
        var version = 0
        var watchers:
            [Int: (request: APIRequest, continuation: AsyncThrowingStream<WatchEvent, any Error>.Continuation)] =
                [:]
        var next = 0
        var requests: [APIRequest] = []
    }

    private let state = Mutex(State())
    private let left = Mutex<[Int]>([])

    public init() {}

    /// A client of this server.
    public var client: APIClient { APIClient(self, fieldManager: "test") }

    /// All requests that came, watches left out.
    public var requests: [APIRequest] { state.withLock(\.requests) }

    /// The object at that path; nil where there is none.
    public func object(_ path: String) -> Value? { state.withLock { $0.objects[path] } }

    /// All objects of a collection in all namespaces.
    public func objects(_ resource: GroupVersionResource) -> [Value] {
        state.withLock { state in
            state.objects.filter { FakeCluster.isIn($0.key, APIRequest(.get, resource.path()), $0.value) }.map(\.value)
        }
    }

    /// Stores an object as if its controller had written it.
    public func put(_ resource: GroupVersionResource, _ object: Value) {
        let namespace = object.namespace.isEmpty ? nil : object.namespace
        state.withLock { _ = store(resource.path(namespace: namespace, name: object.name), object, &$0) }
    }

    /// Takes an object away at once.
    public func drop(_ resource: GroupVersionResource, namespace: String?, name: String) {
        state.withLock { remove(resource.path(namespace: namespace, name: name), &$0) }
    }

    public func send(_ request: APIRequest) async throws -> APIResponse {
        state.withLock { state in
            state.requests.append(request)
            return answer(request, &state)
        }
    }

    public func watch(_ request: APIRequest) async throws -> AsyncThrowingStream<WatchEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: WatchEvent.self, throwing: (any Error).self)
        let since = request.query.first { $0.name == "resourceVersion" }.flatMap { Int($0.value) } ?? 0
        let id = state.withLock { state in
            state.next += 1
            state.watchers[state.next] = (request, continuation)
            for (path, object) in state.objects
            where FakeCluster.isIn(path, request, object) && Int(object.resourceVersion) ?? 0 > since {
                continuation.yield(WatchEvent(.added, object))
            }
            return state.next
        }
        // Never the lock under which is yielded: a cancelled task holds the one that yielding needs.
        continuation.onTermination = { [weak self] _ in self?.left.withLock { $0.append(id) } }
        return stream
    }

    public func stream(_ request: APIRequest) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        throw Status.badRequest("streams are not served here")
    }

    private func answer(_ request: APIRequest, _ state: inout State) -> APIResponse {
        var path = request.path
        for suffix in ["/status", "/token"] where path.hasSuffix(suffix) { path = String(path.dropLast(suffix.count)) }
        guard case .value(let body)? = request.body ?? .value(.null) else { return refusal(.badRequest("no tree")) }
        switch request.method {
        case .get:
            if let object = state.objects[path] { return APIResponse(status: 200, body: .value(object)) }
            guard FakeCluster.isCollection(path) else { return refusal(missing(path)) }
            let items = state.objects.filter { FakeCluster.isIn($0.key, request, $0.value) }.map(\.value)
            return APIResponse(
                status: 200,
                body: .value([
                    "kind": "List", "apiVersion": "v1", "items": .array(items),
                    "metadata": ["resourceVersion": .string(String(state.version))],
                ]))
        case .post:
            path += "/\(body.name)"
            guard state.objects[path] == nil else {
                return refusal(Status(code: 409, reason: .alreadyExists, message: "\(path) exists"))
            }
            return APIResponse(status: 201, body: .value(store(path, body, &state)))
        case .put: return APIResponse(status: 200, body: .value(store(path, body, &state)))
        case .patch:
            guard let old = state.objects[path] else { return refusal(missing(path)) }
            return APIResponse(status: 200, body: .value(store(path, FakeCluster.merge(old, body), &state)))
        case .delete: return delete(path, body, &state)
        }
    }

    private func delete(_ path: String, _ options: Value, _ state: inout State) -> APIResponse {
        guard var object = state.objects[path] else { return refusal(missing(path)) }
        let grace = options["gracePeriodSeconds"]?.int ?? object["spec", "terminationGracePeriodSeconds"]?.int ?? 30
        if object.kind == "Pod", grace > 0, object["spec", "nodeName"] != nil {
            object["metadata", "deletionTimestamp"] = .string((SystemTime().now + .seconds(grace)).description)
            object["metadata", "deletionGracePeriodSeconds"] = .int(grace)
            return APIResponse(status: 200, body: .value(store(path, object, &state)))
        }
        remove(path, &state)
        return APIResponse(status: 200, body: .value(object))
    }

    private func missing(_ path: String) -> Status {
        Status(code: 404, reason: .notFound, message: "\(path) not found")
    }

    private func refusal(_ status: Status) -> APIResponse {
        APIResponse(status: status.code, body: .value(status.value))
    }

    @discardableResult
    private func store(_ path: String, _ object: Value, _ state: inout State) -> Value {
        var object = object
        state.version += 1
        object["metadata", "resourceVersion"] = .string(String(state.version))
        let old = state.objects.updateValue(object, forKey: path)
        if object.uid.isEmpty {
            object["metadata", "uid"] = .string("uid-\(state.version)")
            state.objects[path] = object
        }
        tell(WatchEvent(old == nil ? .added : .modified, object), path, &state)
        return object
    }

    private func remove(_ path: String, _ state: inout State) {
        guard var object = state.objects.removeValue(forKey: path) else { return }
        state.version += 1
        object["metadata", "resourceVersion"] = .string(String(state.version))
        tell(WatchEvent(.deleted, object), path, &state)
    }

    private func tell(_ event: WatchEvent, _ path: String, _ state: inout State) {
        let gone = left.withLock { left in
            defer { left = [] }
            return left
        }
        for id in gone { state.watchers[id] = nil }
        for watcher in state.watchers.values where FakeCluster.isIn(path, watcher.request, event.object) {
            watcher.continuation.yield(event)
        }
    }

    private static func isCollection(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        let rest = parts.dropFirst(parts.first == "api" ? 2 : 3)
        return rest.count == 1 || rest.count == 3 && rest.first == "namespaces"
    }

    private static func isIn(_ path: String, _ request: APIRequest, _ object: Value) -> Bool {
        let wanted = request.path.split(separator: "/").map(String.init)
        var parts = Array(path.split(separator: "/").map(String.init).dropLast())
        if wanted != parts, let index = parts.firstIndex(of: "namespaces"), index + 2 < parts.count {
            parts.removeSubrange(index...(index + 1))
        }
        guard wanted == parts else { return false }
        let fields = request.query.first { $0.name == "fieldSelector" }.flatMap { FieldSelector($0.value) }
        return fields?.matches { object[path: $0.split(separator: ".").map { Text($0) }]?.string ?? "" } ?? true
    }

    /// RFC 7386, but that conditions are merged by their type.
    private static func merge(_ old: Value, _ patch: Value) -> Value {
        guard case .object(let changes) = patch else { return patch }
        var result = old.object.map(Value.object) ?? [:]
        for change in changes {
            if change.value.isNull {
                result[change.key] = nil
            } else if change.key == "conditions", let new = change.value.array {
                let kept = (old["conditions"]?.array ?? []).filter { entry in
                    !new.contains { $0["type"] == entry["type"] }
                }
                result["conditions"] = .array(kept + new)
            } else {
                result[change.key] = merge(result[change.key] ?? .null, change.value)
            }
        }
        return result
    }
}
