import API
import Client
import Document
import Synchronization

/// Reads and writes how many pods an object of any kind asks for, by its `scale` subresource.
struct Scales: Sendable {
    /// An object that can be scaled, and its Scale.
    struct Target: Sendable {
        let resource: GroupVersionResource
        var scale: Value
    }

    private let client: APIClient
    private let kinds = Kinds()

    init(_ client: APIClient) { self.client = client }

    /// The Scale of an object; nil where there is no such object.
    ///
    /// - Throws: the Status of a kind that is not served or cannot be scaled.
    func find(apiVersion: String, kind: String, namespace: String, name: String) async throws -> Target? {
        guard let resource = try await kinds.resource(apiVersion, kind, client) else {
            throw Status.internalError("no matches for kind \"\(kind)\" in version \"\(apiVersion)\"")
        }
        do {
            let scale = try await client.get(resource, namespace: namespace, name: name, subresource: "scale")
            return Target(resource: resource, scale: scale)
        } catch let status as Status where status.reason == .notFound {
            return nil
        }
    }

    func write(_ target: Target) async throws {
        _ = try await client.update(target.resource, target.scale, subresource: "scale")
    }

    /// What discovery said; asked again for a kind that is not in it.
    private final class Kinds: Sendable {
        private let known = Mutex<Discovery?>(nil)

        func resource(_ apiVersion: String, _ kind: String, _ client: APIClient) async throws -> GroupVersionResource? {
            if let found = known.withLock({ $0?.resource(apiVersion: apiVersion, kind: kind) }) {
                return found.resource
            }
            let fresh = try await client.discover()
            known.withLock { $0 = fresh }
            return fresh.resource(apiVersion: apiVersion, kind: kind)?.resource
        }
    }
}
