import API
import Document

extension Cell {
    static let otherCells: [String: Function] = [
        "loadBalancer": { object, _ in .string(loadBalancerAddresses(object)) },
        "ingress.hosts": { ingress, _ in
            let rules = ingress["spec", "rules"]?.array ?? []
            let hosts = rules.map { $0["host"]?.string ?? "" }.filter { !$0.isEmpty }
            return .string(hosts.isEmpty ? "*" : shortened(hosts, to: 3))
        },
        "ingress.ports": { ingress, _ in (ingress["spec", "tls"]?.array ?? []).isEmpty ? "80" : "80, 443" },
        "ingressClass.parameters": { ingress, _ in
            guard let parameters = ingress["spec", "parameters"] else { return "<none>" }
            let group = parameters["apiGroup"]?.string.map { ".\($0)" } ?? ""
            return .string("\(parameters["kind"]?.string ?? "")\(group)/\(parameters["name"]?.string ?? "")")
        },
        "ipAddress.parent": { address, _ in
            let parent = address["spec", "parentRef"] ?? [:]
            let group = parent["group"]?.string ?? ""
            let words = [parent["namespace"]?.string, parent["name"]?.string].compactMap { $0 }
            let resource = "\(parent["resource"]?.string ?? "")\(group.isEmpty ? "" : ".\(group)")"
            return .string(([resource] + words).joined(separator: "/"))
        },
        "endpointSlice.ports": { slice, _ in
            let ports = slice["ports"]?.array ?? []
            guard !ports.isEmpty else { return "<unset>" }
            let texts = ports.map { $0["port"]?.int.map(String.init) ?? "*" }
            return .string(shortened(texts, to: 3))
        },
        "endpointSlice.endpoints": { slice, _ in
            let addresses = (slice["endpoints"]?.array ?? []).flatMap { $0["addresses"]?.array ?? [] }
            return addresses.isEmpty ? "<unset>" : .string(shortened(addresses.compactMap(\.string), to: 3))
        },
        "binding.role": { binding, _ in
            .string("\(binding["roleRef", "kind"]?.string ?? "")/\(binding["roleRef", "name"]?.string ?? "")")
        },
        "binding.users": { binding, _ in .string(subjects(binding, "User")) },
        "binding.groups": { binding, _ in .string(subjects(binding, "Group")) },
        "binding.serviceAccounts": { binding, _ in .string(subjects(binding, "ServiceAccount")) },
        "csiDriver.tokens": { driver, _ in
            let tokens = driver["spec", "tokenRequests"]?.array ?? []
            return tokens.isEmpty ? "<unset>" : .string(names(.array(tokens), "audience"))
        },
        "csiDriver.modes": { driver, _ in
            let modes = (driver["spec", "volumeLifecycleModes"]?.array ?? []).compactMap(\.string)
            return .string(modes.isEmpty ? "<none>" : modes.joined(separator: ","))
        },
        "csr.duration": { request, _ in
            guard let seconds = request["spec", "expirationSeconds"]?.int else { return "<none>" }
            return .string(HumanDuration.text(seconds: Int64(seconds)))
        },
        "csr.condition": { request, _ in
            var words: [String] = []
            let types = (request["status", "conditions"]?.array ?? []).compactMap { $0["type"]?.string }
            if types.contains("Denied") {
                words = ["Denied"]
            } else if types.contains("Approved") {
                words = ["Approved"]
            }
            if words.isEmpty { words = ["Pending"] }
            if types.contains("Failed") { words.append("Failed") }
            if request["status"]?.has("certificate") == true { words.append("Issued") }
            return .string(words.joined(separator: ","))
        },
        "policy.paramKind": { policy, _ in
            guard let kind = policy["spec", "paramKind"] else { return "<unset>" }
            return .string("\(kind["apiVersion"]?.string ?? "")/\(kind["kind"]?.string ?? "")")
        },
        "policy.paramRef": { binding, _ in
            guard let reference = binding["spec", "paramRef"] else { return "<unset>" }
            let namespace = reference["namespace"]?.string ?? ""
            return .string("\(namespace.isEmpty ? "*" : namespace)/\(reference["name"]?.string ?? "")")
        },
        "apiService.service": { service, _ in
            guard let reference = service["spec", "service"], !reference.isNull else { return "Local" }
            return .string("\(reference["namespace"]?.string ?? "")/\(reference["name"]?.string ?? "")")
        },
        "apiService.available": { service, _ in
            guard let condition = service.condition("Available") else { return "Unknown" }
            let reason = condition.status == "True" || condition.reason.isEmpty ? "" : " (\(condition.reason))"
            return .string(condition.status + reason)
        },
        "flowSchema.missing": { schema, _ in .string(schema.condition("Dangling")?.status ?? "?") },
        "claim.state": { claim, _ in
            var words: [String] = []
            if claim.isBeingDeleted { words.append("deleted") }
            if claim["status"]?.has("allocation") == true {
                words.append("allocated")
                if !(claim["status", "reservedFor"]?.array ?? []).isEmpty { words.append("reserved") }
            }
            return .string(words.isEmpty ? "pending" : words.joined(separator: ","))
        },
    ]

    /// The default class is marked.
    static func storageClassName(_ object: Value) -> String {
        let isDefault =
            object.annotation("storageclass.kubernetes.io/is-default-class") == "true"
            || object.annotation("storageclass.beta.kubernetes.io/is-default-class") == "true"
        return isDefault ? "\(object.name) (default)" : object.name
    }

    private static func subjects(_ binding: Value, _ kind: Value) -> String {
        (binding["subjects"]?.array ?? []).filter { $0["kind"] == kind }.map { subject in
            let name = subject["name"]?.string ?? ""
            return subject["namespace"]?.string.map { "\($0)/\(name)" } ?? name
        }.joined(separator: ", ")
    }
}
