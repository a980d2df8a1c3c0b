import API
import Document

/// What may change in a pod's spec (ValidatePodUpdate).
enum PodUpdate {
    private static let text =
        "pod updates may not change fields other than `spec.containers[*].image`,"
        + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
        + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"

    static let check: Rules.Update = { pod, old, faults in
        let new = pod["spec"] ?? [:]
        let before = old["spec"] ?? [:]
        guard checkCounts(new, before, &faults) else { return }
        checkDeadline(new, before, &faults)
        let kept = before["tolerations"]?.array ?? []
        let tolerations = new["tolerations"]?.array ?? []
        if !kept.allSatisfy(tolerations.contains) {
            faults.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        }
        let allowed = allowed(new, before)
        guard allowed != before else { return }
        faults.forbidden("spec", text + "\n" + GoDump.difference("PodSpec", before, allowed))
    }

    private static func checkCounts(_ new: Value, _ before: Value, _ faults: inout Faults) -> Bool {
        for list: Text in ["containers", "initContainers"] {
            guard (new[list]?.array?.count ?? 0) != (before[list]?.array?.count ?? 0) else { continue }
            faults.forbidden("spec.\(list)", "pod updates may not add or remove containers")
            return false
        }
        return true
    }

    private static func checkDeadline(_ new: Value, _ before: Value, _ faults: inout Faults) {
        guard let old = before["activeDeadlineSeconds"]?.int else { return }
        guard let deadline = new["activeDeadlineSeconds"]?.int else {
            return faults.invalid(
                "spec.activeDeadlineSeconds", .null, "must not update from a positive integer to nil value")
        }
        if deadline > old {
            faults.invalid(
                "spec.activeDeadlineSeconds", .int(deadline), "must be less than or equal to previous value")
        }
    }

    /// The spec with what may change taken from the old one; a gated pod may also get node selectors.
    private static func allowed(_ spec: Value, _ before: Value) -> Value {
        var spec = spec
        for list: Text in ["containers", "initContainers"] {
            let images = (before[list]?.array ?? []).map { $0["image"] }
            guard images.count == spec[list]?.array?.count else { continue }
            var index = 0
            spec.mapElements(of: list) {
                $0["image"] = images[index]
                index += 1
            }
        }
        var keys: [Text] = ["activeDeadlineSeconds", "tolerations"]
        let isForced = spec["terminationGracePeriodSeconds"]?.int == 1
        if isForced, (before["terminationGracePeriodSeconds"]?.int ?? 0) < 0 {
            keys.append("terminationGracePeriodSeconds")
        }
        if !(before["schedulingGates"]?.array ?? []).isEmpty {
            keys += ["schedulingGates", "nodeSelector", "affinity"]
        }
        for key in keys { spec[key] = before[key] }
        return spec
    }
}
