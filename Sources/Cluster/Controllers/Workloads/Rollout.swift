import API
import Document

/// One look at a Deployment with its ReplicaSets: decides what to change, as a pure function of what is there.
///
/// The order and the sums are upstream's (`sync.go`, `rolling.go`, `recreate.go` of its deployment controller). What
/// is decided is done to the copies held here, so that later decisions and the status see it.
struct Rollout {
    /// One change of the cluster.
    enum Step: Equatable {
        /// Make this ReplicaSet.
        case create(Value)
        /// Store this ReplicaSet, which had that many replicas before.
        case update(Value, from: Int)
        /// Delete this ReplicaSet.
        case delete(Value)
    }

    let deployment: Value
    let now: Time
    /// The ReplicaSet of the current template.
    private(set) var new: Value?
    /// All others, oldest first.
    private(set) var old: [Value]
    private(set) var steps: [Step] = []
    var conditions: Conditions
    /// Whether the Deployment was scaled since its ReplicaSets were.
    let isScaling: Bool
    /// Whether pods of old ReplicaSets are still about; asked by Recreate.
    private let oldPodsRun: (_ new: Value?) -> Bool
    /// What the hash of the template is made of.
    let templateText: (Value) -> [UInt8]

    init(
        _ deployment: Value, sets: [Value], pods: [Value] = [], now: Time,
        templateText: @escaping (Value) -> [UInt8] = { JSON.write($0) }
    ) {
        self.deployment = deployment
        self.now = now
        self.templateText = templateText
        conditions = Conditions(deployment, .updated, now: now)
        let sorted = sets.sorted(by: Value.isOlder)
        new = sorted.first { $0.template.isSameTemplate(as: deployment.template) }
        let uid = new?.uid
        old = sorted.filter { $0.uid != uid }
        isScaling = sorted.contains { set in
            guard set.specReplicas > 0, let desired = Int(set.annotation(DeploymentAnnotation.desired) ?? "") else {
                return false
            }
            return desired != deployment.specReplicas
        }
        oldPodsRun = { new in
            pods.contains { !$0.isTerminal && $0.controller?.uid != (new?.uid ?? "") }
        }
    }

    var all: [Value] { old + (new.map { [$0] } ?? []) }
    var replicas: Int { deployment.specReplicas }
    var isPaused: Bool { deployment["spec", "paused"]?.bool ?? false }
    var isRolling: Bool { deployment["spec", "strategy", "type"]?.string ?? "RollingUpdate" == "RollingUpdate" }

    /// Decides everything; `steps`, `conditions` and the sets then say what it came to.
    mutating func decide() {
        if deployment.isBeingDeleted { return }
        notePause()
        if isPaused || isScaling {
            renew(creating: false)
            scale()
            if isPaused { cleanUp() }
        } else if isRolling {
            roll()
        } else {
            recreate()
        }
    }

    private mutating func notePause() {
        guard hasProgressDeadline, conditions.reason("Progressing") != "ProgressDeadlineExceeded" else { return }
        let isNoted = conditions.reason("Progressing") == "DeploymentPaused"
        if isPaused, !isNoted {
            conditions.set(
                Condition(
                    type: "Progressing", status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused")
            )
        } else if !isPaused, isNoted {
            conditions.set(
                Condition(
                    type: "Progressing", status: "Unknown", reason: "DeploymentResumed",
                    message: "Deployment is resumed"))
        }
    }

    // MARK: The two strategies

    private mutating func roll() {
        renew(creating: true)
        if growNew() { return }
        if shrinkOld() { return }
        if isComplete { cleanUp() }
    }

    private mutating func recreate() {
        renew(creating: false)
        var isShrunk = false
        for set in old where set.specReplicas > 0 {
            resize(set, to: 0)
            isShrunk = true
        }
        if isShrunk || oldPodsRun(new) { return }
        if new == nil { renew(creating: true) }
        if let new, new.specReplicas != replicas { resize(new, to: replicas) }
        if isComplete { cleanUp() }
    }

    /// Lets the new ReplicaSet grow as far as the surge allows.
    private mutating func growNew() -> Bool {
        guard let new, new.specReplicas != replicas else { return false }
        let target = new.specReplicas > replicas ? replicas : newSize(of: new)
        guard target != new.specReplicas else { return false }
        resize(new, to: target)
        return true
    }

    /// Takes away from the old ReplicaSets what need not be available: first what is not.
    private mutating func shrinkOld() -> Bool {
        guard old.contains(where: { $0.specReplicas > 0 }) else { return false }
        let total = all.reduce(0) { $0 + $1.specReplicas }
        let least = replicas - limits.unavailable
        let newUnavailable = (new?.specReplicas ?? 0) - (new?.availableReplicas ?? 0)
        var spare = total - least - newUnavailable
        guard spare > 0 else { return false }
        var isShrunk = false
        for set in old where spare > 0 && set.specReplicas > set.availableReplicas {
            let count = min(spare, set.specReplicas - set.availableReplicas)
            resize(set, to: set.specReplicas - count)
            spare -= count
            isShrunk = true
        }
        var surplus = all.reduce(0) { $0 + $1.availableReplicas } - least
        for set in old where surplus > 0 && set.specReplicas > 0 {
            let count = min(surplus, set.specReplicas)
            resize(set, to: set.specReplicas - count)
            surplus -= count
            isShrunk = true
        }
        return isShrunk
    }

    // MARK: What is done to the copies

    /// Sets the size of a ReplicaSet, and the annotations that proportional scaling goes by.
    mutating func resize(_ set: Value, to count: Int) {
        var changed = set
        changed["spec", "replicas"] = .int(count)
        noteSize(&changed)
        guard changed != set else { return }
        replace(changed)
        // A set that is made in this look is made with its final size.
        if set.uid.isEmpty { return }
        push(.update(changed, from: set.specReplicas))
    }

    /// Two changes of one ReplicaSet are one write.
    private mutating func push(_ step: Step) {
        if case .update(let set, _) = step {
            for case (let index, .update(let earlier, let from)) in steps.enumerated() where earlier.uid == set.uid {
                steps[index] = .update(set, from: from)
                return
            }
        }
        steps.append(step)
    }

    func noteSize(_ set: inout Value) {
        set["metadata", "annotations", DeploymentAnnotation.desired] = .string(String(replicas))
        set["metadata", "annotations", DeploymentAnnotation.most] = .string(String(replicas + surge))
    }

    mutating func replace(_ set: Value) {
        if new?.uid == set.uid { new = set }
        if let index = old.firstIndex(where: { $0.uid == set.uid }) { old[index] = set }
    }

    mutating func adopt(new set: Value, by step: Step?) {
        new = set
        if let step { push(step) }
    }

    /// Removes old ReplicaSets beyond `revisionHistoryLimit` that are out of use.
    private mutating func cleanUp() {
        guard let limit = deployment["spec", "revisionHistoryLimit"]?.int, limit < Int(Int32.max) else { return }
        let alive = old.filter { !$0.isBeingDeleted }
        guard alive.count > limit else { return }
        for set in alive.sorted(by: { $0.revision < $1.revision }).prefix(alive.count - limit) {
            let isUsed = set.statusReplicas != 0 || set.specReplicas != 0
            let isObserved = set["status", "observedGeneration"]?.int ?? 0 >= set.generation
            if !isUsed, isObserved { steps.append(.delete(set)) }
        }
    }
}
