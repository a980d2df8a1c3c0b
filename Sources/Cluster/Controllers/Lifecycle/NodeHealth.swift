import API
import Document

/// What becomes of a node by what it says of itself, and by its silence (`node_lifecycle_controller.go`).
struct NodeHealth {
    /// The node as it should be stored: its conditions and its taints.
    private(set) var conditions: [Value]
    private(set) var taints: [Value]
    /// Whether its Ready condition has just ceased to be true.
    private(set) var hasFailed = false
    private let node: Value
    private let now: Time

    /// - Parameter isSilent: whether nothing was heard of the node for longer than the grace period.
    init(_ node: Value, isSilent: Bool, now: Time) {
        self.node = node
        self.now = now
        conditions = node["status", "conditions"]?.array ?? []
        taints = node["spec", "taints"]?.array ?? []
        if isSilent { silence() }
        let wanted = self.wanted
        taints = taints.filter { taint in !Self.isOwn(taint) || wanted.contains { Self.isSame($0, taint) } }
        taints += wanted.filter { taint in !taints.contains { Self.isSame($0, taint) } }
    }

    private mutating func silence() {
        for type in ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] {
            let index = conditions.firstIndex { $0["type"]?.string == type }
            let old = index.map { conditions[$0] }
            guard old?["status"]?.string != "Unknown" else { continue }
            let stamp = Value.string(now.description)
            var entry: Value = [
                "type": .string(type), "status": "Unknown", "lastTransitionTime": stamp,
                "reason": old == nil ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
                "message": old == nil ? "Kubelet never posted node status." : "Kubelet stopped posting node status.",
            ]
            entry["lastHeartbeatTime"] = old?["lastHeartbeatTime"] ?? node["metadata", "creationTimestamp"]
            if type == "Ready", old?["status"]?.string == "True" { hasFailed = true }
            if let index { conditions[index] = entry } else { conditions.append(entry) }
        }
    }

    private func status(_ type: String) -> String? {
        conditions.first { $0["type"]?.string == type }?["status"]?.string
    }

    private static let prefix = "node.kubernetes.io/"
    private static let own: Set<String> = [
        "not-ready", "unreachable", "memory-pressure", "disk-pressure", "pid-pressure", "network-unavailable",
        "unschedulable",
    ]

    private static func isOwn(_ taint: Value) -> Bool {
        guard let key = taint["key"]?.string, key.hasPrefix(prefix) else { return false }
        return own.contains(String(key.dropFirst(prefix.count)))
    }

    private static func isSame(_ a: Value, _ b: Value) -> Bool { a["key"] == b["key"] && a["effect"] == b["effect"] }

    /// The taints that say what the conditions say ("Taint Nodes by Condition").
    private var wanted: [Value] {
        var names: [String] = []
        let ready = status("Ready")
        // A node that has never told how it is has no taint for that.
        if ready == "Unknown" { names.append("unreachable") } else if ready == "False" { names.append("not-ready") }
        let evicting = ready == "True" || ready == nil ? [] : names
        for (type, name) in [
            ("MemoryPressure", "memory-pressure"), ("DiskPressure", "disk-pressure"), ("PIDPressure", "pid-pressure"),
            ("NetworkUnavailable", "network-unavailable"),
        ] where status(type) == "True" { names.append(name) }
        if node["spec", "unschedulable"]?.bool == true { names.append("unschedulable") }
        return names.map { taint($0, "NoSchedule") } + evicting.map { taint($0, "NoExecute") }
    }

    private func taint(_ name: String, _ effect: String) -> Value {
        let key = Value.string(Self.prefix + name)
        let isTimed = effect == "NoExecute" || name == "unschedulable"
        let stamp: Value? = isTimed ? .string(now.description) : nil
        var taint: Value = ["key": key, "effect": .string(effect)]
        taint["timeAdded"] = stamp
        return taint
    }

    /// When a pod has to leave a node for its NoExecute taints; nil where it may stay.
    static func eviction(of pod: Value, from node: Value) -> Time? {
        let tolerations = (pod["spec", "tolerations"]?.array ?? []).map(Toleration.init)
        var due: Time?
        for entry in node["spec", "taints"]?.array ?? [] where entry["effect"]?.string == "NoExecute" {
            let taint = Taint(
                key: entry["key"]?.string ?? "", value: entry["value"]?.string ?? "", effect: "NoExecute")
            let since = entry["timeAdded"]?.string.flatMap { Time($0) } ?? Time(seconds: 0)
            let fitting = tolerations.filter { $0.tolerates(taint) }
            if fitting.contains(where: { $0.seconds == nil }) { continue }
            let seconds = fitting.compactMap(\.seconds).min() ?? 0
            let end = since + .seconds(max(seconds, 0))
            due = min(due ?? end, end)
        }
        return due
    }
}
