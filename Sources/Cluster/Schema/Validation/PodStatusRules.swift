import API
import Document

/// What may be said of the state of a pod (ValidatePodStatusUpdate).
enum PodStatusRules {
    static let check: Rules.Update = { pod, old, faults in
        let (status, before) = (pod["status"] ?? [:], old["status"] ?? [:])
        checkConditions(status, &faults)
        checkNode(status, before, old, &faults)
        if let number = status["observedGeneration"]?.int, number < 0 {
            faults.invalid("status.observedGeneration", .int(number), "must be a non-negative integer")
        }
        faults.checkImmutable(status["qosClass"] ?? "", before["qosClass"] ?? "", "status.qosClass")
        for list: Text in ["containers", "initContainers", "ephemeralContainers"] {
            checkStates(list, status, before, old["spec"] ?? [:], &faults)
        }
        for list: Text in ["podIPs", "hostIPs"] { checkAddresses(list, status, before, &faults) }
    }

    private static func checkConditions(_ status: Value, _ faults: inout Faults) {
        for (index, condition) in (status["conditions"]?.array ?? []).enumerated() {
            let path = "status.conditions[\(index)]"
            if let number = condition["observedGeneration"]?.int, number < 0 {
                faults.invalid("\(path).observedGeneration", .int(number), "must be a non-negative integer")
            }
            let type = condition["type"]?.string ?? ""
            if ["PodScheduled", "Ready", "Initialized"].contains(type) { continue }
            faults.invalid("\(path).type", .string(type), all: Names.qualified(type))
        }
    }

    private static func checkNode(_ status: Value, _ before: Value, _ old: Value, _ faults: inout Faults) {
        let (name, path) = (status["nominatedNodeName"]?.string ?? "", "status.nominatedNodeName")
        guard !name.isEmpty, name != before["nominatedNodeName"]?.string ?? "" else { return }
        faults.checkNodeName(.string(name), path)
        if !(old["spec", "nodeName"]?.string ?? "").isEmpty {
            faults.forbidden(path, "may not be set on pods that are already bound to a node")
        }
    }

    /// What has ended for good does not begin again.
    private static func checkStates(
        _ list: Text, _ status: Value, _ before: Value, _ spec: Value, _ faults: inout Faults
    ) {
        let key = Text("\(list.string.dropLast())Statuses")
        let now = status[key]?.array ?? []
        for (index, past) in (before[key]?.array ?? []).enumerated() {
            guard let end = past["state", "terminated"], !end.isNull,
                now.contains(where: { $0["name"] == past["name"] && !($0["state"]?.has("terminated") ?? false) })
            else { continue }
            let container = spec[list]?.array?.first { $0["name"] == past["name"] }
            if list != "ephemeralContainers", let container, restarts(container, end["exitCode"]?.int ?? 0, spec) {
                continue
            }
            faults.forbidden(
                "status.\(key)[\(index)].state", "may not be transitioned to non-terminated state")
        }
    }

    private static func restarts(_ container: Value, _ code: Int, _ spec: Value) -> Bool {
        for rule in container["restartPolicyRules"]?.array ?? [] {
            let codes = rule["exitCodes"] ?? [:]
            let isNamed = (codes["values"]?.array ?? []).contains { $0.int == code }
            if codes["operator"] == "In" ? isNamed : !isNamed { return true }
        }
        switch container["restartPolicy"] ?? spec["restartPolicy"] ?? "Always" {
        case "Never": return false
        case "OnFailure": return code != 0
        default: return true
        }
    }

    private static func checkAddresses(_ list: Text, _ status: Value, _ before: Value, _ faults: inout Faults) {
        let (all, path) = (status[list]?.array ?? [], "status.\(list)")
        guard all != before[list]?.array ?? [] else { return }
        let texts = all.map { $0["ip"]?.string ?? "" }
        for (index, text) in texts.enumerated() where !Addresses.isAddress(text) {
            faults.invalid("\(path)[\(index)]", .string(text), Addresses.addressText)
        }
        guard texts.count > 1 else { return }
        let type = list == "podIPs" ? "PodIP" : "HostIP"
        if texts.count > 2 || Set(texts.map(Addresses.isIPv6)).count < 2 {
            let shown = all.map { GoDump.shown(type, $0) }.joined(separator: ",")
            faults.invalid(path, shown: "[\(shown)]", "may specify no more than one IP for each IP family")
        }
        for (index, text) in texts.enumerated() where texts[..<index].contains(text) {
            faults.duplicate("\(path)[\(index)]", shown: GoDump.shown(type, all[index]))
        }
    }

    /// How dear the pod is to its controller (GetDeletionCostFromPodAnnotations). What was accepted once stays.
    static func checkCost(_ pod: Value, old: Value?, _ faults: inout Faults) {
        let key = "controller.kubernetes.io/pod-deletion-cost"
        let isRight = { (text: String) in
            !text.hasPrefix("+") && (text == "0" || !text.hasPrefix("0")) && Int32(text) != nil
        }
        guard let cost = pod.annotation(Text(key)), !isRight(cost) else { return }
        if let past = old?.annotation(Text(key)), !isRight(past) { return }
        faults.invalid("metadata.annotations[\(key)]", .string(cost), "must be a 32bit integer")
    }
}
