import API
import Document

/// What may change of a request for a certificate, and through which part (pkg/registry/certificates/certificates).
enum SigningRequestStrategy {
    static let parts: [String: Strategy.Update] = [
        "approval": { request, old, now in
            let conditions = request["status", "conditions"]
            (request["spec"], request["status"]) = (old["spec"], old["status"] ?? [:])
            request["status", "conditions"] = conditions
            stamp(&request, old, now)
        },
        "status": { request, old, now in
            keepDecisions(&request, old)
            stamp(&request, old, now)
        },
    ]

    /// Who may only write the status neither approves nor denies, nor takes that back.
    private static func keepDecisions(_ request: inout Value, _ old: Value) {
        let decisions: [Value] = ["Approved", "Denied"]
        var kept = (old["status", "conditions"]?.array ?? []).filter { decisions.contains($0["type"] ?? .null) }
        var conditions: [Value] = []
        for condition in request["status", "conditions"]?.array ?? [] {
            guard let type = condition["type"], decisions.contains(type) else {
                conditions.append(condition)
                continue
            }
            if let index = kept.firstIndex(where: { $0["type"] == type }) { conditions.append(kept.remove(at: index)) }
        }
        conditions += kept
        if conditions != request["status", "conditions"]?.array ?? [] {
            request["status", "conditions"] = .array(conditions)
        }
    }

    /// Conditions without times get them: the present, or when the same state was first seen.
    private static func stamp(_ request: inout Value, _ old: Value, _ now: Time) {
        let before = old["status", "conditions"]?.array ?? []
        let conditions = (request["status", "conditions"]?.array ?? []).map { condition in
            var condition = condition
            let time = Value.string(now.description)
            if isMissing(condition["lastUpdateTime"]) { condition["lastUpdateTime"] = time }
            if isMissing(condition["lastTransitionTime"]) {
                let same = before.first {
                    $0["type"] == condition["type"] && $0["status"] == condition["status"]
                        && !isMissing($0["lastTransitionTime"])
                }
                condition["lastTransitionTime"] = same?["lastTransitionTime"] ?? time
            }
            return condition
        }
        if !conditions.isEmpty { request["status", "conditions"] = .array(conditions) }
    }

    private static func isMissing(_ time: Value?) -> Bool { time == nil || time == .null }
}
