import API
import Document

/// What upstream's validation demands of the objects of a resource beyond their metadata.
struct Rules: Sendable {
    typealias Create = @Sendable (_ object: Value, _ faults: inout Faults) -> Void
    typealias Update = @Sendable (_ object: Value, _ old: Value, _ faults: inout Faults) -> Void

    /// Resources that are only sent (reviews) need no name.
    var checksMetadata = true
    /// Of the object itself, when it is new or changed.
    var create: Create = { _, _ in }
    /// Whether upstream asks for `create` twice of what changes: its registry does, and the rules of the change do too.
    var asksTwice = false
    /// Of the object itself, when it is new.
    var new: Create = { _, _ in }
    /// Of the change.
    var update: Update = { _, _, _ in }
    /// Of the change that a subresource other than status makes, by name; where none is named, `update` is asked.
    var parts: [String: Update] = [:]
    /// Of the change of a status.
    var status: Update = { _, _, _ in }

    private static let all: [String: Rules] = {
        var all: [String: Rules] = [:]
        let families = [
            core, workloads, policies, others, NetworkRules.all, StorageRules.all, FlowControlRules.all,
            AdmissionPolicyRules.all,
        ]
        for family in families { all.merge(family) { first, _ in first } }
        return all
    }()

    static func of(_ resource: Resource) -> Rules {
        if resource.isCustom { return Rules() }
        if !resource.verbs.contains("get") { return Rules(checksMetadata: false) }
        return all["\(resource.group)/\(resource.plural)"] ?? Rules()
    }
}
