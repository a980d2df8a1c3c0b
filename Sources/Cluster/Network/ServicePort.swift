import API
import Document

/// One port of a service with the endpoints that take its connections: what the rules are made of.
struct ServicePort: Sendable, Hashable {
    /// `NAMESPACE/NAME:PORT`.
    var name: String
    /// The cluster's address first, then those that the outside knows it by.
    var addresses: [IPv4Address]
    /// `tcp`, `udp` or `sctp`.
    var transport: String
    var port: Int
    var nodePort: Int?
    /// Whether a client is led to the same endpoint as long as they do not change.
    var isSticky: Bool
    var endpoints: [NetworkConfiguration.Endpoint]

    /// The ports of all services ("Virtual IPs and Service Proxies"), sorted by name.
    ///
    /// - Parameters:
    ///   - services: Services.
    ///   - slices: EndpointSlices.
    static func all(services: [Value], slices: [Value]) -> [ServicePort] {
        var bySlice: [String: [Value]] = [:]
        for slice in slices where slice["addressType"]?.string == "IPv4" {
            guard let service = slice.label("kubernetes.io/service-name") else { continue }
            bySlice["\(slice.namespace)/\(service)", default: []].append(slice)
        }
        return services.flatMap { ports(of: $0, bySlice[$0.key] ?? []) }.sorted { $0.name < $1.name }
    }

    private static func ports(of service: Value, _ slices: [Value]) -> [ServicePort] {
        guard let text = service["spec", "clusterIP"]?.string, let cluster = IPv4Address(text) else { return [] }
        let further =
            (service["spec", "externalIPs"]?.array ?? []).compactMap(\.string)
            + (service["status", "loadBalancer", "ingress"]?.array ?? []).compactMap { $0["ip"]?.string }
        return (service["spec", "ports"]?.array ?? []).compactMap { entry in
            guard let port = entry["port"]?.int else { return nil }
            let name = entry["name"]?.string ?? ""
            return ServicePort(
                name: "\(service.key):\(name.isEmpty ? String(port) : name)",
                addresses: [cluster] + further.compactMap { IPv4Address($0) },
                transport: (entry["protocol"]?.string ?? "TCP").lowercased(), port: port,
                nodePort: entry["nodePort"]?.int.flatMap { $0 > 0 ? $0 : nil },
                isSticky: service["spec", "sessionAffinity"]?.string == "ClientIP",
                endpoints: endpoints(of: name, slices))
        }
    }

    /// The ports of the node that pods take for themselves (`hostPort`): each a service of one endpoint.
    static func ofNode(_ pods: [Value]) -> [ServicePort] {
        pods.flatMap { pod -> [ServicePort] in
            guard let address = pod["status", "podIP"]?.string.flatMap({ IPv4Address($0) }), !pod.isTerminal else {
                return []
            }
            return pod.nodePorts.compactMap { entry in
                guard let taken = entry["hostPort"]?.int, let port = entry["containerPort"]?.int else { return nil }
                let only = entry["hostIP"]?.string.flatMap { IPv4Address($0) }.flatMap { $0.value == 0 ? nil : $0 }
                return ServicePort(
                    name: "\(pod.key):\(taken)", addresses: only.map { [$0] } ?? [],
                    transport: (entry["protocol"]?.string ?? "TCP").lowercased(), port: taken,
                    nodePort: only == nil ? taken : nil, isSticky: false,
                    endpoints: [NetworkConfiguration.Endpoint(address: address, port: port)])
            }
        }.sorted { $0.name < $1.name }
    }

    /// All that ``ofNode(_:)`` needs of a pod.
    static func portsOnly(_ pod: Value) -> Value {
        var metadata: Value = [:]
        for field: Text in ["name", "namespace", "uid", "resourceVersion"] {
            metadata[field] = pod["metadata"]?[field]
        }
        let ports = pod.nodePorts
        guard !ports.isEmpty else { return ["metadata": metadata] }
        var status: Value = [:]
        for field: Text in ["podIP", "phase"] { status[field] = pod["status"]?[field] }
        return ["metadata": metadata, "spec": ["containers": [["ports": .array(ports)]]], "status": status]
    }

    private static func endpoints(of port: String, _ slices: [Value]) -> [NetworkConfiguration.Endpoint] {
        var ready: Set<NetworkConfiguration.Endpoint> = []
        var leaving: Set<NetworkConfiguration.Endpoint> = []
        for slice in slices {
            let entry = slice["ports"]?.array?.first { ($0["name"]?.string ?? "") == port }
            guard let number = entry?["port"]?.int else { continue }
            for endpoint in slice["endpoints"]?.array ?? [] {
                guard let address = endpoint["addresses"]?.array?.first?.string.flatMap({ IPv4Address($0) }) else {
                    continue
                }
                let end = NetworkConfiguration.Endpoint(address: address, port: number)
                if endpoint.isReady { ready.insert(end) } else if endpoint.isLeaving { leaving.insert(end) }
            }
        }
        // Only when nobody else is there are those asked that are about to go (KEP-1669).
        return (ready.isEmpty ? leaving : ready).sorted { ($0.address, $0.port) < ($1.address, $1.port) }
    }
}

extension Value {
    /// The ports of a pod's containers that are to be the node's too; none of a pod in the node's own network.
    var nodePorts: [Value] {
        guard self["spec", "hostNetwork"]?.bool != true else { return [] }
        let sidecars = (self["spec", "initContainers"]?.array ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        return ((self["spec", "containers"]?.array ?? []) + sidecars).flatMap { $0["ports"]?.array ?? [] }
            .filter { $0["hostPort"]?.int ?? 0 > 0 }
    }

    /// Whether an endpoint takes new connections; what is not told counts as ready.
    var isReady: Bool { self["conditions", "ready"]?.bool ?? true }

    /// Whether an endpoint that is about to go still serves.
    var isLeaving: Bool {
        self["conditions", "serving"]?.bool ?? false && self["conditions", "terminating"]?.bool ?? false
    }
}
