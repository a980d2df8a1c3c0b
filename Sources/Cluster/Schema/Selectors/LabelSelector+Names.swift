public import API
import Document

extension LabelSelector {
    /// What is wrong with a key or a value that a query selects by, as upstream's parser says it; nil for nothing.
    public var nameFault: String? {
        for requirement in requirements {
            let key = requirement.key.string
            let faults = Names.qualified(key)
            guard faults.isEmpty else { return LabelSelector.fault("<nil>", key, faults) }
            guard requirement.operator == .in || requirement.operator == .notIn else { continue }
            let bad = Set(requirement.values).sorted().enumerated().compactMap { index, value -> String? in
                let faults = Names.labelValue(value.string)
                return faults.isEmpty ? nil : LabelSelector.fault("values[\(index)][\(key)]", value.string, faults)
            }
            if bad.count == 1 { return bad[0] }
            if !bad.isEmpty { return "[\(bad.joined(separator: ", "))]" }
        }
        return nil
    }

    private static func fault(_ field: String, _ value: String, _ faults: [String]) -> String {
        FieldError(.invalid, field, value: .string(value), detail: faults.joined(separator: "; ")).description
    }
}
