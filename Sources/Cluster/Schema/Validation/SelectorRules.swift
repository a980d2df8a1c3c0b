import API
import Document

extension Faults {
    /// The rules of a LabelSelector (apimachinery's unversioned validation). Tells whether the selector is right.
    @discardableResult
    mutating func checkSelector(_ selector: Value?, _ path: String) -> Bool {
        guard let selector, !selector.isNull else { return true }
        let before = errors.count
        checkLabels(selector["matchLabels"], "\(path).matchLabels")
        for (index, requirement) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            checkRequirement(requirement, "\(path).matchExpressions[\(index)]")
        }
        return errors.count == before
    }

    /// The rules of one requirement of a selector, of labels or of nodes.
    ///
    /// - Parameters:
    ///   - compares: whether it may be about numbers, as those of nodes may.
    ///   - checksValues: not of what is only preferred.
    mutating func checkRequirement(
        _ requirement: Value, _ path: String, compares: Bool = false, checksValues: Bool = true
    ) {
        let values = requirement["values"]?.array ?? []
        switch requirement["operator"]?.string ?? "" {
        case "In", "NotIn":
            if values.isEmpty { required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'") }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                forbidden("\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
            }
        case "Gt" where compares, "Lt" where compares:
            if values.count != 1 {
                required("\(path).values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
            }
        default: invalid("\(path).operator", requirement["operator"] ?? "", "not a valid selector operator")
        }
        invalid("\(path).key", requirement["key"], all: Names.qualified(requirement["key"]?.string ?? ""))
        for (index, value) in values.enumerated() where checksValues {
            invalid("\(path).values[\(index)]", value, all: Names.labelValue(value.string ?? ""))
        }
    }
}

/// The rules of a pod's template (ValidatePodTemplateSpec).
enum PodTemplateRules {
    static func check(_ template: Value, _ path: String, claims: [Text] = [], _ faults: inout Faults) {
        faults.checkLabels(template["metadata", "labels"], "\(path).labels")
        faults.checkAnnotations(template["metadata", "annotations"], "\(path).annotations")
        let spec = template["spec"] ?? [:]
        faults.append(PodSpecValidation(spec, at: "\(path).spec", claims: claims).faults.errors)
        if !(spec["ephemeralContainers"]?.array ?? []).isEmpty {
            faults.forbidden("\(path).spec.ephemeralContainers", "ephemeral containers not allowed in pod template")
        }
    }
}
