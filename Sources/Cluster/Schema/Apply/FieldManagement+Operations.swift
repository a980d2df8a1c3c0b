import API
import Document

/// One change of an object, seen from the managers of its fields (apimachinery/pkg/util/managedfields).
struct FieldManagement {
    private let kind: Kind
    let owner: FieldOwner
    let shape: MergeShape
    /// What the request cannot change, and its owner therefore does not own (the strategies' reset fields).
    private let ignored: FieldSet
    /// Where a custom resource has the replicas of its Scale, which leaves none out.
    private let replicas: [Text]?

    init(_ resource: Resource, _ owner: FieldOwner) {
        kind = resource.kind
        self.owner = owner
        shape = MergeShape(resource.kind)
        ignored = Strategy.of(resource).ignoredFields(resource, owner.subresource)
        replicas = resource.isCustom && owner.subresource == "scale" ? resource.declaration.scale?.specReplicas : nil
    }

    /// For a kind that is sent but never stored.
    init(_ kind: Kind, _ owner: FieldOwner) {
        self.kind = kind
        self.owner = owner
        shape = MergeShape(kind)
        ignored = FieldSet()
        replicas = nil
    }

    /// Fields of every object that no manager ever owns.
    private static let unowned: FieldSet = {
        var set = FieldSet()
        for name: Text in ["apiVersion", "kind", "metadata"] { set.insert([.field(name)]) }
        for name: Text in [
            "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields",
            "resourceVersion",
        ] { set.insert([.field("metadata"), .field(name)]) }
        return set
    }()

    private func identity(isApply: Bool) -> ManagedFields.Identity {
        ManagedFields.Identity(
            manager: owner.manager.isEmpty ? "unknown" : owner.manager, isApply: isApply,
            apiVersion: isApply ? "" : kind.apiVersion, subresource: owner.subresource ?? "")
    }

    /// What a new object is compared with: an empty Go struct, whose inner structs are there.
    private var unmade: Value {
        var object = kind.custom == nil ? kind.structure.empty : [:]
        object["apiVersion"] = .string(kind.apiVersion)
        object["kind"] = .string(kind.name)
        return object
    }

    private func withoutManagedFields(_ object: Value) -> Value {
        var object = object
        object["metadata", "managedFields"] = nil
        return object
    }

    // MARK: Updates

    func update(_ object: Value, from live: Value?) -> Value {
        var result = withoutManagedFields(object)
        let managed = owner.subresource == nil ? requested(object, live) : ManagedFields(live)
        // An object whose managers were removed stays without until it is applied.
        guard let fields = managed, !fields.entries.isEmpty || live == nil || (live?.uid ?? "").isEmpty else {
            return result
        }
        // Of what does not fit its schema, nobody can tell the fields.
        let isTyped = kind.custom == nil || TypedValidation(result, shape, takesRepeated: true).errors.isEmpty
        guard isTyped else { return result }
        let old = live.map(withoutManagedFields) ?? unmade
        let updated = tracking(fields, from: old, to: result, identity(isApply: false))
        result["metadata", "managedFields"] = updated.value
        return live.map { keepingTimes(result, of: $0) } ?? result
    }

    /// The managers that a request asks for: its own list, the live one where it has none, and none for `[{}]`.
    private func requested(_ object: Value, _ live: Value?) -> ManagedFields? {
        let list = object["metadata", "managedFields"]?.array
        if let list, list.count == 1, list[0].object?.isEmpty == true { return nil }
        guard let own = ManagedFields(sent: object), !own.entries.isEmpty else { return ManagedFields(live) }
        return own
    }

    private func tracking(
        _ fields: ManagedFields, from old: Value, to new: Value, _ identity: ManagedFields.Identity
    ) -> ManagedFields {
        var managed = fields
        let comparison = Comparison(old, new, shape).ignoring(ignored)
        let changed = comparison.modified.union(comparison.added)
        for (other, entry) in managed.entries {
            let rest = entry.set.subtracting(changed).subtracting(comparison.removed)
            managed.entries[other] =
                rest.isEmpty
                ? nil
                : ManagedFields.Entry(
                    apiVersion: entry.apiVersion, time: entry.time, set: rest)
        }
        let taken = changed.subtracting(FieldManagement.unowned)
        let isLeftOut = replicas.map { new[path: $0] == 0 } ?? false
        if !taken.isEmpty, !isLeftOut {
            let rest = managed.entries[identity]?.set ?? FieldSet()
            managed.entries[identity] = ManagedFields.Entry(
                apiVersion: kind.apiVersion, time: time(of: managed.entries[identity]), set: rest.union(taken))
        }
        managed.capUpdaters()
        return managed
    }

    /// When a manager's entry was made: now. A Scale's entries keep the times that they have in the whole object, and
    /// a new one therefore has none (ScaleHandler.ToParent).
    private func time(of entry: ManagedFields.Entry?) -> Text? {
        owner.subresource == "scale" ? entry?.time : Text(owner.now.description)
    }

    /// A change of nothing but times is none (IgnoreManagedFieldsTimestampsTransformer).
    private func keepingTimes(_ object: Value, of live: Value) -> Value {
        guard withoutManagedFields(object) == withoutManagedFields(live) else { return object }
        func timeless(_ value: Value) -> [Value] {
            (value["metadata", "managedFields"]?.array ?? []).map { entry in
                var entry = entry
                entry["time"] = nil
                return entry
            }.sorted { JSON.text($0) < JSON.text($1) }
        }
        guard timeless(object) == timeless(live) else { return object }
        var object = object
        object["metadata", "managedFields"] = live["metadata", "managedFields"]
        return object
    }

