import API
import Document

/// What a Service says of its cluster addresses and their families (ValidateServiceClusterIPsRelatedFields).
enum ServiceFamilies {
    /// The addresses, which the singular field may say alone.
    static func addresses(_ spec: Value) -> [Value] {
        if let list = spec["clusterIPs"]?.array, !list.isEmpty { return list }
        guard let one = spec["clusterIP"], !one.isNull, one != "" else { return [] }
        return [one]
    }

    static func check(_ spec: Value, _ faults: inout Faults) {
        guard spec["type"] != "ExternalName" else { return }
        let addresses = addresses(spec)
        if (spec["clusterIP"]?.string ?? "").isEmpty, !addresses.isEmpty {
            faults.invalid("spec.clusterIPs", .array(addresses), "must be empty when `clusterIP` is not specified")
        }
        checkFamilies(spec, &faults)
        guard checkForms(addresses, &faults) else { return }
        if addresses.count > 1 {
            let isDual = addresses.contains(where: isIPv6) && !addresses.allSatisfy(isIPv6)
            if !isDual {
                faults.invalid(
                    "spec.clusterIPs", .array(addresses), "may specify no more than one IP for each IP family")
            }
        }
        checkMatch(addresses, spec["ipFamilies"]?.array ?? [], &faults)
    }

    private static func isIPv6(_ address: Value) -> Bool { address.string?.contains(":") ?? false }

    private static func checkFamilies(_ spec: Value, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, family) in (spec["ipFamilies"]?.array ?? []).enumerated() {
            faults.check(family, in: ["IPv4", "IPv6"], "spec.ipFamilies[\(index)]")
            if !seen.insert(family).inserted { faults.duplicate("spec.ipFamilies[\(index)]", family) }
        }
        if spec.has("ipFamilyPolicy") {
            faults.check(
                spec["ipFamilyPolicy"], in: ["PreferDualStack", "RequireDualStack", "SingleStack"],
                "spec.ipFamilyPolicy")
        }
    }

    /// Tells whether each is an address, so that their families can be looked at.
    private static func checkForms(_ addresses: [Value], _ faults: inout Faults) -> Bool {
        var isRight = true
        for (index, address) in addresses.enumerated() {
            if index == 0, address == "None" {
                if addresses.count > 1 {
                    faults.invalid("spec.clusterIPs", .array(addresses), "'None' must be the first and only value")
                    isRight = false
                }
            } else if !Addresses.isAddress(address.string ?? "") {
                faults.invalid("spec.clusterIPs[\(index)]", address, Addresses.addressText)
                isRight = false
            }
        }
        if addresses.count > 2 {
            faults.invalid("spec.clusterIPs", .array(addresses), "may only hold up to 2 values")
        }
        return isRight
    }

    private static func checkMatch(_ addresses: [Value], _ families: [Value], _ faults: inout Faults) {
        guard addresses != ["None"] else { return }
        for (index, (address, family)) in zip(addresses, families).enumerated() {
            let wanted = family.string ?? ""
            guard ["IPv4", "IPv6"].contains(wanted), isIPv6(address) != (wanted == "IPv6") else { continue }
            faults.invalid(
                "spec.clusterIPs[\(index)]", address,
                "expected an \(wanted) value as indicated by `ipFamilies[\(index)]`")
        }
    }
}
