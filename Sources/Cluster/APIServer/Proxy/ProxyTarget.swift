import API
import Client
import Document
import Store

/// The port of a pod to which a request is passed on.
struct ProxyTarget: Sendable {
    let pod: Value
    let address: IPv4Address
    let port: Int
    /// Whether the other side is spoken with by TLS. Its certificate is not looked at, as by upstream's proxy.
    let isSecure: Bool

    /// - Throws: a refusal where upstream refuses to pass anything on: a pod that has no address.
    init(_ pod: Value, _ port: Int, isSecure: Bool) throws(Status) {
        guard let address = pod["status", "podIP"]?.string.flatMap({ IPv4Address($0) }) else {
            throw .badRequest("address not allowed")
        }
        (self.pod, self.address, self.port, self.isSecure) = (pod, address, port, isSecure)
    }

    /// Copies both ways until both sides have ended.
    func connect(
        through node: any NodeConnection, _ input: HandOver<[UInt8]>,
        _ output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await node.forward(port: port, at: address, of: pod, input: input, output: output)
    }
}

extension KubeAPI {
    /// Whom a request names, or a pod behind the Service that it names.
    func target(of request: Request) throws(Status) -> ProxyTarget {
        let kind = request.resource.gvk.kind.lowercased()
        guard let address = ProxyAddress(request.name) else {
            throw .badRequest("invalid \(kind) request \"\(request.name)\"")
        }
        let key = request.resource.key(namespace: request.namespace, name: address.name)
        guard let record = store.record(key) else { throw .notFound(request.resource.gvr, address.name) }
        let object = try request.resource.tree(record)
        switch kind {
        case "pod":
            let port = try KubeAPI.port(address.port, of: object)
            return try ProxyTarget(object, port, isSecure: address.scheme == "https")
        case "service": return try endpoint(of: object, address)
        // The node's agent is a part of this process and listens nowhere, as one that is down does upstream.
        default:
            let host = object["status", "addresses"]?.array?.first { $0["type"] == "InternalIP" }?["address"]?.string
            throw .unreachable("dial tcp \(host ?? address.name):10250: connect: connection refused")
        }
    }

    /// The port that a number tells; without one the first that a container declares.
    private static func port(_ text: String, of pod: Value) throws(Status) -> Int {
        if text.isEmpty {
            let declared = (pod["spec", "containers"]?.array ?? []).lazy.compactMap {
                $0["ports"]?.array?.first?["containerPort"]?.int
            }
            return declared.first ?? 80
        }
        guard let number = Int(text), (1...65535) ~= number else {
            throw .badRequest("invalid pod request \"\(pod.name):\(text)\"")
        }
        return number
    }

    private func endpoint(of service: Value, _ address: ProxyAddress) throws(Status) -> ProxyTarget {
        let name = try KubeAPI.portName(address.port, of: service)
        let slices = objects("discovery.k8s.io", "v1", "endpointslices", namespace: service.namespace)
            .filter { $0.labels["kubernetes.io/service-name"]?.string == service.name }
        var found: [(pod: String, port: Int)] = []
        for slice in slices {
            let port = slice["ports"]?.array?.first { ($0["name"]?.string ?? "") == name }?["port"]?.int
            guard let port else { continue }
            for endpoint in slice["endpoints"]?.array ?? [] where endpoint["conditions", "ready"] != false {
                guard endpoint["targetRef", "kind"] == "Pod", let pod = endpoint["targetRef", "name"]?.string else {
                    continue
                }
                found.append((pod, port))
            }
        }
        guard let chosen = found.randomElement(),
            let pod = object("", "v1", "pods", namespace: service.namespace, name: chosen.pod)
        else { throw .unavailable("no endpoints available for service \"\(service.name)\"") }
        return try ProxyTarget(pod, chosen.port, isSecure: address.scheme == "https")
    }

    /// What a port is called in the Service's EndpointSlices.
    private static func portName(_ text: String, of service: Value) throws(Status) -> String {
        guard let number = Int(text) else { return text }
        guard let port = service["spec", "ports"]?.array?.first(where: { $0["port"]?.int == number }) else {
            throw .unavailable("no service port \(number) found for service \"\(service.name)\"")
        }
        return port["name"]?.string ?? ""
    }
}
