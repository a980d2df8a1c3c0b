import API
import Client
import Document

/// The cluster as the template function `lookup` asks it (pkg/engine/lookup_func.go).
struct ClusterLookup: Sendable {
    let cluster: Cluster

    /// One object, or a list where no name is given; empty where there is none.
    func objects(_ version: Text, _ kind: Text, _ namespace: Text, _ name: Text) async throws -> Object {
        guard let groupVersion = GroupVersion(version.string) else {
            throw ReleaseFailure("unable to get apiresource from unstructured: \(version), Kind=\(kind)")
        }
        let wanted = GroupVersionKind(groupVersion, kind.string)
        guard let entry = try await cluster.directory.contents().entries[wanted] else {
            throw ReleaseFailure(
                "unable to get apiresource from unstructured: unable to find resource for \(wanted)")
        }
        let path = entry.resource.path(
            namespace: entry.isNamespaced && !namespace.isEmpty ? namespace.string : nil,
            name: name.isEmpty ? nil : name.string)
        do {
            return try await cluster.client.transport.send(APIRequest(.get, path)).value().object ?? [:]
        } catch let status as Status where status.reason == .notFound {
            return [:]
        }
    }
}

extension ActionContext {
    /// What templates may ask of this cluster.
    func liveCluster(version: Value) async throws -> ReleasableChart.LiveCluster {
        let lookup = ClusterLookup(cluster: cluster)
        return ReleasableChart.LiveCluster(facts: try await cluster.facts(version: version)) {
            version, kind, space, name in
            try OwnThread.wait { try await lookup.objects(version, kind, space, name) }
        }
    }
}
