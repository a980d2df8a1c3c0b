import API
import Document

extension Cell {
    static let coreCells: [String: Function] = [
        "phase": { object, _ in
            .string(object.isBeingDeleted ? "Terminating" : object["status", "phase"]?.string ?? "")
        },
        "configMap.data": { object, _ in
            .int((object["data"]?.object?.count ?? 0) + (object["binaryData"]?.object?.count ?? 0))
        },
        "node.status": { node, _ in .string(nodeStatus(node)) },
        "node.roles": { node, _ in .string(nodeRoles(node)) },
        "node.internalIP": { node, _ in .string(nodeAddress(node, "InternalIP")) },
        "node.externalIP": { node, _ in .string(nodeAddress(node, "ExternalIP")) },
        "service.clusterIP": { service, _ in
            let ip = service["spec", "clusterIPs"]?.array?.first?.string ?? service["spec", "clusterIP"]?.string ?? ""
            return .string(ip.isEmpty ? "<none>" : ip)
        },
        "service.externalIP": { service, _ in .string(serviceExternalIP(service)) },
        "service.ports": { service, _ in .string(servicePorts(service)) },
        "endpoints.addresses": { endpoints, _ in .string(endpointAddresses(endpoints)) },
        "event.lastSeen": { event, now in
            let last =
                event["series", "lastObservedTime"] ?? event["lastTimestamp"]
                ?? event["deprecatedLastTimestamp"]
            let time = last?.string ?? event["eventTime"]?.string
            return .string(time.map { since(Time($0), now) } ?? "<unknown>")
        },
        "event.firstSeen": { event, now in
            let first =
                event["firstTimestamp"]?.string ?? event["deprecatedFirstTimestamp"]?.string
                ?? event["eventTime"]?.string
            return .string(first.map { since(Time($0), now) } ?? "<unknown>")
        },
        "event.object": { event, _ in
            let object = event["involvedObject"] ?? event["regarding"] ?? [:]
            let kind = (object["kind"]?.string ?? "").lowercased()
            return .string("\(kind)/\(object["name"]?.string ?? "")")
        },
        "event.source": { event, _ in
            let source = event["source"] ?? event["deprecatedSource"] ?? [:]
            let component = source["component"]?.string ?? event["reportingController"]?.string ?? ""
            let host = source["host"]?.string ?? ""
            return .string(host.isEmpty ? component : "\(component), \(host)")
        },
        "event.message": { event, _ in
            let message = event["message"]?.string ?? event["note"]?.string ?? ""
            return .string(message.trimmed)
        },
        "event.count": { event, _ in
            event["series", "count"] ?? event["count"] ?? event["deprecatedCount"] ?? 1
        },
        "persistentVolume.claim": { volume, _ in
            guard let claim = volume["spec", "claimRef"] else { return "" }
            return .string("\(claim["namespace"]?.string ?? "")/\(claim["name"]?.string ?? "")")
        },
        "storageClass": { object, _ in
            object["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]
                ?? object["spec", "storageClassName"] ?? ""
        },
        "claim.capacity": { claim, _ in
            (claim["spec", "volumeName"] ?? "") == "" ? "" : claim["status", "capacity", "storage"] ?? ""
        },
        "claim.accessModes": { claim, _ in
            (claim["spec", "volumeName"] ?? "") == "" ? "" : .string(accessModes(claim["status", "accessModes"]))
        },
        "quota.requests": { quota, _ in .string(quotaUse(quota) { !$0.hasPrefix("limits.") }) },
        "quota.limits": { quota, _ in .string(quotaUse(quota) { $0.hasPrefix("limits.") }) },
        "component.status": { component, _ in
            .string(componentCondition(component, "status") == "True" ? "Healthy" : "Unhealthy")
        },
        "component.message": { component, _ in .string(componentCondition(component, "message")) },
        "component.error": { component, _ in .string(componentCondition(component, "error")) },
    ]

    private static func componentCondition(_ component: Value, _ key: Text) -> String {
        component["conditions"]?.array?.first { $0["type"] == "Healthy" }?[key]?.string ?? ""
    }

    private static func nodeStatus(_ node: Value) -> String {
        let ready = node.condition("Ready")
        var words = [ready.map { $0.status == "True" ? "Ready" : "NotReady" } ?? "Unknown"]
        if node["spec", "unschedulable"] == true { words.append("SchedulingDisabled") }
        return words.joined(separator: ",")
    }

    private static func nodeRoles(_ node: Value) -> String {
        var roles: Set<String> = []
        for label in node.labels {
            let key = label.key.string
            if key.hasPrefix("node-role.kubernetes.io/") {
                roles.insert(String(key.dropFirst("node-role.kubernetes.io/".count)))
            } else if key == "kubernetes.io/role" {
                roles.insert(label.value.string ?? "")
            }
        }
        roles.remove("")
        return roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ",")
    }

    private static func nodeAddress(_ node: Value, _ type: Value) -> String {
        let addresses = node["status", "addresses"]?.array ?? []
        return addresses.first { $0["type"] == type }?["address"]?.string ?? "<none>"
    }

    private static func serviceExternalIP(_ service: Value) -> String {
        let external = (service["spec", "externalIPs"]?.array ?? []).compactMap(\.string)
        switch service["spec", "type"] {
        case "ExternalName"?: return service["spec", "externalName"]?.string ?? ""
        case "LoadBalancer"?:
            let ingress = loadBalancerAddresses(service)
            let all = (ingress.isEmpty ? [] : [ingress]) + external
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        default: return external.isEmpty ? "<none>" : external.joined(separator: ",")
        }
    }

    static func loadBalancerAddresses(_ object: Value) -> String {
        let ingress = object["status", "loadBalancer", "ingress"]?.array ?? []
        return ingress.compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }.joined(separator: ",")
    }

    private static func servicePorts(_ service: Value) -> String {
        let ports = (service["spec", "ports"]?.array ?? []).map { port in
            let node = port["nodePort"]?.int ?? 0
            return "\(port["port"]?.int ?? 0)\(node > 0 ? ":\(node)" : "")/\(port["protocol"]?.string ?? "")"
        }
        return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
    }

    /// Up to three addresses with their ports, and how many more there are.
    private static func endpointAddresses(_ endpoints: Value) -> String {
        var all: [String] = []
        for subset in endpoints["subsets"]?.array ?? [] {
            let addresses = (subset["addresses"]?.array ?? []).compactMap { $0["ip"]?.string }
            let ports = subset["ports"]?.array ?? []
            if ports.isEmpty {
                all += addresses
            } else {
                for port in ports {
                    all += addresses.map { "\($0.contains(":") ? "[\($0)]" : $0):\(port["port"]?.int ?? 0)" }
                }
            }
        }
        return shortened(all, to: 3)
    }

    /// The first few, then `+ N more...`; `<none>` for none.
    static func shortened(_ all: [String], to limit: Int) -> String {
        guard !all.isEmpty else { return "<none>" }
        let shown = all.prefix(limit).joined(separator: ",")
        return all.count > limit ? "\(shown) + \(all.count - limit) more..." : shown
    }

    private static func quotaUse(_ quota: Value, _ isMeant: (String) -> Bool) -> String {
        (quota["status", "hard"]?.object ?? [:]).filter { isMeant($0.key.string) }.map { member in
            let used = quota["status", "used", member.key]?.string ?? "0"
            return "\(member.key): \(used)/\(member.value.string ?? "0")"
        }.joined(separator: ", ")
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        let isSpace = { (character: Character) in character.isWhitespace }
        return String(String(drop(while: isSpace).reversed()).drop(while: isSpace).reversed())
    }
}
