import API
import Document

/// What upstream's registry does to objects of a resource before they are stored (its `strategy.go` files), as far as
/// it is not the same for all.
struct Strategy: Sendable {
    typealias Change = @Sendable (_ object: inout Value, _ now: Time) -> Void
    typealias Update = @Sendable (_ object: inout Value, _ old: Value, _ now: Time) -> Void

    /// What becomes of the status of a new object.
    enum NewStatus: Sendable {
        /// Emptied; the usual.
        case cleared
        /// Kept as the client sent it.
        case kept
    }

    /// What an update of `/status` may change beside the status.
    enum StatusMetadata: Sendable {
        /// Labels, annotations and all; the usual.
        case all
        /// Labels stay.
        case withoutLabels
        /// Nothing but managedFields (metav1.ResetObjectMetaForStatus).
        case none
    }

    var newStatus = NewStatus.cleared
    var statusMetadata = StatusMetadata.all
    /// Further fields that requests to the object itself cannot change, for managedFields.
    var resets: [Text] = []
    /// After the status was cleared.
    var create: Change = { _, _ in }
    /// After the status was put back; for the object itself, not its subresources.
    var update: Update = { _, _, _ in }
    /// For subresources other than status, by name: what they take over from the new object.
    var parts: [String: Update] = [:]

    /// The strategy of a resource.
    static func of(_ resource: Resource) -> Strategy {
        if resource.isCustom { return Strategy(statusMetadata: .none) }
        return all["\(resource.group)/\(resource.plural)"] ?? Strategy()
    }

    private static let all: [String: Strategy] = core.merging(others) { first, _ in first }
}

extension Strategy {
    func prepareForCreate(_ object: Value, of resource: Resource, now: Time) -> Value {
        var object = object
        for key: Text in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
            object["metadata", key] = nil
        }
        if newStatus == .cleared, resource.hasStatusPart { object["status"] = resource.emptyStatus }
        if resource.tracksGeneration { object["metadata", "generation"] = 1 }
        create(&object, now)
        return object
    }

    func prepareForUpdate(
        _ object: Value, old: Value, subresource: String?, of resource: Resource, now: Time
    ) -> Value {
        var object = object
        for key: Text in ["uid", "creationTimestamp", "generation"] { object["metadata", key] = old["metadata", key] }
        object["metadata", "selfLink"] = nil
        switch subresource {
        case nil:
            if resource.hasStatusPart { object["status"] = old["status"] }
            update(&object, old, now)
            countGeneration(&object, old, resource)
        case "status":
            object = withStatus(of: object, old: old, resource)
            parts["status"]?(&object, old, now)
        case let part?:
            parts[part]?(&object, old, now)
            countGeneration(&object, old, resource)
        }
        return object
    }

    /// The old object with the new status, and of the new metadata what `/status` may change.
    private func withStatus(of object: Value, old: Value, _ resource: Resource) -> Value {
        var result = old
        result["status"] = object["status"]
        var metadata = object["metadata"] ?? [:]
        switch statusMetadata {
        case .all: break
        case .withoutLabels: metadata["labels"] = old["metadata", "labels"]
        case .none:
            metadata = old["metadata"] ?? [:]
            metadata["managedFields"] = object["metadata", "managedFields"]
            metadata["resourceVersion"] = object["metadata", "resourceVersion"]
        }
        result["metadata"] = metadata
        return result
    }

    private func countGeneration(_ object: inout Value, _ old: Value, _ resource: Resource) {
        let counted = resource.declaration.generation
        guard !counted.isEmpty else { return }
        let changed = counted.contains { part in
            switch part {
            case "all": differs(object, old)
            case "annotations", "labels": object["metadata", part] != old["metadata", part]
            default: object[part] != old[part]
            }
        }
        let isEnding = object.isBeingDeleted && !old.isBeingDeleted
        if changed || isEnding { object["metadata", "generation"] = .int(old.generation + 1) }
    }

    /// Whether anything but metadata differs.
    private func differs(_ object: Value, _ old: Value) -> Bool {
        var (left, right) = (object, old)
        left["metadata"] = nil
        right["metadata"] = nil
        return left != right
    }
}

extension Resource {
    /// Whether the status can only be written through its subresource.
    var hasStatusPart: Bool { subresource("status") != nil }

    /// The status of an object that nobody has looked at; nil where none is written.
    var emptyStatus: Value? { kind.structure.field("status")?.absent }
}

extension Strategy {
    /// What a request cannot change and so does not own (the registries' GetResetFields).
    func ignoredFields(_ resource: Resource, _ subresource: String?) -> FieldSet {
        var set = FieldSet()
        switch subresource {
        case nil:
            if resource.hasStatusPart { set.insert([.field("status")]) }
            for field in resets { set.insert([.field(field)]) }
        case "status":
            set.insert([.field("spec")])
            switch statusMetadata {
            case .all: break
            case .withoutLabels: set.insert([.field("metadata"), .field("labels")])
            case .none: set.insert([.field("metadata")])
            }
        default: break
        }
        return set
    }
}
