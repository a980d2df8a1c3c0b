import API

/// What resources may be called, by where they are named (validateResourceName and its kin in pkg/apis/core/validation).
enum ResourceNames {
    /// What quotas may limit.
    private static let ofQuotas: Set<String> = [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
        "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
        "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps",
        "services.nodeports", "services.loadbalancers",
    ]
    /// Those of which there is no part (IsIntegerResourceName).
    private static let whole: Set<String> = [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
        "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    ]
    private static let ofContainers: Set<String> = ["cpu", "memory", "ephemeral-storage"]

    /// What is wrong with a name anywhere.
    static func faults(_ name: String) -> [String] {
        let malformed = Names.qualified(name)
        guard malformed.isEmpty, !name.contains("/"), name != "storage", !ofQuotas.contains(name), !isHuge(name) else {
            return malformed
        }
        return ["must be a standard resource type or fully qualified"]
    }

    static func isWhole(_ name: String) -> Bool {
        whole.contains(name) || name.hasPrefix("count/") || isExtended(name)
    }

    /// Whether quotas know the name as one of their own.
    static func isOfQuotas(_ name: String) -> Bool { ofQuotas.contains(name) || isHuge(name) }

    /// What is wrong with a name in a quota.
    static func faults(inQuota name: String) -> [String] {
        guard !name.contains("/"), !ofQuotas.contains(name), !isHuge(name) else { return faults(name) }
        return faults(name) + ["must be a standard resource for quotas"]
    }

    /// What is wrong with a name among a container's resources.
    static func faults(inContainer name: String) -> [String] {
        guard name.contains("/") else {
            if ofContainers.contains(name) || name.hasPrefix("hugepages-") { return faults(name) }
            return faults(name) + ["must be a standard resource for containers"]
        }
        // What begins so is how quotas name extended resources.
        guard name.hasPrefix("requests."), !name.contains("kubernetes.io/") else { return faults(name) }
        return faults(name) + ["doesn't follow extended resource name standard"]
    }

    /// Those that others than Kubernetes define, of which there is no part (IsExtendedResourceName).
    static func isExtended(_ name: String) -> Bool {
        !isNative(name) && !name.hasPrefix("requests.") && Names.qualified("requests.\(name)").isEmpty
    }

    /// Whether more of them may be promised than there is (IsOvercommitAllowed).
    static func allowsOvercommit(_ name: String) -> Bool { isNative(name) && !name.hasPrefix("hugepages-") }

    private static func isNative(_ name: String) -> Bool { !name.contains("/") || name.contains("kubernetes.io/") }

    private static func isHuge(_ name: String) -> Bool {
        name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-")
    }
}
