import API
import Document

extension Strategy {
    /// What a pod that may not be scheduled yet says of itself from the start (applySchedulingGatedCondition).
    private static let gated: Value = [
        "type": "PodScheduled", "status": "False", "lastProbeTime": .null, "lastTransitionTime": .null,
        "reason": "SchedulingGated", "message": "Scheduling is blocked due to non-empty scheduling gates",
    ]

    /// The core group (pkg/registry/core).
    static let core: [String: Strategy] = [
        "/pods": Strategy(
            create: { pod, _ in
                pod["status"] = ["phase": "Pending", "qosClass": .string(QualityOfService.of(pod))]
                if let gates = pod["spec", "schedulingGates"]?.array, !gates.isEmpty {
                    pod["status", "conditions"] = [gated]
                }
            },
            update: { pod, old, _ in
                // A resize goes through its own subresource, so that the class never changes.
                if let quality = old["status", "qosClass"] { pod["status", "qosClass"] = quality }
            }, parts: podParts),
        "/namespaces": Strategy(
            create: { namespace, _ in
                namespace["status"] = ["phase": "Active"]
                let finalizers = namespace["spec", "finalizers"]?.array ?? []
                if !finalizers.contains("kubernetes") {
                    namespace["spec", "finalizers"] = .array(finalizers + ["kubernetes"])
                }
            },
            update: { namespace, old, _ in namespace["spec", "finalizers"] = old["spec", "finalizers"] },
            parts: ["finalize": { namespace, old, _ in namespace["status"] = old["status"] }]),
        "/nodes": Strategy(newStatus: .kept),
        "/services": Strategy(update: { service, old, _ in ServiceStrategy.keepAllocations(&service, old) }),
        "/secrets": Strategy(
            update: { secret, old, _ in
                // An update that leaves the type out keeps it; the default would change it.
                if secret["type"] == nil { secret["type"] = old["type"] }
            }),
        "/persistentvolumes": Strategy(
            create: { volume, now in
                volume["status"] = ["phase": "Pending", "lastPhaseTransitionTime": .string(now.description)]
            },
            parts: [
                "status": { volume, old, now in
                    guard volume["status", "phase"] != old["status", "phase"] else { return }
                    guard volume["status", "lastPhaseTransitionTime"] == old["status", "lastPhaseTransitionTime"]
                    else { return }
                    volume["status", "lastPhaseTransitionTime"] = .string(now.description)
                }
            ]),
        "/persistentvolumeclaims": Strategy(create: { claim, _ in claim["status"] = ["phase": "Pending"] }),
    ]

    private static let podParts: [String: Update] = [
        "status": { pod, old, _ in
            pod["metadata", "ownerReferences"] = old["metadata", "ownerReferences"]
            if pod["status", "qosClass"] == nil { pod["status", "qosClass"] = old["status", "qosClass"] }
        },
        "ephemeralcontainers": { pod, old, _ in
            let containers = pod["spec", "ephemeralContainers"]
            var result = old
            result["spec", "ephemeralContainers"] = containers
            result["metadata", "managedFields"] = pod["metadata", "managedFields"]
            pod = result
        },
        "resize": { pod, old, _ in
            var result = old
            for list: Text in ["containers", "initContainers"] {
                let new = pod["spec", list]?.array ?? []
                result["spec"]?.mapElements(of: list) { container in
                    guard let sized = new.first(where: { $0["name"] == container["name"] }) else { return }
                    container["resources"] = sized["resources"]
                    container["resizePolicy"] = sized["resizePolicy"]
                }
            }
            result["metadata", "managedFields"] = pod["metadata", "managedFields"]
            pod = result
        },
    ]
}

