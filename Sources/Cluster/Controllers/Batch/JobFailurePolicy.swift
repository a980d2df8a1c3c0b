import API
import Document

/// What a Job says about failures of a certain kind ("Pod failure policy").
struct JobFailurePolicy {
    enum Action: String {
        case failJob = "FailJob"
        case failIndex = "FailIndex"
        case ignore = "Ignore"
        case count = "Count"
    }

    private let rules: [Value]

    init?(_ job: Value) {
        guard let rules = job["spec", "podFailurePolicy", "rules"]?.array else { return nil }
        self.rules = rules
    }

    /// What the first rule that fits a failed pod says; it counts like any other where none does.
    func verdict(on pod: Value) -> (action: Action, message: String) {
        for (index, rule) in rules.enumerated() {
            guard let action = rule["action"]?.string.flatMap(Action.init), let what = match(rule, pod) else {
                continue
            }
            return (action, "\(what) matching \(action.rawValue) rule at index \(index)")
        }
        return (.count, "")
    }

    private func match(_ rule: Value, _ pod: Value) -> String? {
        if let codes = rule["onExitCodes"] { return matchCodes(codes, pod) }
        for pattern in rule["onPodConditions"]?.array ?? [] {
            let type = pattern["type"]?.string ?? ""
            guard let condition = pod.condition(type), condition.status == pattern["status"]?.string ?? "True" else {
                continue
            }
            return "Pod \(pod.key) has condition \(type)"
        }
        return nil
    }

    private func matchCodes(_ demand: Value, _ pod: Value) -> String? {
        let values = Set(demand["values"]?.array?.compactMap(\.int) ?? [])
        let isIn = demand["operator"]?.string == "In"
        let ended = ["initContainerStatuses", "containerStatuses"].flatMap { pod["status", Text($0)]?.array ?? [] }
        for status in ended {
            guard let code = status["state", "terminated", "exitCode"]?.int, code != 0 else { continue }
            let name = status["name"]?.string ?? ""
            if let only = demand["containerName"]?.string, only != name { continue }
            if values.contains(code) == isIn {
                return "Container \(name) for pod \(pod.key) failed with exit code \(code)"
            }
        }
        return nil
    }
}
