import API
import Document

/// What may be said of the state of objects, where one rule is for several kinds or for few words.
enum StatusRules {
    /// pkg/apis/policy/validation
    static let disruptionBudget: Rules.Update = { budget, _, faults in
        faults.checkConditions(budget["status", "conditions"], "status.conditions")
        for key: Text in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] {
            faults.checkNotNegative(budget["status", key], "status.\(key)")
        }
    }

    /// pkg/apis/autoscaling/validation
    static let autoscaler: Rules.Update = { autoscaler, _, faults in
        for key: Text in ["currentReplicas", "desiredReplicas"] {
            faults.checkNotNegative(autoscaler["status", key], "status.\(key)")
        }
    }

    /// What a balancer made of a Service (ValidateLoadBalancerStatus).
    static let service: Rules.Update = { service, old, faults in
        let path = "status.loadBalancer.ingress"
        let place: [Text] = ["status", "loadBalancer", "ingress"]
        let points = service[path: place]?.array ?? []
        let isBalancer = service["spec", "type"] == "LoadBalancer"
        // What stood there before the type changed may stay.
        if !isBalancer, !points.isEmpty, points != old[path: place]?.array ?? [] {
            return faults.forbidden(path, "may only be used when `spec.type` is LoadBalancer")
        }
        for (index, point) in points.enumerated() {
            let path = "\(path)[\(index)]"
            IngressRules.checkAddress(point, path, &faults)
            let hasAddress = !(point["ip"]?.string ?? "").isEmpty
            if hasAddress, !point.has("ipMode") {
                faults.required("\(path).ipMode", "must be specified when `ip` is set")
            } else if point.has("ipMode"), !hasAddress {
                faults.forbidden("\(path).ipMode", "may not be specified when `ip` is not set")
            } else if point.has("ipMode") {
                faults.check(point["ipMode"], in: ["Proxy", "VIP"], "\(path).ipMode")
            }
            IngressRules.checkName(point, path, &faults)
        }
    }
}

extension Faults {
    private static let (longestReason, longestMessage) = (1024, 32 * 1024)

    /// Conditions as all newer kinds have them (apimachinery's ValidateConditions).
    mutating func checkConditions(_ conditions: Value?, _ path: String) {
        var seen: Set<Value> = []
        for (index, condition) in (conditions?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            let type = condition["type"] ?? ""
            if !seen.insert(type).inserted { duplicate("\(path).type", type) }
            invalid("\(path).type", type, all: Names.qualified(type.string ?? ""))
            check(condition["status"], in: ["False", "True", "Unknown"], "\(path).status")
            if let number = condition["observedGeneration"]?.int, number < 0 {
                invalid("\(path).observedGeneration", .int(number), "must be greater than or equal to zero")
            }
            if !condition.has("lastTransitionTime") { required("\(path).lastTransitionTime", "must be set") }
            checkReason(condition["reason"]?.text ?? "", "\(path).reason")
            if (condition["message"]?.text?.count ?? 0) > Faults.longestMessage {
                tooLong("\(path).message", Faults.longestMessage)
            }
        }
    }

    private mutating func checkReason(_ reason: Text, _ path: String) {
        if reason.isEmpty { return required(path, "must be set") }
        if !Names.isReason(reason.string) {
            invalid(
                path, .string(reason),
                "a condition reason must start with alphabetic character, optionally followed by a string of "
                    + "alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. "
                    + "'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used "
                    + "for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')")
        }
        if reason.count > Faults.longestReason { tooLong(path, Faults.longestReason) }
    }
}
