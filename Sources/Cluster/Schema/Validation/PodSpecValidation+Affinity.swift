import Document

extension PodSpecValidation {
    mutating func checkAffinity(_ affinity: Value?, _ path: String) {
        let required: Text = "requiredDuringSchedulingIgnoredDuringExecution"
        let preferred: Text = "preferredDuringSchedulingIgnoredDuringExecution"
        if let node = affinity?["nodeAffinity"] {
            let path = "\(path).nodeAffinity"
            if let selector = node[required], !selector.isNull { checkNodeSelector(selector, "\(path).\(required)") }
            for (index, term) in (node[preferred]?.array ?? []).enumerated() {
                faults.checkRange(term["weight"], 1...100, "\(path).\(preferred)[\(index)].weight")
                checkTerm(term["preference"], "\(path).\(preferred)[\(index)].preference")
            }
        }
        for kind: Text in ["podAffinity", "podAntiAffinity"] {
            guard let pods = affinity?[kind] else { continue }
            for (index, term) in (pods[required]?.array ?? []).enumerated() {
                checkPodTerm(term, "\(path).\(kind).\(required)[\(index)]")
            }
            for (index, term) in (pods[preferred]?.array ?? []).enumerated() {
                let path = "\(path).\(kind).\(preferred)[\(index)]"
                faults.checkRange(term["weight"], 1...100, "\(path).weight")
                checkPodTerm(term["podAffinityTerm"] ?? [:], "\(path).podAffinityTerm")
            }
        }
    }

    private mutating func checkNodeSelector(_ selector: Value, _ path: String) {
        let terms = selector["nodeSelectorTerms"]?.array ?? []
        if terms.isEmpty { faults.required("\(path).nodeSelectorTerms", "must have at least one node selector term") }
        for (index, term) in terms.enumerated() { checkTerm(term, "\(path).nodeSelectorTerms[\(index)]") }
    }

    private mutating func checkTerm(_ term: Value?, _ path: String) {
        for (index, requirement) in (term?["matchExpressions"]?.array ?? []).enumerated() {
            let path = "\(path).matchExpressions[\(index)]"
            let count = requirement["values"]?.array?.count ?? 0
            switch requirement["operator"]?.string ?? "" {
            case "In", "NotIn":
                if count == 0 {
                    faults.required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'")
                }
            case "Exists", "DoesNotExist":
                if count > 0 {
                    faults.forbidden(
                        "\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                }
            case "Gt", "Lt":
                if count != 1 {
                    faults.required("\(path).values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
                }
            default: faults.invalid("\(path).operator", requirement["operator"] ?? "", "not a valid selector operator")
            }
            faults.invalid("\(path).key", requirement["key"], all: Names.qualified(requirement["key"]?.string ?? ""))
        }
    }

    private mutating func checkPodTerm(_ term: Value, _ path: String) {
        faults.checkSelector(term["labelSelector"], "\(path).labelSelector")
        if (term["topologyKey"]?.string ?? "").isEmpty { faults.required("\(path).topologyKey", "can not be empty") }
    }
}
