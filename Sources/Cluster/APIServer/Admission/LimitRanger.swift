import API
import Document
import Schema

/// Gives containers the requests and limits that a namespace's LimitRanges name, and refuses what is outside of them
/// (Kubernetes documentation, "Limit Ranges").
struct LimitRanger: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "pods") else { return }
        for range in api.objects("", "v1", "limitranges", namespace: review.namespace) {
            let items = (range["spec", "limits"]?.array ?? []).filter { $0["type"] == "Container" }
            let limits = merged(items, "default")
            let requests = merged(items, "defaultRequest")
            var notes: [String] = []
            for (list, word): (Text, String) in [("containers", "container"), ("initContainers", "init container")] {
                guard var containers = review.object["spec", list]?.array else { continue }
                for index in containers.indices {
                    let name = containers[index]["name"]?.string ?? ""
                    let limited = fill(&containers[index], "limits", limits)
                    let requested = fill(&containers[index], "requests", requests)
                    if !requested.isEmpty {
                        notes.append("\(requested.joined(separator: ", ")) request for \(word) \(name)")
                    }
                    if !limited.isEmpty { notes.append("\(limited.joined(separator: ", ")) limit for \(word) \(name)") }
                }
                review.object["spec", list] = .array(containers)
            }
            guard !notes.isEmpty else { continue }
            review.object["metadata", "annotations", "kubernetes.io/limit-ranger"] = .string(
                "LimitRanger plugin set: " + notes.joined(separator: "; "))
        }
    }

    private func merged(_ items: [Value], _ field: Text) -> Object {
        var result: Object = [:]
        for item in items {
            for member in item[field]?.object ?? [:] { result[member.key] = member.value }
        }
        return result
    }

    /// Sets what is missing, and tells what that was.
    private func fill(_ container: inout Value, _ field: Text, _ defaults: Object) -> [String] {
        var set: [String] = []
        for member in defaults where container["resources", field, member.key] == nil {
            container["resources", field, member.key] = member.value
            set.append(member.key.string)
        }
        return set.sorted()
    }

    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        let isPod = review.isCreation(of: "pods")
        let isClaim =
            review.subresource.isEmpty && review.operation != .delete
            && review.resource.resource.qualifiedName == "persistentvolumeclaims"
        guard isPod || isClaim else { return }
        var faults: [String] = []
        for range in api.objects("", "v1", "limitranges", namespace: review.namespace) {
            for item in range["spec", "limits"]?.array ?? [] {
                faults += LimitCheck(item).faults(of: review.object, isPod: isPod)
            }
        }
        guard !faults.isEmpty else { return }
        throw review.forbidden(faults.count == 1 ? faults[0] : "[\(faults.joined(separator: ", "))]")
    }
}

/// One item of a LimitRange, held against an object.
struct LimitCheck {
    private let type: String
    private let item: Value

    init(_ item: Value) {
        type = item["type"]?.string ?? ""
        self.item = item
    }

    func faults(of object: Value, isPod: Bool) -> [String] {
        switch (type, isPod) {
        case ("Container", true):
            return Self.containers(object).flatMap { container in
                check(Self.list(container, "requests"), Self.list(container, "limits"))
            }
        case ("Pod", true): return check(total(object, "requests"), total(object, "limits"))
        case ("PersistentVolumeClaim", false):
            let requests = object["spec", "resources", "requests"]?.object ?? [:]
            return checkClaim(Self.quantities(requests))
        default: return []
        }
    }

    private static func containers(_ pod: Value) -> [Value] {
        (pod["spec", "containers"]?.array ?? []) + (pod["spec", "initContainers"]?.array ?? [])
    }

    private static func quantities(_ list: Object) -> [String: Quantity] {
        var result: [String: Quantity] = [:]
        for member in list { result[member.key.string] = member.value.quantity }
        return result
    }

    private static func list(_ container: Value, _ field: Text) -> [String: Quantity] {
        quantities(container["resources", field]?.object ?? [:])
    }

    private func total(_ pod: Value, _ field: Text) -> [String: Quantity] {
        var sum: [String: Quantity] = [:]
        for container in pod["spec", "containers"]?.array ?? [] {
            for (key, quantity) in Self.list(container, field) { sum[key] = sum[key].map { $0 + quantity } ?? quantity }
        }
        for container in pod["spec", "initContainers"]?.array ?? [] {
            for (key, quantity) in Self.list(container, field) where quantity > sum[key] ?? Quantity(nanos: 0) {
                sum[key] = quantity
            }
        }
        return sum
    }

    private func bounds(_ field: Text) -> [(String, Quantity)] {
        Self.quantities(item[field]?.object ?? [:]).sorted { $0.key < $1.key }
    }

    private func check(_ requests: [String: Quantity], _ limits: [String: Quantity]) -> [String] {
        var faults: [String] = []
        // Of each bound only the first fault is told.
        for (key, bound) in bounds("min") {
            let text = "minimum \(key) usage per \(type) is \(bound)"
            guard let request = requests[key] else {
                faults.append("\(text).  No request is specified")
                continue
            }
            if request < bound {
                faults.append("\(text), but request is \(request)")
            } else if let limit = limits[key], limit < bound {
                faults.append("\(text), but limit is \(limit)")
            }
        }
        for (key, bound) in bounds("max") {
            let text = "maximum \(key) usage per \(type) is \(bound)"
            guard let limit = limits[key] else {
                faults.append("\(text).  No limit is specified")
                continue
            }
            if bound < limit {
                faults.append("\(text), but limit is \(limit)")
            } else if let request = requests[key], bound < request {
                faults.append("\(text), but request is \(request)")
            }
        }
        for (key, bound) in bounds("maxLimitRequestRatio") {
            faults += checkRatio(key, bound, requests[key], limits[key])
        }
        return faults
    }

    private func checkRatio(_ key: String, _ bound: Quantity, _ request: Quantity?, _ limit: Quantity?) -> [String] {
        let text = "\(key) max limit to request ratio per \(type) is \(bound)"
        guard let request, request.nanos > 0 else { return ["\(text), but no request is specified or request is 0"] }
        guard let limit, limit.nanos > 0 else { return ["\(text), but no limit is specified or limit is 0"] }
        let ratio = Double(limit.nanos) / Double(request.nanos)
        guard ratio > Double(bound.nanos) / 1e9 else { return [] }
        let thousandths = Int((ratio * 1_000_000).rounded())
        let fraction = String(thousandths % 1_000_000)
        let padded = String(repeating: "0", count: 6 - fraction.count) + fraction
        return ["\(text), but provided ratio is \(thousandths / 1_000_000).\(padded)"]
    }

    private func checkClaim(_ requests: [String: Quantity]) -> [String] {
        var faults: [String] = []
        for (key, bound) in bounds("min") {
            let text = "minimum \(key) usage per \(type) is \(bound)"
            if requests[key] == nil { faults.append("\(text).  No request is specified") }
            if let request = requests[key], request < bound { faults.append("\(text), but request is \(request)") }
        }
        for (key, bound) in bounds("max") {
            let text = "maximum \(key) usage per \(type) is \(bound)"
            if requests[key] == nil { faults.append("\(text).  No request is specified") }
            if let request = requests[key], bound < request { faults.append("\(text), but request is \(request)") }
        }
        return faults
    }
}
