import API
import Client
import Document

/// What the cluster's names mean ("Kubernetes DNS-Based Service Discovery", version 1.1.0).
struct DNSZone: Sendable {
    /// Where the zone looks Services and EndpointSlices up.
    struct Source: Sendable {
        var service: @Sendable (_ namespace: String, _ name: String) -> Value?
        var services: @Sendable () -> [Value]
        var slices: @Sendable (_ namespace: String) -> [Value]
        var allSlices: @Sendable () -> [Value]
        /// Whether something is known of that namespace.
        var hasNamespace: @Sendable (String) -> Bool
    }

    let zone: DNSName
    let source: Source

    /// An endpoint of a headless service under the name that it alone has.
    private struct Member {
        var hostname: String
        var address: IPv4Address
        /// By `NAME/PROTOCOL`, in lower case.
        var ports: [String: UInt16]
    }

    /// The answer; nil for names that are none of the cluster's, which somebody else has to be asked about.
    func answer(_ query: DNSQuery) -> DNSAnswer? {
        if let reverse = query.name.prefix(within: DNSName("in-addr.arpa")) {
            return pointer(query.name, reverse).map { DNSZone.checked(DNSAnswer(code: .noError, records: $0)) }
        }
        guard let labels = query.name.prefix(within: zone) else { return nil }
        guard var records = records(labels, query.name) else {
            return DNSAnswer(code: .nameError, authority: [authority])
        }
        let additional = records.filter { $0.name != query.name }
        records.removeAll { $0.name != query.name || !DNSZone.matches($0, query.type) }
        if records.isEmpty { return DNSAnswer(code: .noError, authority: [authority]) }
        return DNSZone.checked(
            DNSAnswer(code: .noError, records: records, additional: query.type == DNSType.srv ? additional : []))
    }

    /// Objects may hold names that DNS cannot carry (an `externalName` with a label of 64 bytes): they fail, alone.
    private static func checked(_ answer: DNSAnswer) -> DNSAnswer {
        let isSound = (answer.records + answer.additional).allSatisfy(\.fitsTheWire)
        return isSound ? answer : DNSAnswer(code: .serverFailure)
    }

    private var authority: DNSRecord { DNSRecord(name: zone, data: .soa(zone)) }

    private static func matches(_ record: DNSRecord, _ type: UInt16) -> Bool {
        if case .cname = record.data { return true }
        return record.data.type == type || type == DNSType.any
    }

    /// All that is known of a name of the zone, and of the names that it leads to; nil where it does not exist.
    private func records(_ labels: [String], _ name: DNSName) -> [DNSRecord]? {
        if labels.isEmpty { return [authority] }
        if labels == ["dns-version"] { return [DNSRecord(name: name, data: .txt("1.1.0"))] }
        switch labels.last {
        case "svc": return service(Array(labels.dropLast()), name)
        case "pod": return pod(Array(labels.dropLast()), name)
        default: return nil
        }
    }

    /// `a-b-c-d.NAMESPACE.pod`: the address that the name itself spells.
    private func pod(_ labels: [String], _ name: DNSName) -> [DNSRecord]? {
        guard let namespace = labels.last else { return [] }
        guard source.hasNamespace(namespace) else { return nil }
        if labels.count == 1 { return [] }
        guard labels.count == 2, let address = IPv4Address(labels[0].replacing("-", with: ".")) else { return nil }
        return [DNSRecord(name: name, data: .a(address))]
    }

    /// `[_PORT._PROTOCOL.|HOSTNAME.]SERVICE.NAMESPACE.svc`
    private func service(_ labels: [String], _ name: DNSName) -> [DNSRecord]? {
        guard let namespace = labels.last else { return [] }
        guard labels.count > 1 else { return source.hasNamespace(namespace) ? [] : nil }
        guard let service = source.service(namespace, labels[labels.count - 2]) else { return nil }
        let host = DNSName(labels: [service.name, namespace, "svc"] + zone.labels)
        let rest = Array(labels.dropLast(2))
        if service["spec", "type"]?.string == "ExternalName" {
            return rest.isEmpty ? [external(service, name)] : nil
        }
        let address = service["spec", "clusterIP"]?.string ?? ""
        if let cluster = IPv4Address(address) { return clustered(service, cluster, host, rest, name) }
        return address == "None" ? headless(service, host, rest, name) : nil
    }

    private func external(_ service: Value, _ name: DNSName) -> DNSRecord {
        DNSRecord(name: name, data: .cname(DNSName(service["spec", "externalName"]?.string ?? "")))
    }

