import API
import Document

/// The limits of a container, in the kernel's units.
struct ContainerResources: Sendable, Hashable {
    /// Relative weight of CPU time, 2 to 262144.
    var cpuShares: Int64
    /// Microseconds of CPU time in each period of 100 ms; nil for no limit.
    var cpuQuota: Int64?
    /// Bytes; nil for no limit.
    var memory: Int64?
    /// Nil leaves the node's own.
    var outOfMemoryScore: Int64?

    /// From a container's `resources` (kubelet: `MilliCPUToShares`, `MilliCPUToQuota`).
    ///
    /// - Parameters:
    ///   - quality: the pod's quality-of-service class.
    ///   - capacity: bytes of memory of the machine.
    init(_ container: Value, quality: String, capacity: Int64) {
        let requests = container["resources", "requests"]
        let limits = container["resources", "limits"]
        let cpuLimit = limits?["cpu"]?.quantity?.milliValue
        let cpu = requests?["cpu"]?.quantity?.milliValue ?? cpuLimit ?? 0
        cpuShares = min(max(cpu * 1024 / 1000, 2), 262_144)
        cpuQuota = cpuLimit.flatMap { $0 > 0 ? max($0 * 100, 1000) : nil }
        memory = limits?["memory"]?.quantity?.value
        let request = requests?["memory"]?.quantity?.value ?? memory ?? 0
        outOfMemoryScore = ContainerResources.score(quality: quality, request: request, capacity: capacity)
    }

    /// How willingly the kernel kills it (kubelet: `GetContainerOOMScoreAdjust`); nil for guaranteed pods, whose negative
    /// score needs a right that the node may lack.
    private static func score(quality: String, request: Int64, capacity: Int64) -> Int64? {
        switch quality {
        case "Guaranteed": nil
        case "BestEffort": 1000
        default: min(max(1000 - 1000 * request / max(capacity, 1), 3), 999)
        }
    }

    func value(_ security: ContainerSecurity) -> Value {
        var cpu: Value = ["shares": .int(cpuShares)]
        if let cpuQuota {
            cpu["quota"] = .int(cpuQuota)
            cpu["period"] = 100_000
        }
        var value: Value = [
            "cpu": cpu, "devices": [["allow": .bool(security.isPrivileged), "access": "rwm"]],
        ]
        // Swap is no memory that a limit leaves over.
        if let memory { value["memory"] = ["limit": .int(memory), "swap": .int(memory)] }
        return value
    }

    /// The pod's quality-of-service class (kubelet: `ComputePodQOS`).
    static func quality(of pod: Value) -> String {
        let containers = (pod["spec", "initContainers"]?.array ?? []) + (pod["spec", "containers"]?.array ?? [])
        var isGuaranteed = true
        var isBestEffort = true
        for container in containers {
            for name in ["cpu", "memory"] as [Text] {
                let limit = container["resources", "limits", name]?.quantity
                let request = container["resources", "requests", name]?.quantity ?? limit
                if limit != nil || request != nil { isBestEffort = false }
                if limit == nil || request != limit { isGuaranteed = false }
            }
        }
        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
