import API
import Document
import Schema

/// What an object takes of a quota (pkg/quota's evaluators): names as quotas have them, with amounts.
struct QuotaUsage {
    private(set) var amounts: [String: Quantity] = [:]

    private static let counted: Set<String> = [
        "pods", "services", "secrets", "configmaps", "persistentvolumeclaims", "replicationcontrollers",
        "resourcequotas",
    ]
    private static let one = Quantity(1)

    init(of object: Value, _ resource: Resource) {
        let name = resource.qualifiedName
        amounts["count/\(name)"] = Self.one
        switch name {
        case "pods": pod(object)
        case "services": service(object)
        case "persistentvolumeclaims": claim(object)
        default: break
        }
        if Self.counted.contains(name), name != "pods" { amounts[name] = Self.one }
    }

    private mutating func service(_ service: Value) {
        let type = service["spec", "type"]?.string
        if type == "LoadBalancer" { amounts["services.loadbalancers"] = Self.one }
        let hasPorts =
            type == "NodePort"
            || (type == "LoadBalancer" && service["spec", "allocateLoadBalancerNodePorts"]?.bool != false)
        guard hasPorts else { return }
        amounts["services.nodeports"] = Quantity(Int64(service["spec", "ports"]?.array?.count ?? 0))
    }

    private mutating func claim(_ claim: Value) {
        let storageClass = claim["spec", "storageClassName"]?.string
        if let storageClass {
            amounts["\(storageClass).storageclass.storage.k8s.io/persistentvolumeclaims"] = Self.one
        }
        guard let storage = claim["spec", "resources", "requests", "storage"]?.quantity else { return }
        amounts["requests.storage"] = storage
        if let storageClass { amounts["\(storageClass).storageclass.storage.k8s.io/requests.storage"] = storage }
    }

    /// A pod that has ended counts as an object only.
    private mutating func pod(_ pod: Value) {
        guard !["Failed", "Succeeded"].contains(pod["status", "phase"]?.string ?? "") else { return }
        amounts["pods"] = Self.one
        for (key, quantity) in Self.total(pod, "requests") {
            amounts["requests.\(key)"] = quantity
            if ["cpu", "memory", "ephemeral-storage"].contains(key) || key.hasPrefix("hugepages-") {
                amounts[key] = quantity
            }
        }
        for (key, quantity) in Self.total(pod, "limits") { amounts["limits.\(key)"] = quantity }
    }

    /// The sum of the containers, or what the greatest init container needs, and the pod's overhead.
    private static func total(_ pod: Value, _ field: Text) -> [String: Quantity] {
        var sum: [String: Quantity] = [:]
        for container in pod["spec", "containers"]?.array ?? [] {
            for member in container["resources", field]?.object ?? [:] {
                guard let quantity = member.value.quantity else { continue }
                let key = member.key.string
                sum[key] = sum[key].map { $0 + quantity } ?? quantity
            }
        }
        for container in pod["spec", "initContainers"]?.array ?? [] {
            for member in container["resources", field]?.object ?? [:] {
                guard let quantity = member.value.quantity else { continue }
                let known = sum[member.key.string] ?? Quantity(nanos: 0)
                if quantity > known { sum[member.key.string] = quantity }
            }
        }
        for member in pod["spec", "overhead"]?.object ?? [:] {
            guard let quantity = member.value.quantity, let known = sum[member.key.string] else { continue }
            sum[member.key.string] = known + quantity
        }
        return sum
    }
}

/// A ResourceQuota, held against objects.
struct QuotaView {
    let object: Value

    var hard: [String: Quantity] { Self.quantities(object["spec", "hard"]) }
    var used: [String: Quantity] { Self.quantities(object["status", "used"]) }
    /// What its controller has worked out, which is what counts.
    var known: [String: Quantity] { Self.quantities(object["status", "hard"]) }

    static func quantities(_ list: Value?) -> [String: Quantity] {
        var result: [String: Quantity] = [:]
        for member in list?.object ?? [:] { result[member.key.string] = member.value.quantity }
        return result
    }

    /// Whether the quota looks at this object at all: each of its scopes has to fit, and scopes are about pods.
    func matches(_ object: Value, _ resource: Resource) -> Bool {
        let named = (self.object["spec", "scopes"]?.array ?? []).compactMap(\.string).map { ($0, "Exists", [String]()) }
        let selected = (self.object["spec", "scopeSelector", "matchExpressions"]?.array ?? []).map { expression in
            (
                expression["scopeName"]?.string ?? "", expression["operator"]?.string ?? "",
                expression["values"]?.array?.compactMap(\.string) ?? []
            )
        }
        let scopes = named + selected
        guard !scopes.isEmpty else { return true }
        guard resource.qualifiedName == "pods" else { return false }
        return scopes.allSatisfy { scope, test, values in Self.fits(object, scope, test, values) }
    }

    private static func fits(_ pod: Value, _ scope: String, _ test: String, _ values: [String]) -> Bool {
        let isBestEffort = (pod["status", "qosClass"]?.string ?? KubeAPI.quality(of: pod)) == "BestEffort"
        let ends = pod["spec", "activeDeadlineSeconds"] != nil
        switch scope {
        case "BestEffort": return isBestEffort
        case "NotBestEffort": return !isBestEffort
        case "Terminating": return ends
        case "NotTerminating": return !ends
        case "PriorityClass":
            let name = pod["spec", "priorityClassName"]?.string ?? ""
            switch test {
            case "In": return values.contains(name)
            case "NotIn": return !values.contains(name)
            case "Exists": return !name.isEmpty
            default: return name.isEmpty
            }
        case "CrossNamespacePodAffinity": return hasForeignAffinity(pod)
        default: return false
        }
    }

    private static func hasForeignAffinity(_ pod: Value) -> Bool {
        for kind: Text in ["podAffinity", "podAntiAffinity"] {
            let affinity = pod["spec", "affinity", kind] ?? [:]
            let required = affinity["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
            let preferred = affinity["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
            let terms = required + preferred.compactMap { $0["podAffinityTerm"] }
            if terms.contains(where: { !($0["namespaces"]?.array ?? []).isEmpty || $0["namespaceSelector"] != nil }) {
                return true
            }
        }
        return false
    }

    /// `a=1,b=2`
    static func text(_ amounts: [String: Quantity]) -> String {
        amounts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
