import API
import Document

/// One look at a DaemonSet: which nodes it belongs on, which pods are missing, too many or old
/// (`daemon_controller.go`, `update.go`).
struct DaemonSetPlan {
    /// The names of the nodes that get a pod.
    private(set) var missing: [String] = []
    private(set) var surplus: [Value] = []
    /// Pods that failed, which are removed so that others take their place.
    private(set) var failed: [Value] = []
    private(set) var nextLook: Duration?
    private let owner: Value
    private let hash: String
    private let now: Time
    private let wanted: [String]
    private let byNode: [String: [Value]]

    init(_ owner: Value, pods: [Value], nodes: [Value], hash: String, now: Time) {
        self.owner = owner
        self.hash = hash
        self.now = now
        let rule = DaemonPod.Placement(owner)
        let verdicts = nodes.map { (name: $0.name, verdict: rule.verdict($0)) }
        wanted = verdicts.filter(\.verdict.runs).map(\.name).sorted()
        let tolerated = Set(verdicts.filter(\.verdict.stays).map(\.name))
        byNode = Dictionary(grouping: pods.filter { !DaemonPod.node(of: $0).isEmpty }) { DaemonPod.node(of: $0) }
        let delay = owner["spec", "minReadySeconds"]?.int ?? 0
        nextLook = pods.compactMap { $0.availability(minReadySeconds: delay, now: now) }.min()
        for node in wanted { place(byNode[node] ?? [], on: node) }
        for (node, pods) in byNode where !tolerated.contains(node) { surplus += pods.filter { !$0.isBeingDeleted } }
        roll()
    }

    private mutating func place(_ pods: [Value], on node: String) {
        let standing = pods.filter { !$0.isTerminal }
        failed += pods.filter { $0.isTerminal && !$0.isBeingDeleted }
        if pods.isEmpty { missing.append(node) }
        let alive = standing.filter { !$0.isBeingDeleted }
        // Of several the oldest that is ready stays.
        let sorted = alive.sorted { a, b in
            a.isReady != b.isReady ? a.isReady : Value.isOlder(a, b)
        }
        surplus += sorted.dropFirst()
    }

    /// Removes pods of older templates, as many at once as may be unavailable; those that are so already go first.
    private mutating func roll() {
        guard owner["spec", "updateStrategy", "type"]?.string != "OnDelete" else { return }
        let limit = IntOrString(owner["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"])?.scaled(
            of: wanted.count, roundUp: true)
        var room = max(limit ?? 1, 1)
        var old: [Value] = []
        for node in wanted {
            guard let pod = (byNode[node] ?? []).first(where: { $0.isActive && !isSurplus($0) }) else {
                room -= 1
                continue
            }
            let isAvailable = isAvailable(pod)
            if pod.revisionHash == hash {
                if !isAvailable { room -= 1 }
            } else if isAvailable {
                old.append(pod)
            } else {
                surplus.append(pod)
                room -= 1
            }
        }
        surplus += old.prefix(max(room, 0))
    }

    private func isSurplus(_ pod: Value) -> Bool { surplus.contains { $0.uid == pod.uid } }

    private func isAvailable(_ pod: Value) -> Bool {
        pod.isAvailable(minReadySeconds: owner["spec", "minReadySeconds"]?.int ?? 0, now: now)
    }

    /// The status to write.
    func status(over old: Value?) -> Value {
        let pods = wanted.compactMap { node in byNode[node]?.filter(\.isActive).min(by: Value.isOlder) }
        let available = pods.count(where: isAvailable)
        var status = Value.counts([
            "observedGeneration": owner.generation, "updatedNumberScheduled": pods.count { $0.revisionHash == hash },
            "numberAvailable": available, "numberUnavailable": wanted.count - available,
        ])
        status["currentNumberScheduled"] = .int(pods.count)
        status["desiredNumberScheduled"] = .int(wanted.count)
        status["numberReady"] = .int(pods.count(where: \.isReady))
        let misplaced = byNode.filter { !wanted.contains($0.key) && $0.value.contains { !$0.isTerminal } }
        status["numberMisscheduled"] = .int(misplaced.count)
        status["collisionCount"] = old?["collisionCount"]
        status["conditions"] = old?["conditions"]
        return status
    }
}

/// The pods of a DaemonSet: each meant for one node, and tolerating what happens to nodes.
enum DaemonPod {
    /// Whether a node gets a pod, and whether one that is there may stay.
    struct Placement {
        private let demand: NodeDemand
        private let tolerations: [Toleration]
        private let nodeName: String

        init(_ owner: Value) {
            let spec = owner["spec", "template", "spec"] ?? [:]
            demand = NodeDemand(spec)
            let all = (spec["tolerations"]?.array ?? []) + DaemonPod.tolerations(for: spec)
            tolerations = all.map(Toleration.init)
            nodeName = spec["nodeName"]?.string ?? ""
        }

        func verdict(_ node: Value) -> (runs: Bool, stays: Bool) {
            guard nodeName.isEmpty || nodeName == node.name, demand.matches(node) else { return (false, false) }
            let harmful = Taint.all(of: node).filter { taint in !tolerations.contains { $0.tolerates(taint) } }
            let isEvicting = harmful.contains { $0.effect == "NoExecute" }
            let isClosed = harmful.contains { $0.effect == "NoSchedule" } || isEvicting
            return (!isClosed, !isEvicting)
        }
    }

    /// The node that a pod is on, or is meant for while the scheduler has not placed it.
    static func node(of pod: Value) -> String {
        if !pod.nodeName.isEmpty { return pod.nodeName }
        let required = pod["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]
        for term in required?["nodeSelectorTerms"]?.array ?? [] {
            for field in term["matchFields"]?.array ?? [] where field["key"]?.string == "metadata.name" {
                return field["values"]?.array?.first?.string ?? ""
            }
        }
        return ""
    }

    /// "Taints and tolerations for DaemonSets".
    static func tolerations(for spec: Value) -> [Value] {
        var pairs = [
            ("not-ready", "NoExecute"), ("unreachable", "NoExecute"), ("disk-pressure", "NoSchedule"),
            ("memory-pressure", "NoSchedule"), ("pid-pressure", "NoSchedule"), ("unschedulable", "NoSchedule"),
        ]
        if spec["hostNetwork"]?.bool == true { pairs.append(("network-unavailable", "NoSchedule")) }
        return pairs.map { name, effect in
            ["key": .string("node.kubernetes.io/\(name)"), "operator": "Exists", "effect": .string(effect)]
        }
    }

    static func pod(on node: String, of owner: Value, hash: String) -> Value {
        var pod = PodTemplate.pod(from: owner.template, owner: owner)
        pod["metadata", "labels", "controller-revision-hash"] = .string(hash)
        pod["metadata", "labels", "pod-template-generation"] = .string(
            owner.annotation("deprecated.daemonset.template.generation") ?? String(owner.generation))
        let spec = owner["spec", "template", "spec"] ?? [:]
        let own = spec["tolerations"]?.array ?? []
        pod["spec", "tolerations"] = .array(own + tolerations(for: spec).filter { !own.contains($0) })
        let path: [Text] = [
            "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms",
        ]
        // The node is demanded by its name; the template's own terms were asked already.
        let field: Value = ["key": "metadata.name", "operator": "In", "values": [.string(node)]]
        pod[path: path] = [["matchFields": [field]]]
        return pod
    }
}
