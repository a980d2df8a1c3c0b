import API
import Client
import Document

/// The objects that a cluster has from its first moment: what upstream's post-start hooks make.
public struct Bootstrap: Sendable {
    private let client: APIClient
    private let api: KubeAPI

    public init(_ api: KubeAPI) {
        self.api = api
        client = APIClient(
            DirectTransport(api, component: "system:apiserver", groups: ["system:masters"], manager: "kube-apiserver"),
            fieldManager: "")
    }

    private static func resource(_ group: String, _ version: String, _ plural: String) -> GroupVersionResource {
        GroupVersionResource(group: group, version: version, resource: plural)
    }

    /// Makes what is missing, and leaves what is there.
    public func run() async throws {
        for name in ["kube-system", "kube-public", "kube-node-lease", "default"] {
            try await ensure(Self.resource("", "v1", "namespaces"), Self.namespace(name))
        }
        for priority in Self.priorities {
            try await ensure(Self.resource("scheduling.k8s.io", "v1", "priorityclasses"), priority)
        }
        try await ensure(Self.resource("networking.k8s.io", "v1", "servicecidrs"), range)
    }

    private var range: Value {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": ["name": "kubernetes"],
            "spec": ["cidrs": [.string(api.options.serviceRange.description)]],
        ]
    }

    /// Makes the Service through which pods reach the API, and keeps its endpoints as they are now.
    ///
    /// - Parameters:
    ///   - address: where the API listens, as pods reach it.
    ///   - port: the port there.
    public func publish(address: String, port: Int) async throws {
        try await publishService(port: port)
        let endpoints: Value = [
            "apiVersion": "v1", "kind": "Endpoints",
            "metadata": [
                "name": "kubernetes", "namespace": "default",
                "labels": ["endpointslice.kubernetes.io/skip-mirror": "true"],
            ],
            "subsets": [
                [
                    "addresses": [["ip": .string(address)]],
                    "ports": [["name": "https", "port": .int(port), "protocol": "TCP"]],
                ]
            ],
        ]
        try await replace(Self.resource("", "v1", "endpoints"), endpoints, field: "subsets")
        let slice: Value = [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": [
                "name": "kubernetes", "namespace": "default",
                "labels": ["kubernetes.io/service-name": "kubernetes"],
            ],
            "addressType": "IPv4",
            "endpoints": [["addresses": [.string(address)], "conditions": ["ready": true]]],
            "ports": [["name": "https", "port": .int(port), "protocol": "TCP"]],
        ]
        let slices = Self.resource("discovery.k8s.io", "v1", "endpointslices")
        try await replace(slices, slice, field: "endpoints")
        try await replace(slices, slice, field: "ports")
    }

    /// The Service is made once; its ports follow where the API listens now.
    private func publishService(port: Int) async throws {
        let services = Self.resource("", "v1", "services")
        let wanted = service(port: port)
        guard var standing = try await client.find(services, namespace: "default", name: "kubernetes") else {
            _ = try await client.create(services, wanted)
            return
        }
        guard standing["spec", "ports"] != wanted["spec", "ports"] else { return }
        standing["spec", "ports"] = wanted["spec", "ports"]
        _ = try await client.update(services, standing)
    }

    private func service(port: Int) -> Value {
        [
            "apiVersion": "v1", "kind": "Service",
            "metadata": [
                "name": "kubernetes", "namespace": "default",
                "labels": ["component": "apiserver", "provider": "kubernetes"],
            ],
            "spec": [
                "clusterIP": .string(api.options.serviceRange[1].description), "type": "ClusterIP",
                "sessionAffinity": "None", "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
                "ports": [["name": "https", "port": 443, "protocol": "TCP", "targetPort": .int(port)]],
            ],
        ]
    }

    private static func namespace(_ name: String) -> Value {
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    }

    private static let priorities: [Value] = [
        priority(
            "system-node-critical", 2_000_001_000,
            "Used for system critical pods that must not be moved from their current node."),
        priority(
            "system-cluster-critical", 2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."
        ),
    ]

    private static func priority(_ name: String, _ value: Int, _ description: String) -> Value {
        [
            "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": ["name": .string(name)],
            "value": .int(value), "preemptionPolicy": "PreemptLowerPriority", "description": .string(description),
        ]
    }

    /// Makes the object unless it is there from an earlier start; it may have been changed since.
    private func ensure(_ resource: GroupVersionResource, _ object: Value) async throws {
        // Looked for first: a second Service would be refused for its address, not for its name.
        let namespace = object.namespace.isEmpty ? nil : object.namespace
        guard try await client.find(resource, namespace: namespace, name: object.name) == nil else { return }
        _ = try await client.create(resource, object)
    }

    /// Makes the object, or gives the one that is there the same value of one field.
    private func replace(_ resource: GroupVersionResource, _ object: Value, field: Text) async throws {
        guard let standing = try await client.find(resource, namespace: object.namespace, name: object.name) else {
            _ = try await client.create(resource, object)
            return
        }
        guard standing[field] != object[field] else { return }
        var updated = standing
        updated[field] = object[field]
        _ = try await client.update(resource, updated)
    }
}
