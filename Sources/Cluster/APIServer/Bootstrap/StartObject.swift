import API
import Document
import Schema
import Store

/// An object that a cluster has from its first moment, with the marks that upstream's components leave on it.
struct StartObject: Sendable {
    /// What a further component writes after the object was made.
    struct Layer: Sendable {
        let manager: String
        var isApply = false
        var subresource: String?
        /// Merged into the object.
        let change: Value

        /// The object with the change, and whom its fields belong to then.
        func laid(on object: Value, _ resource: Resource, now: Time) -> Value {
            let owner = FieldOwner(manager: manager, subresource: subresource, now: now)
            guard isApply else {
                return resource.trackingUpdate(object.mergePatched(with: change), from: object, by: owner)
            }
            var configuration = change
            configuration["apiVersion"] = object["apiVersion"]
            configuration["kind"] = object["kind"]
            configuration["metadata", "name"] = object["metadata", "name"]
            return (try? resource.applied(configuration, to: object, by: owner, force: true)) ?? object
        }
    }

    let resource: GroupVersionResource
    let object: Value
    let manager: String
    var layers: [Layer] = []
    /// A status that nobody owns.
    var status: Value?
    /// Whether what upstream adds to it in a new release is also added to the one that stands (RBAC's reconciliation).
    var isReconciled = false

    init(
        _ resource: GroupVersionResource, _ object: Value, manager: String = "kube-apiserver", layers: [Layer] = [],
        status: Value? = nil, isReconciled: Bool = false
    ) {
        self.resource = resource
        self.object = object
        self.manager = manager
        self.layers = layers
        self.status = status
        self.isReconciled = isReconciled
    }

    /// The object as it is stored when it is made now.
    func made(_ resource: Resource, now: Time) -> Value {
        var made = resource.kind.defaulted(object)
        made = resource.trackingUpdate(made, from: nil, by: FieldOwner(manager: manager, now: now))
        made["metadata", "uid"] = .string(Naming.uid())
        made["metadata", "creationTimestamp"] = .string(now.description)
        made = resource.preparedForCreate(made, now: now)
        for layer in layers { made = layer.laid(on: made, resource, now: now) }
        if let status { made["status"] = status }
        return made
    }
}

extension Bootstrap {
    /// Makes those of the objects that are missing, all at once: they reach the disk with one sync.
    func ensure(_ objects: [StartObject]) async throws {
        var changes: [Change] = []
        for start in objects {
            guard let resource = api.served[start.resource] else { continue }
            let key = resource.key(namespace: start.object.namespace, name: start.object.name)
            if let record = api.store.record(key) {
                guard start.isReconciled, let standing = try? resource.tree(record),
                    let missing = RoleReconciliation.completed(standing, with: start.object)
                else { continue }
                let owner = FieldOwner(manager: start.manager, now: api.now)
                let tracked = resource.resource.trackingUpdate(missing, from: standing, by: owner)
                changes.append(Change(key, .update(StoredForm.bytes(of: tracked), expecting: record.revision)))
            } else {
                let made = start.made(resource.resource, now: api.now)
                changes.append(Change(key, .create(StoredForm.bytes(of: made))))
            }
        }
        try await api.store.commit(changes)
    }
}

/// What a default role or binding that stands lacks of what it should have (rbac's reconciliation package): what users
/// added stays, and an annotation keeps the whole object out of it.
enum RoleReconciliation {
    private static let mark: Text = "rbac.authorization.kubernetes.io/autoupdate"

    /// The object with what it lacks; nil where that is nothing.
    static func completed(_ standing: Value, with wanted: Value) -> Value? {
        guard standing.annotation(mark) != "false" else { return nil }
        var completed = standing
        for part: Text in ["labels", "annotations"] {
            for member in wanted["metadata", part]?.object ?? [:] where standing["metadata", part, member.key] == nil {
                completed["metadata", part, member.key] = member.value
            }
        }
        // The rules of an aggregated role come from others.
        if wanted["aggregationRule"] == nil { add("rules", of: wanted, to: &completed) }
        add("subjects", of: wanted, to: &completed)
        return completed == standing ? nil : completed
    }

    private static func add(_ list: Text, of wanted: Value, to standing: inout Value) {
        let known = standing[list]?.array ?? []
        let missing = (wanted[list]?.array ?? []).filter { !known.contains($0) }
        if !missing.isEmpty { standing[list] = .array(known + missing) }
    }
}