/// The quality-of-service class of a pod (pkg/apis/core/v1/helper/qos).
enum QualityOfService {
    static func of(_ pod: Value) -> String {
        let spec = pod["spec"] ?? [:]
        let containers = (spec["containers"]?.array ?? []) + (spec["initContainers"]?.array ?? [])
        let resources = spec.has("resources") ? [spec["resources"] ?? [:]] : containers.map { $0["resources"] ?? [:] }
        let asked = resources.flatMap { counted($0["requests"]) + counted($0["limits"]) }
        if asked.isEmpty { return "BestEffort" }
        let isGuaranteed = resources.allSatisfy { resources in
            let limits = Dictionary(counted(resources["limits"]), uniquingKeysWith: { $1 })
            let requests = Dictionary(counted(resources["requests"]), uniquingKeysWith: { $1 })
            return limits.count == 2 && requests.allSatisfy { limits[$0.key] == $0.value }
        }
        return isGuaranteed ? "Guaranteed" : "Burstable"
    }

    /// CPU and memory that are not zero: other resources do not count.
    private static func counted(_ list: Value?) -> [(Text, Quantity)] {
        (list?.object ?? [:]).compactMap { member in
            guard member.key == "cpu" || member.key == "memory", let quantity = member.value.quantity else {
                return nil
            }
            return quantity.nanos > 0 ? (member.key, quantity) : nil
        }
    }
}

/// What an update of a Service keeps of what the cluster gave it (pkg/registry/core/service).
enum ServiceStrategy {
    static func keepAllocations(_ service: inout Value, _ old: Value) {
        let type = service["spec", "type"]
        guard type != "ExternalName", old["spec", "type"] != "ExternalName" else {
            dropUnneeded(&service, old)
            return dropForExternalName(&service)
        }
        for field: Text in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if !(service["spec"]?.has(field) ?? false) { service["spec", field] = old["spec", field] }
        }
        dropUnneeded(&service, old)
        guard type != "ClusterIP" else { return dropNodePorts(&service, old) }
        let oldPorts = old["spec", "ports"]?.array ?? []
        service["spec"]?.mapElements(of: "ports") { port in
            guard !port.has("nodePort") || port["nodePort"] == 0 else { return }
            let match = oldPorts.first { $0["port"] == port["port"] && $0["protocol"] == port["protocol"] }
            port["nodePort"] = match?["nodePort"]
        }
        keepHealthCheck(&service, old)
    }

    /// What the type that is no more needed, as long as the client did not change it (dropTypeDependentFields).
    private static func dropUnneeded(_ service: inout Value, _ old: Value) {
        let (before, after) = (old["spec"] ?? [:], service["spec"] ?? [:])
        func drop(_ field: Text, _ isNeeded: (Value) -> Bool) {
            if isNeeded(before), !isNeeded(after), before[field] == after[field] { service["spec", field] = nil }
        }
        let isBalancer = { (spec: Value) in spec["type"] == "LoadBalancer" }
        drop("externalTrafficPolicy", ServiceTraffic.isReachedFromOutside)
        drop("healthCheckNodePort", ServiceTraffic.needsHealthCheck)
        drop("allocateLoadBalancerNodePorts", isBalancer)
        drop("loadBalancerClass", isBalancer)
    }

    private static func keepHealthCheck(_ service: inout Value, _ old: Value) {
        let isLocal = service["spec", "type"] == "LoadBalancer" && service["spec", "externalTrafficPolicy"] == "Local"
        guard isLocal, !(service["spec"]?.has("healthCheckNodePort") ?? false) else { return }
        service["spec", "healthCheckNodePort"] = old["spec", "healthCheckNodePort"]
    }

    /// Going back to ClusterIP gives up node ports that the client did not change.
    private static func dropNodePorts(_ service: inout Value, _ old: Value) {
        guard old["spec", "type"] != "ClusterIP" else { return }
        service["spec"]?.mapElements(of: "ports") { $0["nodePort"] = nil }
    }

    private static func dropForExternalName(_ service: inout Value) {
        guard service["spec", "type"] == "ExternalName" else { return }
        for field: Text in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] {
            service["spec", field] = nil
        }
    }
}
