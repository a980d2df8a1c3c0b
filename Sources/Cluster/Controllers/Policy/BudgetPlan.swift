import API
import Document

/// What the status of a PodDisruptionBudget says, from its pods (`trySync` of the disruption controller).
struct BudgetPlan {
    /// How long an eviction may take that the API server has noted, before it counts as not happening.
    private static let evictionTimeout = Duration.seconds(120)

    /// How many pods there should be; the number of those that are there, unless the budget speaks of shares.
    var expected: Int
    /// After how long an eviction that is noted counts no more.
    let nextLook: Duration?
    private let budget: Value
    private let healthy: Int
    private let evicted: Value?
    private let now: Time

    /// - Parameter pods: those that the budget selects.
    init(_ budget: Value, pods: [Value], now: Time) {
        self.budget = budget
        self.now = now
        expected = pods.count
        var left: Value = [:]
        var next: Duration?
        for entry in budget["status", "disruptedPods"]?.object ?? [:] {
            guard let since = entry.value.string.flatMap({ Time($0) }),
                pods.contains(where: { $0.name == entry.key.string && !$0.isBeingDeleted })
            else { continue }
            let rest = since + Self.evictionTimeout - now
            guard rest > .zero else { continue }
            left[entry.key] = entry.value
            next = min(next ?? rest, rest)
        }
        evicted = left == [:] ? nil : left
        nextLook = next
        healthy = pods.count { !$0.isBeingDeleted && left[Text($0.name)] == nil && $0.isReady }
    }

    /// An empty selector chooses all pods of the namespace, none at all chooses nothing.
    static func selector(of budget: Value) -> LabelSelector? {
        budget["spec", "selector"].flatMap { LabelSelector(object: $0) }
    }

    private var least: IntOrString? { IntOrString(budget["spec", "minAvailable"]) }
    private var most: IntOrString? { IntOrString(budget["spec", "maxUnavailable"]) }

    /// Whether the number of pods that are wanted is needed: for any `maxUnavailable`, and for shares.
    var needsScale: Bool {
        if most != nil { return true }
        if case .string? = least { return true }
        return false
    }

    private var desired: Int {
        if let most { return max(0, expected - (most.scaled(of: expected, roundUp: true) ?? 0)) }
        return least?.scaled(of: expected, roundUp: true) ?? 0
    }

    var status: Value {
        let allowed = expected > 0 ? max(0, healthy - desired) : 0
        return status(
            allowed,
            Condition("DisruptionAllowed", allowed > 0, reason: allowed > 0 ? "SufficientPods" : "InsufficientPods"),
            counts: ["currentHealthy": .int(healthy), "desiredHealthy": .int(desired), "expectedPods": .int(expected)])
    }

    /// Nothing may be evicted while nobody knows how many pods there should be.
    func failed(_ message: String) -> Value {
        status(0, Condition("DisruptionAllowed", false, reason: "SyncFailed", message: message), counts: [:])
    }

    private func status(_ allowed: Int, _ condition: Condition, counts: Value) -> Value {
        var status = budget["status"] ?? [:]
        for member in counts.object ?? [:] { status[member.key] = member.value }
        status["disruptionsAllowed"] = .int(allowed)
        status["disruptedPods"] = evicted
        status["observedGeneration"] = .int(budget.generation)
        var conditions = Conditions(budget, .observed(budget.generation), now: now)
        conditions.set(condition, isForced: true)
        status["conditions"] = conditions.value
        return status
    }
}