    // MARK: Apply

    func apply(_ configuration: Value, to live: Value?, force: Bool) throws(ApplyFailure) -> Value {
        try check(configuration)
        var base = live.map(withoutManagedFields) ?? unmade
        var managed = ManagedFields(live)
        if managed.entries.isEmpty, let live, !live.uid.isEmpty {
            base = withoutManagedFields(live)
            let before = ManagedFields.Identity(
                manager: "before-first-apply", isApply: false, apiVersion: kind.apiVersion,
                subresource: owner.subresource ?? "")
            managed = tracking(ManagedFields(), from: unmade, to: base, before)
        }
        let applier = identity(isApply: true)
        let last = managed.entries[applier]?.set
        let set = FieldSet(of: configuration, shape).subtractingTrees(ignored)
        var merged = TypedMerge.merge(base, configuration, shape)
        managed.entries[applier] = ManagedFields.Entry(apiVersion: kind.apiVersion, time: nil, set: set)
        if let last, !last.isEmpty { merged = prune(merged, managed, last) }
        let changed = try takeOver(&managed, from: base, to: merged, applier, force: force)
        strip(&managed, applier)
        renewLastApplied(&merged, configuration)
        // Who takes part in what is there already has the time of his last change, and none where he made none.
        managed.entries[applier]?.time =
            changed ? Text(owner.now.description) : ManagedFields(live).entries[applier]?.time
        return try finish(changed ? merged : base, managed, live)
    }

    private func check(_ configuration: Value) throws(ApplyFailure) {
        let version = configuration["apiVersion"]?.string ?? ""
        guard version == kind.apiVersion else {
            throw .badRequest(
                "Incorrect version specified in apply patch. Specified patch version: \(version), "
                    + "expected: \(kind.apiVersion)")
        }
        if configuration["metadata", "managedFields"].map({ !$0.isNull }) ?? false {
            throw .badRequest("metadata.managedFields must be nil")
        }
        if let text = TypedValidation(configuration, shape).text {
            let object = "\(configuration.namespace)/\(configuration.name); \(kind.groupVersionKind)"
            throw .typed("failed to create typed patch object (\(object)): \(text)")
        }
    }

    /// Removes what the applier had and left out now, where nobody else owns it.
    private func prune(_ merged: Value, _ managed: ManagedFields, _ last: FieldSet) -> Value {
        let named = { (set: FieldSet) in set.withNamedFields(of: shape) }
        let lastNamed = named(last)
        let all = named(FieldSet(of: merged, shape))
        var pruned = TypedMerge.remove(lastNamed, from: merged, shape)
        let owned = managed.entries.values.reduce(FieldSet()) { $0.union($1.set) }
        let kept = named(FieldSet(of: pruned, shape)).union(named(owned))
        pruned = TypedMerge.remove(all.subtracting(kept), from: merged, shape)
        let gone = all.subtracting(named(FieldSet(of: pruned, shape)))
        return TypedMerge.remove(gone.intersection(lastNamed), from: merged, shape)
    }

    /// Takes the changed fields from their owners, or fails with them. Tells whether anything changed.
    private func takeOver(
        _ managed: inout ManagedFields, from old: Value, to new: Value, _ applier: ManagedFields.Identity, force: Bool
    ) throws(ApplyFailure) -> Bool {
        let comparison = Comparison(old, new, shape).ignoring(ignored)
        let changed = comparison.modified.union(comparison.added)
        var conflicts: [ApplyConflict] = []
        let free = force ? nil : lastApplied(to: old)
        let others = managed.entries.filter { $0.key != applier }
        for (other, entry) in others.sorted(by: { $0.key.shown < $1.key.shown }) {
            let disputed = entry.set.intersection(changed)
            conflicts += (free.map(disputed.subtracting) ?? disputed).paths.map { path in
                ApplyConflict(manager: other.shown, field: path.map(\.shown).joined())
            }
            let rest = entry.set.subtracting(disputed).subtracting(comparison.removed)
            managed.entries[other] =
                rest.isEmpty
                ? nil
                : ManagedFields.Entry(
                    apiVersion: entry.apiVersion, time: entry.time, set: rest)
        }
        if !force, !conflicts.isEmpty { throw .conflicts(conflicts) }
        return !changed.isEmpty || !comparison.removed.isEmpty || old != new
    }

    private func strip(_ managed: inout ManagedFields, _ applier: ManagedFields.Identity) {
        guard let entry = managed.entries[applier] else { return }
        let rest = entry.set.subtracting(FieldManagement.unowned)
        managed.entries[applier]?.set = rest
        if rest.isEmpty { managed.entries[applier] = nil }
    }

    private func finish(
        _ merged: Value, _ managed: ManagedFields, _ live: Value?
    ) throws(ApplyFailure) -> Value {
        var object: Value
        do {
            object = kind.defaulted(try kind.decode(merged).object, keepsNulls: true)
        } catch {
            throw .badRequest(error.message)
        }
        object["metadata", "managedFields"] = managed.value
        return live.map { keepingTimes(object, of: $0) } ?? object
    }
}
