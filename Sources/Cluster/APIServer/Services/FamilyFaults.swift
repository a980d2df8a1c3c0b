import API
import Document

/// What a Service asks of a cluster that has IPv4 alone and cannot have (upstream's initIPFamilyFields).
enum FamilyFaults {
    /// - Parameter isOpen: whether it is headless and chooses no pods: such a one may have both families anywhere.
    static func of(_ spec: Value, isOpen: Bool) -> [FieldError] {
        let families = spec["ipFamilies"]?.array ?? []
        let addresses = spec["clusterIPs"]?.array ?? [spec["clusterIP"]].compactMap { $0 == "" ? nil : $0 }
        let policy = spec["ipFamilyPolicy"] ?? .null
        var faults: [FieldError] = []
        if policy == "SingleStack" {
            for (what, count) in [("cluster IPs", addresses.count), ("IP families", families.count)] where count == 2 {
                faults.append(
                    FieldError(
                        .invalid, "spec.ipFamilyPolicy", value: policy,
                        detail: "must be 'RequireDualStack' or 'PreferDualStack' when multiple \(what) are specified"))
            }
        }
        for (index, address) in addresses.enumerated() where index >= families.count {
            guard address.string?.contains(":") == true else { continue }
            faults.append(
                FieldError(
                    .invalid, "spec.clusterIPs[\(index)]", value: .array(addresses),
                    detail: "IPv6 is not configured on this cluster"))
        }
        if !faults.isEmpty || isOpen { return faults }
        if policy == "RequireDualStack" {
            faults.append(
                FieldError(
                    .invalid, "spec.ipFamilyPolicy", value: policy,
                    detail: "this cluster is not configured for dual-stack services"))
        }
        for (index, family) in families.enumerated() where family != "IPv4" {
            faults.append(
                FieldError(
                    .invalid, "spec.ipFamilies[\(index)]", value: family, detail: "not configured on this cluster"))
        }
        return faults
    }
}
