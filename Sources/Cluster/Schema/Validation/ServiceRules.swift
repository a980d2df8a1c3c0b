import API
import Document

/// The rules of a Service (ValidateService).
enum ServiceRules {
    private static let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
    private static let balancerAlone = "may only be used when `type` is 'LoadBalancer'"

    static let check: Rules.Create = { service, faults in
        let spec = service["spec"] ?? [:]
        var families = Faults()
        ServiceFamilies.check(spec, &families)
        // Upstream looks at these before it gives addresses out, and at nothing else where they are wrong.
        if !families.isEmpty { return faults.append(families.errors) }
        let type = spec["type"]?.string ?? ""
        let ports = spec["ports"]?.array ?? []
        let isHeadless = ServiceFamilies.addresses(spec) == ["None"]
        if ports.isEmpty, !isHeadless, type != "ExternalName" { faults.required("spec.ports") }
        if type == "ExternalName" { checkExternalName(spec, &faults) }
        if isHeadless, ["LoadBalancer", "NodePort"].contains(type) {
            faults.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for \(type) services")
        }
        checkPorts(ports, &faults)
        faults.checkLabels(spec["selector"], "spec.selector")
        checkAffinity(spec, &faults)
        for (index, address) in (spec["externalIPs"]?.array ?? []).enumerated() {
            faults.checkOrdinaryAddress(address, "spec.externalIPs[\(index)]")
        }
        if type.isEmpty { faults.required("spec.type") } else { faults.check(spec["type"], in: types, "spec.type") }
        checkNodePorts(ports, type, &faults)
        checkUniquePorts(ports, &faults)
        checkBalancer(service, type, &faults)
        checkTraffic(spec, type, &faults)
    }

    private static func checkExternalName(_ spec: Value, _ faults: inout Faults) {
        let text = "may not be set for ExternalName services"
        if !ServiceFamilies.addresses(spec).isEmpty { faults.forbidden("spec.clusterIPs", text) }
        if !(spec["ipFamilies"]?.array ?? []).isEmpty { faults.forbidden("spec.ipFamilies", text) }
        if spec.has("ipFamilyPolicy") { faults.forbidden("spec.ipFamilyPolicy", text) }
        let name = spec["externalName"]?.string ?? ""
        let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
        if bare.isEmpty {
            faults.required("spec.externalName")
        } else {
            faults.invalid("spec.externalName", .string(bare), all: Names.subdomain(bare))
        }
    }

