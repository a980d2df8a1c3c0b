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
    /// Of the change.
    var update: Update = { _, _, _ in }
    /// Of an object whose status is written.
    var status: Create = { _, _ in }

    private static let all: [String: Rules] = {
        var all: [String: Rules] = [:]
        for family in [core, workloads, policies] { all.merge(family) { first, _ in first } }
        return all
    }()

    static func of(_ resource: Resource) -> Rules {
        if resource.isCustom { return Rules() }
        if !resource.verbs.contains("get") { return Rules(checksMetadata: false) }
        return all["\(resource.group)/\(resource.plural)"] ?? Rules()
    }
}

/// The warnings about what is valid but not wise (pkg/api/pod/warnings.go and others).
enum Warnings {
    static func of(_ object: Value, _ kind: Kind, isNew: Bool) -> [String] {
        guard kind.group == "" || kind.group == "apps" || kind.group == "batch" else { return [] }
        switch kind.name {
        case "ComponentStatus": return ["v1 ComponentStatus is deprecated in v1.19+"]
        case "Endpoints" where isNew:
            return ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"]
        default: return []
        }
    }
}
