import API
import Document

/// The rules of an Ingress (pkg/apis/networking/validation).
enum IngressRules {
    static let check: Rules.Create = { ingress, faults in
        let spec = ingress["spec"] ?? [:]
        let rules = spec["rules"]?.array ?? []
        if rules.isEmpty, !spec.has("defaultBackend") {
            faults.invalid("spec", spec["rules"] ?? .null, "either `defaultBackend` or `rules` must be specified")
        }
        if spec.has("defaultBackend") { checkBackend(spec["defaultBackend"] ?? [:], "spec.defaultBackend", &faults) }
        for (index, rule) in rules.enumerated() { checkRule(rule, "spec.rules[\(index)]", &faults) }
        for (index, entry) in (spec["tls"]?.array ?? []).enumerated() {
            let path = "spec.tls[\(index)]"
            for (place, host) in (entry["hosts"]?.array ?? []).enumerated() {
                checkHost(host, "\(path).hosts[\(place)]", &faults)
            }
            if let name = entry["secretName"]?.string, !name.isEmpty {
                faults.invalid("\(path).secretName", .string(name), all: Names.subdomain(name))
            }
        }
        if let name = spec["ingressClassName"]?.string {
            faults.invalid("spec.ingressClassName", .string(name), all: Names.subdomain(name))
        }
    }

    /// The class as it was named before there was a field for it.
    static let checkClass: Rules.Create = { ingress, faults in
        guard let old = ingress.annotation("kubernetes.io/ingress.class"),
            let name = ingress["spec", "ingressClassName"]?.string, old != name
        else { return }
        faults.invalid(
            "annotations.kubernetes.io/ingress.class", .string(old),
            "must match `ingressClassName` when both are specified")
    }

    static let checkStatus: Rules.Update = { ingress, _, faults in
        let path = "status.loadBalancer.ingress"
        for (index, entry) in (ingress[path: ["status", "loadBalancer", "ingress"]]?.array ?? []).enumerated() {
            checkAddress(entry, "\(path)[\(index)]", &faults)
            checkName(entry, "\(path)[\(index)]", &faults)
        }
    }

    /// Where a balancer is reached.
    static func checkAddress(_ point: Value, _ path: String, _ faults: inout Faults) {
        guard let address = point["ip"]?.string, !address.isEmpty, !Addresses.isAddress(address) else { return }
        faults.invalid("\(path).ip", .string(address), Addresses.addressText)
    }

    /// Under which name.
    static func checkName(_ point: Value, _ path: String, _ faults: inout Faults) {
        guard let host = point["hostname"]?.string, !host.isEmpty else { return }
        faults.invalid("\(path).hostname", .string(host), all: Names.subdomain(host))
        if Addresses.isAddress(host) {
            faults.invalid("\(path).hostname", .string(host), "must be a DNS name, not an IP address")
        }
    }

    private static func checkRule(_ rule: Value, _ path: String, _ faults: inout Faults) {
        if let host = rule["host"], host != "" {
            if Addresses.isAddress(host.string ?? "") {
                faults.invalid("\(path).host", host, "must be a DNS name, not an IP address")
            }
            checkHost(host, "\(path).host", &faults)
        }
        guard rule.has("http") else { return }
        let paths = rule["http", "paths"]?.array ?? []
        if paths.isEmpty { faults.required("\(path).http.paths") }
        for (index, part) in paths.enumerated() { checkPath(part, "\(path).http.paths[\(index)]", &faults) }
    }

    /// A name whose first label may be a star.
    private static func checkHost(_ host: Value, _ path: String, _ faults: inout Faults) {
        let name = host.string ?? ""
        faults.invalid(path, host, all: name.contains("*") ? Names.wildcard(name) : Names.subdomain(name))
    }

    private static func checkPath(_ part: Value, _ path: String, _ faults: inout Faults) {
        let text = part["path"]?.string ?? ""
        switch part["pathType"]?.string {
        case nil: return faults.required("\(path).pathType", "pathType must be specified")
        case "Exact", "Prefix":
            if !text.hasPrefix("/") { faults.invalid("\(path).path", .string(text), "must be an absolute path") }
            for sequence in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(sequence) {
                faults.invalid("\(path).path", .string(text), "must not contain '\(sequence)'")
            }
            for end in ["/..", "/."] where text.hasSuffix(end) {
                faults.invalid("\(path).path", .string(text), "cannot end with '\(end)'")
            }
        case "ImplementationSpecific":
            if !text.isEmpty, !text.hasPrefix("/") {
                faults.invalid("\(path).path", .string(text), "must be an absolute path")
            }
        default:
            faults.check(part["pathType"], in: ["Exact", "ImplementationSpecific", "Prefix"], "\(path).pathType")
        }
        checkBackend(part["backend"] ?? [:], "\(path).backend", &faults)
    }

    private static func checkBackend(_ backend: Value, _ path: String, _ faults: inout Faults) {
        switch (backend.has("resource"), backend.has("service")) {
        case (true, true): faults.invalid(path, "", "cannot set both resource and service backends")
        case (false, false): faults.invalid(path, "", "resource or service backend is required")
        case (true, false): checkReference(backend["resource"] ?? [:], "\(path).resource", &faults)
        case (false, true): checkService(backend["service"] ?? [:], path, &faults)
        }
    }

    private static func checkService(_ service: Value, _ path: String, _ faults: inout Faults) {
        let name = service["name"]?.string ?? ""
        if name.isEmpty {
            faults.required("\(path).service.name")
        } else {
            faults.invalid("\(path).service.name", .string(name), all: Names.label(name))
        }
        let port = service["port"] ?? [:]
        let (named, number) = (port["name"]?.string ?? "", port["number"]?.int ?? 0)
        switch (named.isEmpty, number == 0) {
        case (false, false): faults.invalid(path, "", "cannot set both port name & port number")
        case (false, true):
            faults.invalid("\(path).service.port.name", .string(named), all: Names.portName(named))
        case (true, false): faults.checkRange(port["number"], 1...65535, "\(path).service.port.number")
        case (true, true): faults.required(path, "port name or number is required")
        }
    }

    /// An object that others than this cluster's API know (validateIngressTypedLocalObjectReference).
    static func checkReference(_ reference: Value, _ path: String, _ faults: inout Faults) {
        if let group = reference["apiGroup"]?.string {
            faults.invalid("\(path).apiGroup", .string(group), all: Names.subdomain(group))
        }
        for key: Text in ["kind", "name"] {
            let text = reference[key]?.string ?? ""
            if text.isEmpty {
                faults.required("\(path).\(key)", "\(key) is required")
            } else {
                faults.invalid("\(path).\(key)", .string(text), all: Names.pathSegment(text))
            }
        }
    }
}
