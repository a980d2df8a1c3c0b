import API
import Document

extension PodSpecValidation {
    mutating func checkAffinity(_ affinity: Value?, _ path: String) {
        let required: Text = "requiredDuringSchedulingIgnoredDuringExecution"
        let preferred: Text = "preferredDuringSchedulingIgnoredDuringExecution"
        if let node = affinity?["nodeAffinity"] {
            let path = "\(path).nodeAffinity"
            if let selector = node[required], !selector.isNull {
                faults.checkNodeSelector(selector, "\(path).\(required)")
            }
            for (index, term) in (node[preferred]?.array ?? []).enumerated() {
                checkWeight(term, "\(path).\(preferred)[\(index)]")
                faults.checkNodeTerm(
                    term["preference"], "\(path).\(preferred)[\(index)].preference", checksValues: false)
            }
        }
        for kind: Text in ["podAffinity", "podAntiAffinity"] {
            guard let pods = affinity?[kind] else { continue }
            for (index, term) in (pods[required]?.array ?? []).enumerated() {
                checkPodTerm(term, "\(path).\(kind).\(required)[\(index)]")
            }
            for (index, term) in (pods[preferred]?.array ?? []).enumerated() {
                let path = "\(path).\(kind).\(preferred)[\(index)]"
                checkWeight(term, path)
                checkPodTerm(term["podAffinityTerm"] ?? [:], "\(path).podAffinityTerm")
            }
        }
    }

    private mutating func checkWeight(_ term: Value, _ path: String) {
        let weight = term["weight"]?.int ?? 0
        if !(1...100).contains(weight) { faults.invalid("\(path).weight", .int(weight), "must be in the range 1-100") }
    }

    private mutating func checkPodTerm(_ term: Value, _ path: String) {
        faults.checkSelector(term["labelSelector"], "\(path).labelSelector")
        faults.checkSelector(term["namespaceSelector"], "\(path).namespaceSelector")
        for name in term["namespaces"]?.array ?? [] {
            faults.invalid("\(path).namespace", name, all: Names.label(name.string ?? ""))
        }
        checkLabelKeys(of: term, path)
        let key = term["topologyKey"]?.string ?? ""
        if key.isEmpty { faults.required("\(path).topologyKey", "can not be empty") }
        faults.invalid("\(path).topologyKey", .string(key), all: Names.qualified(key))
    }

    private mutating func checkLabelKeys(of term: Value, _ path: String) {
        let selector = term["labelSelector"] ?? .null
        for list: Text in ["matchLabelKeys", "mismatchLabelKeys"] {
            let keys = term[list]?.array ?? []
            if !keys.isEmpty, selector.isNull {
                faults.forbidden("\(path).\(list)", "must not be specified when labelSelector is not set")
            } else {
                for (index, key) in keys.enumerated() {
                    faults.invalid("\(path).\(list)[\(index)]", key, all: Names.qualified(key.string ?? ""))
                }
            }
        }
        let unlike = Set(term["mismatchLabelKeys"]?.array ?? [])
        for (index, key) in (term["matchLabelKeys"]?.array ?? []).enumerated() where unlike.contains(key) {
            faults.invalid(
                "\(path).matchLabelKeys[\(index)]", key, "exists in both matchLabelKeys and mismatchLabelKeys")
        }
    }
}

extension Faults {
    /// The rules of a NodeSelector (ValidateNodeSelector).
    mutating func checkNodeSelector(_ selector: Value, _ path: String) {
        let terms = selector["nodeSelectorTerms"]?.array ?? []
        if terms.isEmpty { required("\(path).nodeSelectorTerms", "must have at least one node selector term") }
        for (index, term) in terms.enumerated() { checkNodeTerm(term, "\(path).nodeSelectorTerms[\(index)]") }
    }

    /// - Parameter checksValues: not of what is only preferred.
    mutating func checkNodeTerm(_ term: Value?, _ path: String, checksValues: Bool = true) {
        for (index, requirement) in (term?["matchExpressions"]?.array ?? []).enumerated() {
            let path = "\(path).matchExpressions[\(index)]"
            checkRequirement(requirement, path, compares: true, checksValues: checksValues)
        }
        for (index, requirement) in (term?["matchFields"]?.array ?? []).enumerated() {
            checkNodeField(requirement, "\(path).matchFields[\(index)]")
        }
    }

    private mutating func checkNodeField(_ requirement: Value, _ path: String) {
        let values = requirement["values"]?.array ?? []
        if ["In", "NotIn"].contains(requirement["operator"]?.string ?? "") {
            if values.count != 1 {
                required(
                    "\(path).values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
            }
        } else {
            invalid("\(path).operator", requirement["operator"] ?? "", "not a valid selector operator")
        }
        guard requirement["key"] == "metadata.name" else {
            return invalid("\(path).key", requirement["key"] ?? "", "not a valid field selector key")
        }
        for (index, value) in values.enumerated() {
            invalid("\(path).values[\(index)]", value, all: Names.subdomain(value.string ?? ""))
        }
    }
}
