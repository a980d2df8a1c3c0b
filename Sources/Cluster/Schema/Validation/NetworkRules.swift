import API
import Document

/// The rules of networking.k8s.io but Ingresses (pkg/apis/networking/validation).
enum NetworkRules {
    static let all: [String: Rules] = [
        "networking.k8s.io/networkpolicies": Rules(create: policy),
        "networking.k8s.io/ingresses": Rules(
            create: IngressRules.check, new: IngressRules.checkClass, status: IngressRules.checkStatus),
        "networking.k8s.io/ingressclasses": Rules(
            create: ingressClass,
            update: { ingress, old, faults in
                faults.checkImmutable(ingress["spec", "controller"], old["spec", "controller"], "spec.controller")
            }),
        "networking.k8s.io/ipaddresses": Rules(
            new: address,
            update: { address, old, faults in
                guard address["spec", "parentRef"] != old["spec", "parentRef"] else { return }
                let parent = address["spec", "parentRef"]
                let shown = parent.map { GoDump.shown("ParentReference", $0, of: "networking") } ?? "null"
                faults.invalid("spec.parentRef", shown: shown, "field is immutable")
            }),
        "networking.k8s.io/servicecidrs": Rules(
            new: serviceRange,
            update: { range, old, faults in
                faults.checkImmutable(range["spec", "cidrs"], old["spec", "cidrs"], "spec.cidrs")
            }),
    ]

    // MARK: Policies

    private static let policy: Rules.Create = { policy, faults in
        let spec = policy["spec"] ?? [:]
        faults.checkSelector(spec["podSelector"], "spec.podSelector")
        for (list, peers): (Text, Text) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (spec[list]?.array ?? []).enumerated() {
                for (place, port) in (rule["ports"]?.array ?? []).enumerated() {
                    checkPort(port, "spec.\(list)[\(index)].ports[\(place)]", &faults)
                }
                for (place, peer) in (rule[peers]?.array ?? []).enumerated() {
                    checkPeer(peer, "spec.\(list)[\(index)].\(peers)[\(place)]", &faults)
                }
            }
        }
        let types = spec["policyTypes"]?.array ?? []
        if types.count > 2 {
            return faults.invalid("spec.policyTypes", .array(types), "may not specify more than two policyTypes")
        }
        for (index, type) in types.enumerated() {
            faults.check(type, in: ["Ingress", "Egress"], "spec.policyTypes[\(index)]")
        }
    }

    private static func checkPort(_ port: Value, _ path: String, _ faults: inout Faults) {
        if port.has("protocol") { faults.check(port["protocol"], in: ["TCP", "UDP", "SCTP"], "\(path).protocol") }
        let last = port["endPort"]?.int
        if let number = port["port"]?.int {
            faults.checkRange(.int(number), 1...65535, "\(path).port")
            if let last, last < number {
                faults.invalid("\(path).endPort", .int(number), "must be greater than or equal to `port`")
            }
            faults.checkRange(port["endPort"], 1...65535, "\(path).endPort")
        } else if let name = port["port"]?.string {
            if let last {
                faults.invalid("\(path).endPort", .int(last), "may not be specified when `port` is non-numeric")
            }
            faults.invalid("\(path).port", .string(name), all: Names.portName(name))
        } else if let last {
            faults.invalid("\(path).endPort", .int(last), "may not be specified when `port` is not specified")
        }
    }

    private static func checkPeer(_ peer: Value, _ path: String, _ faults: inout Faults) {
        let peers = (["podSelector", "namespaceSelector", "ipBlock"] as [Text]).filter { peer.has($0) }
        for key in peers where key != "ipBlock" { faults.checkSelector(peer[key], "\(path).\(key)") }
        if let block = peer["ipBlock"], !block.isNull { checkBlock(block, "\(path).ipBlock", &faults) }
        if peers.isEmpty {
            faults.required(path, "must specify a peer")
        } else if peers.count > 1, peers.contains("ipBlock") {
            faults.forbidden(path, "may not specify both ipBlock and another peer")
        }
    }

    private static func checkBlock(_ block: Value, _ path: String, _ faults: inout Faults) {
        let range = block["cidr"]?.string ?? ""
        if range.isEmpty { return faults.required("\(path).cidr") }
        guard let whole = AddressRange(range) else {
            return faults.invalid("\(path).cidr", block["cidr"], Addresses.rangeText)
        }
        for (index, except) in (block["except"]?.array ?? []).enumerated() {
            let path = "\(path).except[\(index)]"
            guard let part = AddressRange(except.string ?? "") else {
                faults.invalid(path, except, Addresses.rangeText)
                continue
            }
            if !whole.isMore(than: part) { faults.invalid(path, except, "must be a strict subset of `cidr`") }
        }
    }

    // MARK: Classes

    private static let ingressClass: Rules.Create = { ingress, faults in
        let controller = ingress["spec", "controller"]?.string ?? ""
        if controller.utf8.count > 250 { faults.tooLong("spec.controller", 250) }
        faults.checkDomainPath(controller, "spec.controller")
        guard let parameters = ingress["spec", "parameters"], !parameters.isNull else { return }
        let path = "spec.parameters"
        IngressRules.checkReference(parameters, path, &faults)
        guard let scope = parameters["scope"], !scope.isNull else { return faults.required("\(path).scope") }
        let namespace = parameters["namespace"]?.string
        switch scope {
        case "Namespace":
            guard let namespace else {
                return faults.required("\(path).namespace", "`parameters.scope` is set to 'Namespace'")
            }
            faults.invalid("\(path).namespace", .string(namespace), all: Names.label(namespace))
        case "Cluster":
            if namespace != nil {
                faults.forbidden("\(path).namespace", "`parameters.scope` is set to 'Cluster'")
            }
        default: faults.unsupported("\(path).scope", scope, ["Cluster", "Namespace"])
        }
    }

    // MARK: Addresses of Services

    private static let address: Rules.Create = { address, faults in
        guard let parent = address["spec", "parentRef"], !parent.isNull else {
            return faults.required("spec.parentRef")
        }
        let group = parent["group"]?.string ?? ""
        if !group.isEmpty { faults.invalid("spec.parentRef.group", .string(group), all: Names.subdomain(group)) }
        for key: Text in ["resource", "name", "namespace"] {
            let text = parent[key]?.string ?? ""
            if text.isEmpty {
                if key != "namespace" { faults.required("spec.parentRef.\(key)") }
            } else {
                faults.invalid("spec.parentRef.\(key)", .string(text), all: Names.pathSegment(text))
            }
        }
    }

    private static let serviceRange: Rules.Create = { range, faults in
        let path = "spec.cidrs"
        let ranges = (range["spec", "cidrs"]?.array ?? []).map { $0.string ?? "" }
        let shown = GoDump.shown("ServiceCIDRSpec", range["spec"] ?? [:], of: "networking")
        if ranges.isEmpty { return faults.required(path, "at least one CIDR required") }
        if ranges.count > 2 { return faults.invalid(path, shown: shown, "may only hold up to 2 values") }
        if ranges.count == 2, Set(ranges.map { AddressRange($0)?.isIPv6 }) != [true, false] {
            return faults.invalid(
                path, shown: shown,
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")
        }
        for (index, text) in ranges.enumerated() { faults.checkStrictRange(.string(text), "\(path)[\(index)]") }
    }
}
