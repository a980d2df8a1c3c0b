import API
import Client
import Document
import Synchronization

/// The way a controller changes the cluster.
///
/// Each write is remembered with the key that it was made for, and that key is not looked at again until the caches
/// have seen it: so a stale cache never makes a pod too many (what upstream's `ControllerExpectations` are for;
/// resource versions of one collection can be compared, so nothing has to be counted).
final class Writes: Sendable {
    private struct Facts {
        var versions: [GroupVersionResource: UInt64] = [:]
        var gone: [GroupVersionResource: [String: String]] = [:]
    }

    let client: APIClient
    private let informers: InformerSet
    private let pending = Mutex<[String: Facts]>([:])

    init(_ client: APIClient, _ informers: InformerSet) {
        self.client = client
        self.informers = informers
    }

    /// Returns once the caches have seen all that was written for the key.
    func settled(_ key: String) async {
        guard let facts = pending.withLock({ $0.removeValue(forKey: key) }) else { return }
        for (resource, version) in facts.versions {
            await informers.existing(resource)?.settled { $0.version >= version }
        }
        for (resource, objects) in facts.gone {
            await informers.existing(resource)?.settled { cache in
                objects.allSatisfy { key, uid in
                    guard let object = cache[key] else { return true }
                    return object.uid != uid || object.isBeingDeleted
                }
            }
        }
    }

    @discardableResult
    func create(_ resource: GroupVersionResource, _ object: Value, for key: String) async throws -> Value {
        note(resource, try await client.create(resource, object), key)
    }

    @discardableResult
    func update(
        _ resource: GroupVersionResource, _ object: Value, subresource: String? = nil, for key: String
    ) async throws -> Value {
        note(resource, try await client.update(resource, object, subresource: subresource), key)
    }

    @discardableResult
    func patch(
        _ resource: GroupVersionResource, _ object: Value, _ patch: Patch, subresource: String? = nil, for key: String
    ) async throws -> Value {
        let namespace = object.namespace.isEmpty ? nil : object.namespace
        let result = try await client.patch(
            resource, namespace: namespace, name: object.name, patch, subresource: subresource)
        return note(resource, result, key)
    }

    /// Deletes just this object; that it is gone already is no failure.
    ///
    /// - Returns: whether it was there.
    @discardableResult
    func delete(
        _ resource: GroupVersionResource, _ object: Value, propagation: DeleteOptions.Propagation? = nil,
        gracePeriodSeconds: Int? = nil, for key: String
    ) async throws -> Bool {
        let namespace = object.namespace.isEmpty ? nil : object.namespace
        let options = DeleteOptions(
            propagation: propagation, gracePeriodSeconds: gracePeriodSeconds,
            uid: object.uid.isEmpty ? nil : object.uid)
        do {
            try await client.delete(resource, namespace: namespace, name: object.name, options)
            noteGone(resource, object, key)
            return true
        } catch let status as Status where status.reason == .notFound {
            noteGone(resource, object, key)
            return false
        }
    }

    /// A deletion that was refused leaves the object where it is: nobody may wait for it to go.
    private func noteGone(_ resource: GroupVersionResource, _ object: Value, _ key: String) {
        pending.withLock { $0[key, default: Facts()].gone[resource, default: [:]][object.key] = object.uid }
    }

    private func note(_ resource: GroupVersionResource, _ object: Value, _ key: String) -> Value {
        guard let version = UInt64(object.resourceVersion) else { return object }
        pending.withLock { pending in
            pending[key, default: Facts()].versions[resource, default: 0].raise(to: version)
        }
        return object
    }
}

extension UInt64 {
    fileprivate mutating func raise(to other: UInt64) { self = Swift.max(self, other) }
}

extension Status {
    /// Whether the namespace is on its way out, so that nothing can be made in it and trying again is no use.
    var saysNamespaceTerminates: Bool {
        details?.causes.contains { $0.reason == "NamespaceTerminating" } ?? false
    }
}
