import API
import Document

/// The rules of Endpoints and EndpointSlices (pkg/apis/{core,discovery}/validation).
enum EndpointRules {
    private static let (mostEndpoints, mostAddresses, mostPorts) = (1000, 100, 20000)
    private static let (mostTopology, mostHints) = (16, 8)
    private static let protocols = ["SCTP", "TCP", "UDP"]

    // MARK: Slices

    static let slice: Rules.Create = { slice, faults in
        let type = slice["addressType"]?.string ?? ""
        if type.isEmpty {
            faults.required("addressType")
        } else {
            faults.check(slice["addressType"], in: ["FQDN", "IPv4", "IPv6"], "addressType")
        }
        let endpoints = slice["endpoints"]?.array ?? []
        if endpoints.count > mostEndpoints {
            faults.tooMany("endpoints", endpoints.count, mostEndpoints)
        } else {
            for (index, endpoint) in endpoints.enumerated() {
                check(endpoint, type, "endpoints[\(index)]", &faults)
            }
        }
        checkPorts(slice["ports"]?.array ?? [], &faults)
    }

    private static func check(_ endpoint: Value, _ type: String, _ path: String, _ faults: inout Faults) {
        let addresses = endpoint["addresses"]?.array ?? []
        if addresses.isEmpty { faults.required("\(path).addresses", "must contain at least 1 address") }
        if addresses.count > mostAddresses { faults.tooMany("\(path).addresses", addresses.count, mostAddresses) }
        for (place, address) in addresses.enumerated() {
            checkAddress(address, type, "\(path).addresses[\(place)]", &faults)
        }
        faults.checkNodeName(endpoint["nodeName"], "\(path).nodeName")
        let topology = endpoint["deprecatedTopology"]?.object ?? [:]
        if topology.count > mostTopology {
            faults.tooMany("\(path).deprecatedTopology", topology.count, mostTopology)
        }
        faults.checkLabels(endpoint["deprecatedTopology"], "\(path).deprecatedTopology")
        if let name = endpoint["hostname"]?.string {
            faults.invalid("\(path).hostname", .string(name), all: Names.label(name))
        }
        checkHints(endpoint["hints"] ?? [:], "\(path).hints", &faults)
    }

    private static func checkAddress(_ address: Value, _ type: String, _ path: String, _ faults: inout Faults) {
        let text = address.string ?? ""
        switch type {
        case "IPv4", "IPv6":
            let isRight = type == "IPv4" ? Addresses.isIPv4(text) : Addresses.isIPv6(text)
            if Addresses.isAddress(text), !isRight {
                faults.invalid(path, address, "must be an \(type) address")
            } else {
                faults.checkOrdinaryAddress(address, path)
            }
        case "FQDN": checkDomain(text, path, &faults)
        default: break
        }
    }

    /// A name with a dot in it (IsFullyQualifiedDomainName).
    private static func checkDomain(_ text: String, _ path: String, _ faults: inout Faults) {
        if text.isEmpty { return faults.required(path) }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        let wrong = Names.subdomain(name)
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if !wrong.isEmpty {
            faults.invalid(path, .string(name), wrong.joined(separator: ","))
        } else if labels.count < 2 {
            faults.invalid(path, .string(name), "should be a domain with at least two segments separated by dots")
        } else if let label = labels.first(where: { !Names.label($0).isEmpty }) {
            faults.invalid(path, .string(label), Names.label(label).joined(separator: ","))
        }
    }

    private static func checkHints(_ hints: Value, _ path: String, _ faults: inout Faults) {
        for (list, rule) in [("forZones", Names.labelValue), ("forNodes", Names.subdomain)] {
            let names = (hints[Text(list)]?.array ?? []).map { $0["name"] ?? "" }
            if names.count > mostHints { return faults.tooMany("\(path).\(list)", names.count, mostHints) }
            var seen: Set<Value> = []
            for (index, name) in names.enumerated() {
                let field = "\(path).\(list)[\(index)].name"
                if !seen.insert(name).inserted { faults.duplicate(field, name) }
                faults.invalid(field, name, all: rule(name.string ?? ""))
            }
        }
    }

    private static func checkPorts(_ ports: [Value], _ faults: inout Faults) {
        if ports.count > mostPorts { return faults.tooMany("ports", ports.count, mostPorts) }
        var seen: Set<Value> = []
        for (index, port) in ports.enumerated() {
            let (path, name) = ("ports[\(index)]", port["name"] ?? "")
            if name != "" { faults.invalid("\(path).name", name, all: Names.label(name.string ?? "")) }
            if !seen.insert(name).inserted { faults.duplicate("\(path).name", name) }
            checkProtocol(port, path, &faults)
        }
    }

    private static func checkProtocol(_ port: Value, _ path: String, _ faults: inout Faults) {
        if (port["protocol"]?.string ?? "").isEmpty {
            faults.required("\(path).protocol")
        } else {
            faults.check(port["protocol"], in: protocols, "\(path).protocol")
        }
        if let name = port["appProtocol"]?.string {
            faults.invalid("\(path).appProtocol", .string(name), all: Names.qualified(name))
        }
    }

    // MARK: Endpoints

    static let endpoints: Rules.Create = { endpoints, faults in
        for (index, subset) in (endpoints["subsets"]?.array ?? []).enumerated() {
            checkSubset(subset, "subsets[\(index)]", &faults)
        }
    }

    private static func checkSubset(_ subset: Value, _ path: String, _ faults: inout Faults) {
        let lists: [Text] = ["addresses", "notReadyAddresses"]
        if lists.allSatisfy({ (subset[$0]?.array ?? []).isEmpty }) {
            faults.required(path, "must specify `addresses` or `notReadyAddresses`")
        }
        for list in lists {
            for (index, address) in (subset[list]?.array ?? []).enumerated() {
                checkAddress(address, "\(path).\(list)[\(index)]", &faults)
            }
        }
        let ports = subset["ports"]?.array ?? []
        for (index, port) in ports.enumerated() {
            let path = "\(path).ports[\(index)]"
            let name = port["name"]?.string ?? ""
            if name.isEmpty {
                if ports.count > 1 { faults.required("\(path).name") }
            } else {
                faults.invalid("\(path).name", .string(name), all: Names.label(name))
            }
            faults.checkRange(port["port"] ?? 0, 1...65535, "\(path).port")
            checkProtocol(port, path, &faults)
        }
    }

    private static func checkAddress(_ address: Value, _ path: String, _ faults: inout Faults) {
        let ip = address["ip"] ?? ""
        let isAddress = Addresses.isAddress(ip.string ?? "")
        if !isAddress { faults.invalid("\(path).ip", ip, Addresses.addressText) }
        if let name = address["hostname"]?.string, !name.isEmpty {
            faults.invalid("\(path).hostname", .string(name), all: Names.label(name))
        }
        faults.checkNodeName(address["nodeName"], "\(path).nodeName")
        if isAddress { faults.checkOrdinaryAddress(ip, "\(path).ip") }
    }
}

extension Faults {
    mutating func checkNodeName(_ name: Value?, _ path: String) {
        guard let name, !name.isNull else { return }
        invalid(path, name, all: Names.subdomain(name.string ?? ""))
    }
}
