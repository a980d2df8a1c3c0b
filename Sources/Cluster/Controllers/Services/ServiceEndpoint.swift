import API
import Document

/// One pod behind a Service, as both Endpoints and EndpointSlice tell of it.
struct ServiceEndpoint: Sendable {
    /// A port of the Service as this pod has it.
    struct Port: Sendable, Hashable {
        var name: String
        var number: Int
        var `protocol`: String
        var appProtocol: String?
    }

    let pod: Value
    let address: String
    let ports: [Port]
    let isReady: Bool
    let isServing: Bool
    var isTerminating: Bool { pod.isBeingDeleted }

    /// The pods behind a service in the order of their names; those without an address, and those that ended, are left
    /// out.
    ///
    /// - Parameter family: `IPv4` or `IPv6`.
    static func all(of service: Value, pods: [Value], family: String) -> [ServiceEndpoint] {
        let selector = LabelSelector(matching: service["spec", "selector"]?.object ?? [:])
        let publishesAll = service["spec", "publishNotReadyAddresses"]?.bool ?? false
        return pods.filter { selector.matches($0.labels) && !$0.isTerminal }.sorted { $0.name < $1.name }.compactMap {
            pod in
            guard let address = pod.address(family) else { return nil }
            return ServiceEndpoint(
                pod: pod, address: address, ports: ports(of: service, for: pod),
                isReady: publishesAll || (pod.isReady && !pod.isBeingDeleted), isServing: pod.isReady)
        }
    }

    /// The service's ports with the numbers that the pod's containers give to their names; a name that no container has
    /// is left out (`FindPort`).
    private static func ports(of service: Value, for pod: Value) -> [Port] {
        (service["spec", "ports"]?.array ?? []).compactMap { entry in
            let transport = entry["protocol"]?.string ?? "TCP"
            guard let target = IntOrString(entry["targetPort"] ?? entry["port"]) else { return nil }
            guard let number = number(target, transport, pod) ?? nil else { return nil }
            return Port(
                name: entry["name"]?.string ?? "", number: number, protocol: transport,
                appProtocol: entry["appProtocol"]?.string)
        }
    }

    private static func number(_ target: IntOrString, _ transport: String, _ pod: Value) -> Int? {
        guard case .string(let name) = target else {
            if case .int(let number) = target { return number }
            return nil
        }
        let sidecars = (pod["spec", "initContainers"]?.array ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        for container in (pod["spec", "containers"]?.array ?? []) + sidecars {
            for port in container["ports"]?.array ?? []
            where port["name"]?.string == name && port["protocol"]?.string ?? "TCP" == transport {
                return port["containerPort"]?.int
            }
        }
        return nil
    }

    /// What both kinds say of the pod.
    var targetReference: Value {
        [
            "kind": "Pod", "namespace": .string(pod.namespace), "name": .string(pod.name), "uid": .string(pod.uid),
        ]
    }

    /// The pod's own DNS name, where it is in the service's subdomain.
    func hostname(in service: Value) -> String? {
        guard let hostname = pod["spec", "hostname"]?.string, !hostname.isEmpty,
            pod["spec", "subdomain"]?.string == service.name
        else { return nil }
        return hostname
    }
}

extension Value {
    /// The pod's address of that family.
    fileprivate func address(_ family: String) -> String? {
        let all = self["status", "podIPs"]?.array?.compactMap { $0["ip"]?.string } ?? []
        let candidates = all.isEmpty ? [self["status", "podIP"]?.string].compactMap { $0 } : all
        return candidates.first { !$0.isEmpty && $0.contains(":") == (family == "IPv6") }
    }

    /// The families of a service's addresses; a headless one has one as well.
    var addressFamilies: [String] {
        let families = self["spec", "ipFamilies"]?.array?.compactMap(\.string) ?? []
        return families.isEmpty ? ["IPv4"] : families
    }

    /// Whether the service has no address of its own.
    var isHeadless: Bool { self["spec", "clusterIP"]?.string == "None" }

    /// Whether endpoints are made for the service: it chooses pods, and is no mere alias.
    var hasEndpoints: Bool {
        self["spec", "selector"]?.object?.isEmpty == false && self["spec", "type"]?.string != "ExternalName"
    }
}
