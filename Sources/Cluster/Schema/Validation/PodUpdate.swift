import API
import Document

/// What may change in a pod's spec (ValidatePodUpdate).
enum PodUpdate {
    private static let text =
        "pod updates may not change fields other than `spec.containers[*].image`,"
        + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
        + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"

    static let checkNew: Rules.Create = { pod, faults in
        let spec = pod["spec"] ?? [:]
        if !(spec["ephemeralContainers"]?.array ?? []).isEmpty {
            faults.forbidden("spec.ephemeralContainers", "cannot be set on create")
        }
        if !(spec["nodeName"]?.string ?? "").isEmpty, !(spec["schedulingGates"]?.array ?? []).isEmpty {
            faults.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")
        }
    }

    static let check: Rules.Update = { pod, old, faults in
        let new = pod["spec"] ?? [:]
        let before = old["spec"] ?? [:]
        guard checkCounts(new, before, &faults) else { return }
        checkDeadline(new, before, &faults)
        let kept = before["tolerations"]?.array ?? []
        let tolerations = new["tolerations"]?.array ?? []
        let isKept = { (toleration: Value) in
            tolerations.contains { with(toleration, $0["tolerationSeconds"]) == $0 }
        }
        if !kept.allSatisfy(isKept) {
            faults.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        }
        checkGates(new, before, &faults)
        let allowed = allowed(new, before)
        guard allowed != before else { return }
        faults.forbidden("spec", text + "\n" + GoDump.difference("PodSpec", before, allowed))
    }

    private static func with(_ toleration: Value, _ seconds: Value?) -> Value {
        var toleration = toleration
        toleration["tolerationSeconds"] = seconds
        return toleration
    }

    /// Gates only go away, and while there is one the choice of nodes may become narrower.
    private static func checkGates(_ new: Value, _ before: Value, _ faults: inout Faults) {
        let gates = before["schedulingGates"]?.array ?? []
        for (index, gate) in (new["schedulingGates"]?.array ?? []).enumerated()
        where !gates.contains(where: { $0["name"] == gate["name"] }) {
            faults.forbidden(
                "spec.schedulingGates[\(index)].name",
                "only deletion is allowed, but found new scheduling gate '\(gate["name"]?.string ?? "")'")
        }
        guard !gates.isEmpty else { return }
        let selector = new["nodeSelector"]?.object ?? [:]
        if (before["nodeSelector"]?.object ?? [:]).contains(where: { selector[$0.key] != $0.value }) {
            faults.invalid(
                "spec.nodeSelector", new["nodeSelector"],
                "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
        }
        checkNodeAffinity(new, before, &faults)
    }

    private static func checkNodeAffinity(_ new: Value, _ before: Value, _ faults: inout Faults) {
        let field: [Text] = [
            "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
        ]
        let path = "spec." + field.map(\.string).joined(separator: ".")
        let old = before[path: field]?.array ?? []
        let terms = new[path: field]?.array ?? []
        guard !old.isEmpty, old != terms else { return }
        guard old.count == terms.count else {
            let shown = terms.map { GoDump.shown("NodeSelectorTerm", $0) }.joined(separator: ",")
            return faults.invalid(
                path, shown: terms.isEmpty ? "null" : "[\(shown)]",
                "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
        }
        for (index, (term, past)) in zip(terms, old).enumerated() where !addsAlone(term, past) {
            faults.invalid(
                "\(path)[\(index)]", shown: GoDump.shown("NodeSelectorTerm", term),
                "only additions are allowed (no mutations or deletions)")
        }
    }

    private static func addsAlone(_ term: Value, _ past: Value) -> Bool {
        let lists = (["matchExpressions", "matchFields"] as [Text]).map { key in
            (new: term[key]?.array ?? [], old: past[key]?.array ?? [])
        }
        if lists.allSatisfy(\.old.isEmpty) { return lists.allSatisfy(\.new.isEmpty) }
        return lists.allSatisfy { $0.new.starts(with: $0.old) }
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
        var keys: [Text] = ["activeDeadlineSeconds", "tolerations", "schedulingGates"]
        let isForced = spec["terminationGracePeriodSeconds"]?.int == 1
        if isForced, (before["terminationGracePeriodSeconds"]?.int ?? 0) < 0 {
            keys.append("terminationGracePeriodSeconds")
        }
        if !(before["schedulingGates"]?.array ?? []).isEmpty {
            keys.append("nodeSelector")
            keepNodeAffinity(&spec, before)
        }
        for key in keys { spec[key] = before[key] }
        return spec
    }

    /// The other affinities stay what they are.
    private static func keepNodeAffinity(_ spec: inout Value, _ before: Value) {
        spec["affinity", "nodeAffinity"] = before["affinity", "nodeAffinity"]
        if spec["affinity"] == [:], !before.has("affinity") { spec["affinity"] = nil }
    }
}
