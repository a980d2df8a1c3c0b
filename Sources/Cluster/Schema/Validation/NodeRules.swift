import API
import Document

/// The rules of Nodes (pkg/apis/core/validation).
enum NodeRules {
    static let check: Rules.Create = { node, faults in
        checkTaints(node, &faults)
        checkResources(node, &faults)
        let ranges = node["spec", "podCIDRs"]?.array ?? []
        let path = "spec.podCIDRs"
        for (index, range) in ranges.enumerated() where !Addresses.isRange(range.string ?? "") {
            faults.invalid("\(path)[\(index)]", range, Addresses.rangeText)
        }
        guard ranges.count > 1 else { return }
        let families = ranges.map { AddressRange($0.string ?? "")?.isIPv6 }
        if let index = families.firstIndex(of: nil) {
            faults.add(
                .internalError, path, .null,
                "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[\(index)]: <nil> (invalid "
                    + "CIDR address: \(ranges[index].string ?? ""))")
        }
        if ranges.count > 2 || Set(families) != [true, false] {
            faults.invalid(path, .array(ranges), "may specify no more than one CIDR for each IP family")
        }
        var seen: Set<Value> = []
        for (index, range) in ranges.enumerated() where !seen.insert(range).inserted {
            faults.duplicate("\(path)[\(index)]", range)
        }
    }

    private static func checkTaints(_ node: Value, _ faults: inout Faults) {
        var taints: Set<Value> = []
        for (index, taint) in (node["spec", "taints"]?.array ?? []).enumerated() {
            let path = "metadata.taints[\(index)]"
            faults.invalid("\(path).key", taint["key"] ?? "", all: Names.qualified(taint["key"]?.string ?? ""))
            let wrong = Names.labelValue(taint["value"]?.string ?? "")
            if !wrong.isEmpty { faults.invalid("\(path).value", taint["value"], wrong.joined(separator: ";")) }
            faults.check(taint["effect"], in: TaintEffects.all, "\(path).effect")
            let key: Value = ["key": taint["key"] ?? .null, "effect": taint["effect"] ?? .null]
            if !taints.insert(key).inserted {
                faults.duplicate(
                    path, shown: GoDump.shown("Taint", taint), "taints must be unique by key and effect pair")
            }
        }
    }

    private static func checkResources(_ node: Value, _ faults: inout Faults) {
        for list: Text in ["capacity", "allocatable"] {
            for member in node["status", list]?.object ?? [:] {
                faults.checkAmount(member.value, of: member.key.string, "status.\(list).\(member.key)")
            }
        }
    }

    static let update: Rules.Update = { node, old, faults in
        checkResources(node, &faults)
        checkAddresses(node, &faults)
        let ranges = old["spec", "podCIDRs"]?.array ?? []
        if !ranges.isEmpty, ranges != node["spec", "podCIDRs"]?.array ?? [] {
            faults.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid")
        }
        let provider = old["spec", "providerID"]?.string ?? ""
        if !provider.isEmpty, provider != node["spec", "providerID"]?.string ?? "" {
            faults.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid")
        }
        if node["spec"] != old["spec"] { checkTaints(node, &faults) }
        if node["spec", "externalID"]?.string ?? "" != old["spec", "externalID"]?.string ?? "" {
            faults.forbidden("spec.externalID", "may not be updated")
        }
    }

    private static func checkAddresses(_ node: Value, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, address) in (node["status", "addresses"]?.array ?? []).enumerated()
        where !seen.insert(address).inserted {
            faults.duplicate("status.addresses[\(index)]", shown: GoDump.shown("NodeAddress", address))
        }
    }
}

extension Faults {
    /// An amount of a resource (ValidateResourceQuantityValue).
    mutating func checkAmount(_ value: Value, of name: String, _ field: String) {
        guard let quantity = value.quantity else { return }
        if quantity.nanos < 0 { invalid(field, value, "must be greater than or equal to 0") }
        if ResourceNames.isWhole(name), quantity.nanos % 1_000_000_000 != 0 {
            invalid(field, value, "must be an integer")
        }
    }
}