    private static func checkPorts(_ ports: [Value], _ faults: inout Faults) {
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
            if let name = port["appProtocol"]?.string {
                faults.invalid("\(path).appProtocol", .string(name), all: Names.qualified(name))
            }
        }
    }

    private static func checkAffinity(_ spec: Value, _ faults: inout Faults) {
        if (spec["sessionAffinity"]?.string ?? "").isEmpty {
            faults.required("spec.sessionAffinity")
        } else {
            faults.check(spec["sessionAffinity"], in: ["ClientIP", "None"], "spec.sessionAffinity")
        }
        let timeout = spec["sessionAffinityConfig", "clientIP", "timeoutSeconds"]
        if spec["sessionAffinity"] == "ClientIP", let seconds = timeout?.int, !(1...86400).contains(seconds) {
            faults.invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds", timeout,
                "must be greater than 0 and less than 86400")
        }
    }

    private static func checkNodePorts(_ ports: [Value], _ type: String, _ faults: inout Faults) {
        let numbers = ports.map { $0["nodePort"]?.int ?? 0 }
        for (index, number) in numbers.enumerated() where type == "ClusterIP" && number != 0 {
            faults.forbidden("spec.ports[\(index)].nodePort", "may not be used when `type` is 'ClusterIP'")
        }
        var seen: Set<Value> = []
        for (index, number) in numbers.enumerated() where number != 0 {
            let key: Value = ["nodePort": .int(number), "protocol": ports[index]["protocol"] ?? .null]
            if !seen.insert(key).inserted { faults.duplicate("spec.ports[\(index)].nodePort", .int(number)) }
        }
    }

    private static func checkUniquePorts(_ ports: [Value], _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, port) in ports.enumerated() {
            let key: Value = ["port": port["port"] ?? .null, "protocol": port["protocol"] ?? .null]
            if !seen.insert(key).inserted {
                faults.duplicate("spec.ports[\(index)]", shown: GoDump.shown("ServicePort", key))
            }
        }
    }

    /// What only balancers of load have.
    private static func checkBalancer(_ service: Value, _ type: String, _ faults: inout Faults) {
        let spec = service["spec"] ?? [:]
        let isBalancer = type == "LoadBalancer"
        let annotation = "service.beta.kubernetes.io/load-balancer-source-ranges"
        if let ranges = spec["loadBalancerSourceRanges"]?.array, !ranges.isEmpty {
            // The field's own name in Go.
            let path = "spec.LoadBalancerSourceRanges"
            if !isBalancer { faults.forbidden(path, balancerAlone) }
            for (index, range) in ranges.enumerated() { checkRange(range.string ?? "", "\(path)[\(index)]", &faults) }
        } else if let ranges = service.annotation(Text(annotation)) {
            let path = "metadata.annotations[\(annotation)]"
            if !isBalancer { faults.forbidden(path, balancerAlone) }
            for range in ranges.trimmed.split(separator: ",") { checkRange(String(range), path, &faults) }
        }
        if spec.has("allocateLoadBalancerNodePorts"), !isBalancer {
            faults.forbidden("spec.allocateLoadBalancerNodePorts", balancerAlone)
        }
        if spec.has("loadBalancerClass") {
            if isBalancer {
                let name = spec["loadBalancerClass"]?.string ?? ""
                faults.invalid("spec.loadBalancerClass", .string(name), all: Names.qualified(name))
            } else {
                faults.forbidden("spec.loadBalancerClass", balancerAlone)
            }
        }
    }

    /// Blanks around a range are forgiven.
    private static func checkRange(_ range: String, _ path: String, _ faults: inout Faults) {
        if !Addresses.isRange(range.trimmed) { faults.invalid(path, .string(Text(range.trimmed)), Addresses.rangeText) }
    }

    private static func checkTraffic(_ spec: Value, _ type: String, _ faults: inout Faults) {
        if let policy = spec["externalTrafficPolicy"], policy != "", !policy.isNull {
            if ServiceTraffic.isReachedFromOutside(spec) {
                faults.check(policy, in: ["Cluster", "Local"], "spec.externalTrafficPolicy")
            } else {
                faults.invalid(
                    "spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services")
            }
        }
        if let port = spec["healthCheckNodePort"]?.int, port != 0 {
            if ServiceTraffic.needsHealthCheck(spec) {
                faults.checkRange(.int(port), 1...65535, "spec.healthCheckNodePort")
            } else {
                faults.invalid(
                    "spec.healthCheckNodePort", .int(port),
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
            }
        }
        if let policy = spec["internalTrafficPolicy"] {
            faults.check(policy, in: ["Cluster", "Local"], "spec.internalTrafficPolicy")
        }
        if spec.has("trafficDistribution") {
            faults.check(
                spec["trafficDistribution"], in: ["PreferClose", "PreferSameNode", "PreferSameZone"],
                "spec.trafficDistribution")
        }
    }

    static let checkUpdate: Rules.Update = { service, old, faults in
        checkAddressesUpdate(service, old, &faults)
        guard old["spec", "type"] == "LoadBalancer", service["spec", "type"] == "LoadBalancer" else { return }
        let name = service["spec", "loadBalancerClass"]
        if name != old["spec", "loadBalancerClass"] {
            faults.invalid("spec.loadBalancerClass", name, "may not change once set")
        }
        let port = service["spec", "healthCheckNodePort"]
        let bothCheck = [service, old].allSatisfy { ServiceTraffic.needsHealthCheck($0["spec"] ?? [:]) }
        if bothCheck, port != old["spec", "healthCheckNodePort"] {
            faults.forbidden("spec.healthCheckNodePort", "field is immutable")
        }
    }

    private static func checkAddressesUpdate(_ service: Value, _ old: Value, _ faults: inout Faults) {
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

/// How traffic from outside comes to a Service (pkg/api/service).
enum ServiceTraffic {
    static func isReachedFromOutside(_ spec: Value) -> Bool {
        switch spec["type"]?.string ?? "" {
        case "LoadBalancer", "NodePort": true
        case "ClusterIP": !(spec["externalIPs"]?.array ?? []).isEmpty
        default: false
        }
    }

    static func needsHealthCheck(_ spec: Value) -> Bool {
        spec["type"] == "LoadBalancer" && spec["externalTrafficPolicy"] == "Local"
    }
}
