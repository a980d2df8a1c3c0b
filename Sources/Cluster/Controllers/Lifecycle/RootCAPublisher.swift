import API
import Client
import Document

/// Puts the cluster's certificate authority into every namespace, where pods get it from (`kube-root-ca.crt`).
struct RootCAPublisher: Controller {
    static let name = "root-ca-cert-publisher"
    static let workers = 1

    static let mapName = "kube-root-ca.crt"

    private let desk: Desk
    private let namespaces: Informer
    /// Of all ConfigMaps, which may be many and large, the one in each namespace that matters here.
    private let maps: Informer

    init(_ desk: Desk) {
        self.desk = desk
        namespaces = desk.informers[.namespaces]
        maps = desk.informers[.configMaps, "metadata.name=\(Self.mapName)"]
    }

    var sources: [Source] { [.each(namespaces), Source(maps) { [$0.object.namespace] }] }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let namespace = namespaces[key], !namespace.isBeingDeleted, !desk.options.rootCA.isEmpty else {
            return nil
        }
        let data: Value = ["ca.crt": .string(desk.options.rootCA)]
        do {
            if var map = try await desk.client.find(.configMaps, namespace: key, name: Self.mapName) {
                guard map["data"] != data else { return nil }
                map["data"] = data
                try await desk.writes.update(.configMaps, map, for: key)
            } else {
                try await desk.writes.create(.configMaps, Self.map(data, in: key), for: key)
            }
        } catch let status as Status where status.reason == .alreadyExists || status.saysNamespaceTerminates {
            return nil
        }
        return nil
    }

    private static func map(_ data: Value, in namespace: String) -> Value {
        let description = """
            Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as \
            the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of \
            Kubernetes clusters.
            """
        return [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": .string(mapName), "namespace": .string(namespace),
                "annotations": ["kubernetes.io/description": .string(description)],
            ],
            "data": data,
        ]
    }
}
