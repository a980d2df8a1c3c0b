import API
import Document

extension Value {
    /// A status with counts as Go writes them: those that are 0 are left out.
    static func counts(_ pairs: KeyValuePairs<Text, Int>) -> Value {
        var value: Value = [:]
        for (key, count) in pairs where count != 0 { value[key] = .int(count) }
        return value
    }
}

/// The entries of `status.conditions`, changed as upstream's `Set…Condition` functions do: one that says the same is
/// left as it is, a changed one moves to the end, and its transition time changes with its status only.
struct Conditions {
    /// The times that an entry bears besides `lastTransitionTime`.
    enum Flavour {
        case plain
        /// `lastUpdateTime` (Deployment).
        case updated
        /// `lastProbeTime` (Job).
        case probed
        /// `observedGeneration`, and a message even where it is empty (apimachinery's own Condition).
        case observed(Int)
    }

    private(set) var entries: [Value]
    private let flavour: Flavour
    private let now: Value

    init(_ object: Value, _ flavour: Flavour = .plain, now: Time) {
        entries = object["status", "conditions"]?.array ?? []
        self.flavour = flavour
        self.now = .string(now.description)
    }

    subscript(type: String) -> Value? { entries.first { $0["type"]?.string == type } }

    func reason(_ type: String) -> String? { self[type]?["reason"]?.string }

    mutating func remove(_ type: String) { entries.removeAll { $0["type"]?.string == type } }

    /// Puts an entry where the one of its type stands.
    mutating func replace(_ entry: Value) {
        guard let index = entries.firstIndex(where: { $0["type"] == entry["type"] }) else {
            return entries.append(entry)
        }
        entries[index] = entry
    }

    /// - Parameter isForced: sets the entry even if status and reason are as before.
    mutating func set(_ condition: Condition, isForced: Bool = false) {
        let old = self[condition.type]
        let isSameStatus = old?["status"]?.string == condition.status
        if isSameStatus, old?["reason"]?.string == condition.reason, !isForced { return }
        var entry: Value = ["type": .string(condition.type), "status": .string(condition.status)]
        if !condition.reason.isEmpty { entry["reason"] = .string(condition.reason) }
        if !condition.message.isEmpty { entry["message"] = .string(condition.message) }
        entry["lastTransitionTime"] = isSameStatus ? old?["lastTransitionTime"] ?? now : now
        switch flavour {
        case .plain: break
        case .updated: entry["lastUpdateTime"] = now
        case .probed: entry["lastProbeTime"] = now
        case .observed(let generation):
            entry["message"] = .string(condition.message)
            entry["observedGeneration"] = .int(generation)
        }
        remove(condition.type)
        entries.append(entry)
    }

    /// What stands in `status.conditions`; nil where there is none.
    var value: Value? { entries.isEmpty ? nil : .array(entries) }
}