    private func clustered(
        _ service: Value, _ address: IPv4Address, _ host: DNSName, _ rest: [String], _ name: DNSName
    ) -> [DNSRecord]? {
        let itself = DNSRecord(name: host, data: .a(address))
        if rest.isEmpty { return [itself] }
        let ports = (service["spec", "ports"]?.array ?? []).filter { port in
            let named = "_\(port["name"]?.string ?? "")"
            let transport = "_\((port["protocol"]?.string ?? "TCP").lowercased())"
            return rest == [named, transport] || rest == [transport]
        }
        guard !ports.isEmpty else { return nil }
        return ports.map { port in
            DNSRecord(name: name, data: .srv(port: UInt16(clamping: port["port"]?.int ?? 0), target: host))
        } + [itself]
    }

    private func headless(_ service: Value, _ host: DNSName, _ rest: [String], _ name: DNSName) -> [DNSRecord]? {
        let members = members(of: service)
        if rest.isEmpty { return members.map { DNSRecord(name: name, data: .a($0.address)) } }
        if rest.count == 1, !rest[0].hasPrefix("_") {
            let named = members.filter { $0.hostname == rest[0] }
            return named.isEmpty ? nil : named.map { DNSRecord(name: name, data: .a($0.address)) }
        }
        guard rest.count == 2, rest.allSatisfy({ $0.hasPrefix("_") }) else { return nil }
        let key = "\(rest[0].dropFirst())/\(rest[1].dropFirst())"
        let records = members.flatMap { member -> [DNSRecord] in
            guard let port = member.ports[key] else { return [] }
            let target = DNSName(labels: [member.hostname] + host.labels)
            return [
                DNSRecord(name: name, data: .srv(port: port, target: target)),
                DNSRecord(name: target, data: .a(member.address)),
            ]
        }
        return records.isEmpty ? nil : records
    }

    private func members(of service: Value) -> [Member] {
        var members: [String: Member] = [:]
        for slice in source.slices(service.namespace)
        where slice.label("kubernetes.io/service-name") == service.name && slice["addressType"]?.string == "IPv4" {
            let ports = DNSZone.ports(of: slice)
            for endpoint in slice["endpoints"]?.array ?? [] where endpoint.isReady {
                guard let member = DNSZone.member(endpoint, ports) else { continue }
                members["\(member.hostname)/\(member.address)"] = member
            }
        }
        return members.values.sorted { $0.address < $1.address }
    }

    private static func ports(of slice: Value) -> [String: UInt16] {
        var ports: [String: UInt16] = [:]
        for port in slice["ports"]?.array ?? [] {
            let transport = (port["protocol"]?.string ?? "TCP").lowercased()
            ports["\(port["name"]?.string ?? "")/\(transport)"] = UInt16(clamping: port["port"]?.int ?? 0)
        }
        return ports
    }

    private static func member(_ endpoint: Value, _ ports: [String: UInt16]) -> Member? {
        guard let text = endpoint["addresses"]?.array?.first?.string, let address = IPv4Address(text) else {
            return nil
        }
        // An endpoint without a host name is called by its address.
        let hostname = endpoint["hostname"]?.string ?? text.replacing(".", with: "-")
        return Member(hostname: hostname, address: address, ports: ports)
    }

    /// The names of the address that `d.c.b.a.in-addr.arpa` spells; nil for an address that is none of the cluster's.
    private func pointer(_ name: DNSName, _ reversed: [String]) -> [DNSRecord]? {
        guard reversed.count == 4, let address = IPv4Address(reversed.reversed().joined(separator: ".")) else {
            return nil
        }
        let text = address.description
        if let service = source.services().first(where: { $0["spec", "clusterIP"]?.string == text }) {
            let target = DNSName(labels: [service.name, service.namespace, "svc"] + zone.labels)
            return [DNSRecord(name: name, data: .ptr(target))]
        }
        for slice in source.allSlices() {
            guard let owner = slice.label("kubernetes.io/service-name"),
                source.service(slice.namespace, owner)?["spec", "clusterIP"]?.string == "None",
                let endpoint = slice["endpoints"]?.array?.first(where: { $0["addresses"]?.array?.first?.string == text }
                ),
                let member = DNSZone.member(endpoint, [:])
            else { continue }
            let target = DNSName(labels: [member.hostname, owner, slice.namespace, "svc"] + zone.labels)
            return [DNSRecord(name: name, data: .ptr(target))]
        }
        return nil
    }
}

extension DNSZone.Source {
    /// Looks up what two informers hold.
    init(services: Informer, slices: Informer) {
        self.init(
            service: { namespace, name in services["\(namespace)/\(name)"] }, services: { services.objects },
            slices: { slices.objects(in: $0) }, allSlices: { slices.objects },
            hasNamespace: { !services.objects(in: $0).isEmpty })
    }
}
