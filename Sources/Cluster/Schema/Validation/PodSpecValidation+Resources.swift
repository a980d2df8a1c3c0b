import API
import Document

extension PodSpecValidation {
    /// What a container, or what runs beside the containers, asks for (validateResourceRequirements).
    mutating func checkResources(_ resources: Value?, _ path: String) {
        let limits = resources?["limits"]?.object ?? [:]
        let requests = resources?["requests"]?.object ?? [:]
        for limit in limits { checkQuantity(limit, "\(path).limits[\(limit.key)]") }
        for request in requests {
            checkQuantity(request, "\(path).requests[\(request.key)]")
            checkRequest(request, limits[request.key]?.quantity, path)
        }
        let names = limits.map(\.key.string) + requests.map(\.key.string)
        let isHuge = names.contains { $0.hasPrefix("hugepages-") }
        if isHuge, !names.contains("cpu"), !names.contains("memory") {
            faults.forbidden(path, "HugePages require cpu or memory")
        }
        checkClaims(resources?["claims"], "\(path).claims")
    }

    private mutating func checkRequest(_ request: Object.Member, _ limit: Quantity?, _ path: String) {
        let name = request.key.string
        let mayDiffer = ResourceNames.allowsOvercommit(name)
        guard let asked = request.value.quantity else { return }
        guard let limit else {
            if !mayDiffer { faults.required("\(path).limits", "Limit must be set for non overcommitable resources") }
            return
        }
        if asked != limit, !mayDiffer {
            faults.invalid("\(path).requests", request.value, "must be equal to \(name) limit of \(limit)")
        } else if asked > limit {
            faults.invalid("\(path).requests", request.value, "must be less than or equal to \(name) limit of \(limit)")
        }
    }

    private mutating func checkQuantity(_ member: Object.Member, _ path: String) {
        let name = member.key.string
        faults.invalid(path, .string(name), all: ResourceNames.faults(inContainer: name))
        guard let quantity = member.value.quantity else { return }
        if quantity.nanos < 0 { faults.invalid(path, member.value, "must be greater than or equal to 0") }
        if ResourceNames.isExtended(name), quantity.nanos % 1_000_000_000 != 0 {
            faults.invalid(path, .string(Text("\(quantity)")), "must be an integer")
        }
        if name.hasPrefix("hugepages-"), let page = Quantity(String(name.dropFirst("hugepages-".count))),
            page.nanos <= 0 || quantity.nanos % page.nanos != 0
        {
            faults.invalid(
                path, .string(Text("\(quantity)")), "\(quantity) is not positive integer multiple of \(name)")
        }
    }

    private mutating func checkClaims(_ list: Value?, _ path: String) {
        var names: Set<String> = []
        for (index, claim) in (list?.array ?? []).enumerated() {
            let name = claim["name"]?.string ?? ""
            let request = claim["request"]?.string ?? ""
            if name.isEmpty {
                faults.required("\(path)[\(index)]")
                continue
            }
            let key = request.isEmpty ? name : "\(name)/\(request)"
            if !request.isEmpty, !names.contains(name) {
                faults.invalid("\(path)[\(index)].request", .string(request), all: Names.label(request))
            }
            if names.contains(name) || !names.insert(key).inserted {
                faults.duplicate("\(path)[\(index)]", .string(Text(names.contains(name) ? name : key)))
            }
            if !resourceClaims.contains(Text(name)) {
                let known = resourceClaims.map(\.string).sorted().joined(separator: ", ")
                faults.add(
                    .notFound, "\(path)[\(index)]", .string(name),
                    "must be one of the names in pod.spec.resourceClaims"
                        + (known.isEmpty ? " which is empty" : ": \(known)"))
            }
        }
    }

    mutating func checkPodResources(_ resources: Value?, _ path: String) {
        guard let resources, !resources.isNull else { return }
        if resources.has("claims") {
            faults.forbidden("\(path).claims", "claims cannot be set for Resources at pod-level")
        }
        checkResources(resources, path)
    }

    mutating func checkResizePolicy(_ list: Value?, _ path: String) {
        var names: Set<Value> = []
        for (index, policy) in (list?.array ?? []).enumerated() {
            let (name, restart) = (policy["resourceName"] ?? "", policy["restartPolicy"] ?? "")
            if !names.insert(name).inserted { faults.duplicate("\(path)[\(index)]", name) }
            if name == "" { faults.required(path) } else { faults.check(name, in: ["cpu", "memory"], path) }
            if restart == "" {
                faults.required(path)
            } else {
                faults.check(restart, in: ["NotRequired", "RestartContainer"], path)
            }
            if spec["restartPolicy"] == "Never", restart != "NotRequired" {
                faults.invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'")
            }
        }
    }

    mutating func checkResourceClaims(_ list: String) {
        var names: Set<Value> = []
        for (index, claim) in (spec["resourceClaims"]?.array ?? []).enumerated() {
            let path = "\(list)[\(index)]"
            let name = claim["name"] ?? ""
            if name == "" {
                faults.required("\(path).name")
            } else if !names.insert(name).inserted {
                faults.duplicate("\(path).name", name)
            } else {
                faults.invalid("\(path).name", name, all: Names.label(name.string ?? ""))
            }
            let sources = (["resourceClaimName", "resourceClaimTemplateName"] as [Text]).filter { claim.has($0) }
            if sources.count != 1 {
                faults.invalid(
                    path, shown: GoDump.shown("PodResourceClaim", claim),
                    sources.isEmpty
                        ? "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
                        : "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")
            }
            for source in sources {
                faults.invalid("\(path).\(source)", claim[source], all: Names.subdomain(claim[source]?.string ?? ""))
            }
        }
    }
}
