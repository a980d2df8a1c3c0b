public import API
public import Document

/// Who makes a change, for `metadata.managedFields`.
public struct FieldOwner: Sendable, Hashable {
    /// The name: `fieldManager`, or the user agent up to its first `/`.
    public let manager: String
    /// Under which subresource the change is made; nil for the object itself.
    public let subresource: String?
    /// When.
    public let now: Time

    public init(manager: String, subresource: String? = nil, now: Time) {
        self.manager = manager
        self.subresource = subresource
        self.now = now
    }
}

/// Why a server-side apply failed.
public enum ApplyFailure: Error, Sendable, Hashable {
    /// 409: others own fields that would change.
    case conflicts([ApplyConflict])
    /// 500 in upstream: `failed to create typed patch object (…): .nope: field not declared in schema`.
    case typed(String)
    /// 400: the configuration holds what may not be applied (managedFields …), or cannot be read.
    case badRequest(String)

    /// Upstream's text.
    public var message: String {
        switch self {
        case .typed(let text), .badRequest(let text): return text
        case .conflicts(let conflicts):
            let count = conflicts.count == 1 ? "1 conflict" : "\(conflicts.count) conflicts"
            return "Apply failed with \(count): \(ApplyConflict.text(of: conflicts))"
        }
    }
}

/// A field that another manager owns with another value.
public struct ApplyConflict: Sendable, Hashable {
    /// `"m1"`, or `"patcher" using apps/v1` for an Update manager.
    public let manager: String
    /// `.spec.template.spec.containers[name="a"].image`
    public let field: String

    /// The cause's text: `conflict with "patcher" using apps/v1`; its reason is `FieldManagerConflict`.
    public var message: String { "conflict with \(manager)" }

    static func text(of conflicts: [ApplyConflict]) -> String {
        if conflicts.count == 1 { return "\(conflicts[0].message): \(conflicts[0].field)" }
        var fields: [String: [String]] = [:]
        for conflict in conflicts { fields[conflict.manager, default: []].append(conflict.field) }
        return fields.sorted { $0.key < $1.key }.map { manager, fields in
            "conflicts with \(manager):" + fields.map { "\n- \($0)" }.joined()
        }.joined(separator: "\n")
    }
}

extension Resource {
    /// The live object with an applied configuration merged in, its managedFields brought up to date.
    ///
    /// The result is decoded and defaulted: admission, preparation and validation come next.
    ///
    /// - Parameters:
    ///   - configuration: the parsed body, apiVersion and kind included, before defaulting.
    ///   - live: the stored object in this version; nil when the apply creates it.
    ///   - force: takes fields from other managers instead of failing with a conflict.
    /// - Returns: the merged object. It equals `live`, timestamps included, when nothing changed.
    public func applied(
        _ configuration: Value, to live: Value?, by owner: FieldOwner, force: Bool
    ) throws(ApplyFailure) -> Value {
        try FieldManagement(self, owner).apply(configuration, to: live, force: force)
    }

    /// Whether the managers of an object tell who set its replicas. Where nobody did, a Scale of a custom resource does not
    /// tell either (upstream's ScaleHandler has no managers then, and nothing is noted).
    public func isScaleManaged(_ object: Value) -> Bool {
        guard let paths = declaration.scale, let last = paths.specReplicas.last else { return true }
        return ManagedFields(object).entries.values.contains { entry in
            paths.specReplicas.dropLast().reduce(entry.set) { $0.below(.field($1)) }.has(.field(last))
        }
    }

    /// The object of a create, update or patch with its managedFields: what changed against `live` belongs to the
    /// owner now. Never fails; a request that empties managedFields switches them off.
    ///
    /// Call it as upstream does: after defaulting, before admission and preparation, whose changes nobody owns.
    ///
    /// - Parameters:
    ///   - object: decoded and defaulted, managedFields as the request (or the patch) left them.
    ///   - live: the stored object; nil for a create.
    public func trackingUpdate(_ object: Value, from live: Value?, by owner: FieldOwner) -> Value {
        FieldManagement(self, owner).update(object, from: live)
    }
}

extension Kind {
    /// An object of a kind that is sent but never stored, with its managedFields.
    public func trackingCreation(_ object: Value, by owner: FieldOwner) -> Value {
        FieldManagement(self, owner).update(object, from: nil)
    }
}
