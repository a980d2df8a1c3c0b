import API
import Document

extension PodSpecValidation {
    mutating func checkSpread() {
        let constraints = spec["topologySpreadConstraints"]?.array ?? []
        for (index, constraint) in constraints.enumerated() {
            let path = "\(path).topologySpreadConstraints[\(index)]"
            if (constraint["maxSkew"]?.int ?? 0) <= 0 {
                faults.invalid("\(path).maxSkew", constraint["maxSkew"] ?? 0, "must be greater than zero")
            }
            if (constraint["topologyKey"]?.string ?? "").isEmpty {
                faults.required("\(path).topologyKey", "can not be empty")
            }
            faults.check(
                constraint["whenUnsatisfiable"], in: ["DoNotSchedule", "ScheduleAnyway"], "\(path).whenUnsatisfiable")
            checkRepetition(constraint, constraints[(index + 1)...], path)
            checkDomains(constraint, path)
            for key: Text in ["nodeAffinityPolicy", "nodeTaintsPolicy"] where constraint.has(key) {
                faults.check(constraint[key], in: ["Honor", "Ignore"], "\(path).\(key)")
            }
            checkLabelKeys(constraint, "\(path).matchLabelKeys")
            faults.checkSelector(constraint["labelSelector"], "\(path).labelSelector")
        }
    }

    private mutating func checkRepetition(_ constraint: Value, _ others: ArraySlice<Value>, _ path: String) {
        let (key, action) = (constraint["topologyKey"], constraint["whenUnsatisfiable"])
        guard others.contains(where: { $0["topologyKey"] == key && $0["whenUnsatisfiable"] == action }) else { return }
        faults.duplicate(
            "\(path).{topologyKey, whenUnsatisfiable}",
            .string(Text("{\(key?.string ?? ""), \(action?.string ?? "")}")))
    }

    private mutating func checkDomains(_ constraint: Value, _ path: String) {
        guard let count = constraint["minDomains"]?.int else { return }
        if count <= 0 { faults.invalid("\(path).minDomains", .int(count), "must be greater than zero") }
        if let action = constraint["whenUnsatisfiable"]?.string, action != "DoNotSchedule" {
            faults.invalid(
                "\(path).minDomains", .int(count),
                "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)")
        }
    }

    /// Keys whose values come from the pod itself.
    private mutating func checkLabelKeys(_ constraint: Value, _ path: String) {
        let keys = constraint["matchLabelKeys"]?.array ?? []
        guard !keys.isEmpty else { return }
        let selector = constraint["labelSelector"] ?? .null
        if selector.isNull { faults.forbidden(path, "must not be specified when labelSelector is not set") }
        let labels = (selector["matchLabels"]?.object ?? [:]).map { Value.string($0.key) }
        let named = Set(labels + (selector["matchExpressions"]?.array ?? []).compactMap { $0["key"] })
        for (index, key) in keys.enumerated() {
            faults.invalid("\(path)[\(index)]", key, all: Names.qualified(key.string ?? ""))
            if named.contains(key) {
                faults.invalid("\(path)[\(index)]", key, "exists in both matchLabelKeys and labelSelector")
            }
        }
    }
}
