public import API
public import Document

/// The verbs of the Kubernetes API over any ``Transport``; objects are trees, so that fields nobody knows survive.
///
/// Every call throws the server's `Status` when it refuses, and ``TransportFailure`` when no answer came.
public struct APIClient: Sendable {
    public let transport: any Transport
    /// Whom server-side apply and managedFields name as the writer; the transport's default where empty.
    public var fieldManager: String

    public init(_ transport: any Transport, fieldManager: String = "") {
        self.transport = transport
        self.fieldManager = fieldManager
    }

    /// Reads one object.
    public func get(
        _ resource: GroupVersionResource, namespace: String? = nil, name: String, subresource: String? = nil
    ) async throws -> Value {
        let path = resource.path(namespace: namespace, name: name, subresource: subresource)
        return try await transport.send(APIRequest(.get, path)).value()
    }

    /// Reads one object; nil where there is none of that name.
    public func find(
        _ resource: GroupVersionResource, namespace: String? = nil, name: String
    ) async throws -> Value? {
        do {
            return try await get(resource, namespace: namespace, name: name)
        } catch let status as Status where status.reason == .notFound {
            return nil
        }
    }

    /// Reads a collection, page by page where the options set a limit.
    ///
    /// - Parameter namespace: nil for all namespaces and for cluster-scoped resources.
    public func list(
        _ resource: GroupVersionResource, namespace: String? = nil, _ options: ListOptions = ListOptions()
    ) async throws -> ObjectList {
        let request = APIRequest(.get, resource.path(namespace: namespace), query: options.query)
        return ObjectList(try await transport.send(request).value())
    }

    /// Stores a new object, in the namespace that it names.
    public func create(
        _ resource: GroupVersionResource, _ object: Value, subresource: (name: String, of: String)? = nil
    ) async throws -> Value {
        let path = resource.path(
            namespace: object.namespace.isEmpty ? nil : object.namespace, name: subresource?.of,
            subresource: subresource?.name)
        return try await transport.send(
            APIRequest(.post, path, query: managerQuery, body: .value(object))
        ).value()
    }

    /// Replaces an object; refused with a conflict when its `resourceVersion` is not the newest.
    public func update(
        _ resource: GroupVersionResource, _ object: Value, subresource: String? = nil
    ) async throws -> Value {
        let path = resource.path(
            namespace: object.namespace.isEmpty ? nil : object.namespace, name: object.name, subresource: subresource)
        return try await transport.send(APIRequest(.put, path, query: managerQuery, body: .value(object))).value()
    }

    /// Changes an object by a patch.
    public func patch(
        _ resource: GroupVersionResource, namespace: String? = nil, name: String, _ patch: Patch,
        subresource: String? = nil
    ) async throws -> Value {
        let path = resource.path(namespace: namespace, name: name, subresource: subresource)
        var query = managerQuery
        if case .apply(_, let force) = patch, force { query.append(("force", "true")) }
        let request = APIRequest(.patch, path, query: query, contentType: patch.mediaType, body: .value(patch.body))
        return try await transport.send(request).value()
    }

    /// Deletes an object; the answer is its last state, or a Status of success.
    @discardableResult
    public func delete(
        _ resource: GroupVersionResource, namespace: String? = nil, name: String,
        _ options: DeleteOptions = DeleteOptions()
    ) async throws -> Value {
        let path = resource.path(namespace: namespace, name: name)
        return try await transport.send(APIRequest(.delete, path, body: .value(options.value))).value()
    }

    /// Watches a collection from a resource version on.
    public func watch(
        _ resource: GroupVersionResource, namespace: String? = nil, _ options: ListOptions
    ) async throws -> AsyncThrowingStream<WatchEvent, any Error> {
        var query = options.query
        query.append(("watch", "1"))
        return try await transport.watch(APIRequest(.get, resource.path(namespace: namespace), query: query))
    }

    private var managerQuery: [(name: String, value: String)] {
        fieldManager.isEmpty ? [] : [("fieldManager", fieldManager)]
    }
}

/// Which objects a list or watch is about ("API concepts: efficient detection of changes").
public struct ListOptions: Sendable {
    public var labelSelector = ""
    public var fieldSelector = ""
    /// How many objects a page has at most; 0 for all.
    public var limit = 0
    /// Where the page before ended.
    public var `continue` = ""
    public var resourceVersion = ""
    public var allowWatchBookmarks = false
    /// After how many seconds the server ends a watch; 0 leaves it to the server.
    public var timeoutSeconds = 0

    public init(labelSelector: String = "", fieldSelector: String = "", limit: Int = 0, resourceVersion: String = "") {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.resourceVersion = resourceVersion
    }

    var query: [(name: String, value: String)] {
        var query = [
            ("labelSelector", labelSelector), ("fieldSelector", fieldSelector), ("continue", `continue`),
            ("resourceVersion", resourceVersion), ("allowWatchBookmarks", allowWatchBookmarks ? "true" : ""),
        ]
        if limit > 0 { query.append(("limit", String(limit))) }
        if timeoutSeconds > 0 { query.append(("timeoutSeconds", String(timeoutSeconds))) }
        return query.filter { !$0.1.isEmpty }
    }
}

/// A page of a collection; every item has the `apiVersion` and `kind` that lists leave out.
public struct ObjectList: Sendable {
    public var items: [Value]
    public var resourceVersion: String
    /// Where the next page begins; empty after the last one.
    public var `continue`: String

    init(_ list: Value) {
        let kind = list.kind.hasSuffix("List") ? String(list.kind.dropLast(4)) : ""
        let apiVersion = list.apiVersion
        items = (list["items"]?.array ?? []).map { item in
            var item = item
            if item.kind.isEmpty, !kind.isEmpty {
                item.apiVersion = apiVersion
                item.kind = kind
            }
            return item
        }
        resourceVersion = list.resourceVersion
        `continue` = list["metadata", "continue"]?.string ?? ""
    }
}

/// A change of an object, by its media type.
public enum Patch: Sendable {
    /// RFC 6902.
    case json([Value])
    /// RFC 7386.
    case merge(Value)
    /// Kubernetes' strategic merge patch.
    case strategic(Value)
    /// Server-side apply; `force` takes fields over from other managers.
    case apply(Value, force: Bool)

    var mediaType: String {
        switch self {
        case .json: "application/json-patch+json"
        case .merge: "application/merge-patch+json"
        case .strategic: "application/strategic-merge-patch+json"
        case .apply: "application/apply-patch+yaml"
        }
    }

    var body: Value {
        switch self {
        case .json(let operations): .array(operations)
        case .merge(let value), .strategic(let value), .apply(let value, _): value
        }
    }
}

/// How an object is deleted (metav1.DeleteOptions).
public struct DeleteOptions: Sendable {
    /// What becomes of the objects that it owns.
    public enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    public var propagation: Propagation?
    public var gracePeriodSeconds: Int?
    /// Deletes only the object of this uid.
    public var uid: String?

    public init(propagation: Propagation? = nil, gracePeriodSeconds: Int? = nil, uid: String? = nil) {
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
        self.uid = uid
    }

    var value: Value {
        var value: Value = ["kind": "DeleteOptions", "apiVersion": "v1"]
        if let propagation { value["propagationPolicy"] = .string(propagation.rawValue) }
        if let gracePeriodSeconds { value["gracePeriodSeconds"] = .int(gracePeriodSeconds) }
        if let uid { value["preconditions"] = ["uid": .string(uid)] }
        return value
    }
}
