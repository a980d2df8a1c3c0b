import API
import Document

/// The rules of a Service (ValidateService).
enum ServiceRules {
    private static let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]

    static let check: Rules.Create = { service, faults in
        let spec = service["spec"] ?? [:]
        let type = spec["type"]?.string ?? ""
        let ports = spec["ports"]?.array ?? []
        let isHeadless = spec["clusterIP"] == "None"
        if ports.isEmpty, !isHeadless, type != "ExternalName" { faults.required("spec.ports") }
        if type == "ExternalName" { checkExternalName(spec, &faults) }
        if type == "LoadBalancer", isHeadless {
            faults.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services")
        }
        checkPorts(ports, spec, &faults)
        faults.checkLabels(spec["selector"], "spec.selector")
        if (spec["sessionAffinity"]?.string ?? "").isEmpty {
            faults.required("spec.sessionAffinity")
        } else {
            faults.check(spec["sessionAffinity"], in: ["ClientIP", "None"], "spec.sessionAffinity")
        }
        for (index, address) in (spec["externalIPs"]?.array ?? []).enumerated()
        where !Addresses.isAddress(address.string ?? "") {
            faults.invalid("spec.externalIPs[\(index)]", address, Addresses.addressText)
        }
        if type.isEmpty { faults.required("spec.type") } else { faults.check(spec["type"], in: types, "spec.type") }
        checkUniquePorts(ports, &faults)
        checkTraffic(spec, type, &faults)
    }

    private static func checkExternalName(_ spec: Value, _ faults: inout Faults) {
        let ips = spec["clusterIPs"]?.array ?? []
        if !ips.isEmpty {
            faults.forbidden("spec.clusterIPs[0]", "may not be set for ExternalName services")
        }
        let name = spec["externalName"]?.string ?? ""
        let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
        if bare.isEmpty {
            faults.required("spec.externalName")
        } else {
            faults.invalid("spec.externalName", .string(bare), all: Names.subdomain(bare))
        }
    }

    private static func checkPorts(_ ports: [Value], _ spec: Value, _ faults: inout Faults) {
        var names: Set<Value> = []
        for (index, port) in ports.enumerated() {
            let path = "spec.ports[\(index)]"
            let name = port["name"] ?? ""
            if name == "" {
                if ports.count > 1 { faults.required("\(path).name") }
            } else {
                faults.invalid("\(path).name", name, all: Names.label(name.string ?? ""))
                if !names.insert(name).inserted { faults.duplicate("\(path).name", name) }
            }
            faults.checkRange(port["port"] ?? 0, 1...65535, "\(path).port")
            faults.check(port["protocol"], in: ["SCTP", "TCP", "UDP"], "\(path).protocol")
            if port["targetPort"]?.int != nil {
                faults.checkRange(port["targetPort"], 1...65535, "\(path).targetPort")
            } else if let name = port["targetPort"]?.string {
                faults.invalid("\(path).targetPort", port["targetPort"], all: Names.portName(name))
            }
            if spec["type"] == "ClusterIP", let node = port["nodePort"]?.int, node != 0 {
                faults.forbidden("\(path).nodePort", "may not be used when `type` is 'ClusterIP'")
            }
        }
    }

    private static func checkUniquePorts(_ ports: [Value], _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, port) in ports.enumerated() {
            let key: Value = ["port": port["port"] ?? .null, "protocol": port["protocol"] ?? .null]
            if !seen.insert(key).inserted { faults.duplicate("spec.ports[\(index)]", key) }
        }
    }

    private static func checkTraffic(_ spec: Value, _ type: String, _ faults: inout Faults) {
        if let policy = spec["externalTrafficPolicy"] {
            faults.check(policy, in: ["Cluster", "Local"], "spec.externalTrafficPolicy")
        }
        if let policy = spec["internalTrafficPolicy"] {
            faults.check(policy, in: ["Cluster", "Local"], "spec.internalTrafficPolicy")
        }
    }

    static let checkUpdate: Rules.Update = { service, old, faults in
        let before = old["spec", "clusterIPs"]?.array ?? []
        let new = service["spec", "clusterIPs"]?.array ?? []
        guard old["spec", "type"] != "ExternalName", service["spec", "type"] != "ExternalName" else { return }
        if let first = before.first, new.first != first {
            let shown: Value =
                service["spec", "clusterIP"] != old["spec", "clusterIP"]
                ? .array([service["spec", "clusterIP"] ?? ""]) : .array(new)
            faults.invalid("spec.clusterIPs[0]", shown, "may not change once set")
        } else if let one = service["spec", "clusterIP"], let first = before.first, one != first {
            faults.invalid("spec.clusterIPs[0]", [one], "may not change once set")
        }
    }
}
