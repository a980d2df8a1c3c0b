import API
import Client
import Document

/// The objects that a cluster has from its first moment: what upstream's post-start hooks make.
public struct Bootstrap: Sendable {
    private let client: APIClient
    let api: KubeAPI

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
        try await ensure(
            SystemObjects(api: api).all + FlowControlObjects.all(now: api.now) + DefaultRoles.objects())
        await api.aggregateRoles()
        await api.registerCustomGroups()
        api.alignAddresses()
        await api.finishEstablishing()
    }

    /// Shows that this server still lives: its lease says until when it may be believed (apiserver's identity lease).
    public func renewLease() async {
        let lease = SystemObjects(api: api).lease
        let now = api.clock.now.micro
        do {
            guard
                var standing = try await client.find(lease.resource, namespace: "kube-system", name: lease.object.name)
            else { return try await ensure([lease]) }
            standing["spec", "renewTime"] = .string(now)
            _ = try await client.update(lease.resource, standing)
        } catch {
            // The next one is ten seconds away, and the lease lasts an hour.
        }
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
