public import API
public import Document

/// A collection of objects under a path of the API, in one served version of it.
public final class Resource: Sendable {
    /// The kind of the objects.
    public let kind: Kind
    /// `pods`: the name in paths.
    public let plural: String
    /// `pod`
    public let singular: String
    /// `po`
    public let shortNames: [String]
    /// `all`
    public let categories: [String]
    /// Whether objects live in a namespace.
    public let isNamespaced: Bool
    /// What may be done with it, sorted; a resource that can only be created (SubjectAccessReview) is not stored.
    public let verbs: [String]
    /// `status`, `scale`, `log` …, sorted by name.
    public let subresources: [Subresource]
    /// The version in which objects are stored; the same resource in another version is converted from that one.
    public let storageVersion: String
    /// The name of the CRD that defines it; nil for a built-in resource.
    public let definition: String?
    /// Field selectors, columns and flags.
    let declaration: ResourceDeclaration

    init(
        kind: Kind, plural: String, singular: String, shortNames: [String], categories: [String], isNamespaced: Bool,
        verbs: [String], subresources: [Subresource], storageVersion: String, definition: String?,
        declaration: ResourceDeclaration
    ) {
        self.kind = kind
        self.plural = plural
        self.singular = singular
        self.shortNames = shortNames
        self.categories = categories
        self.isNamespaced = isNamespaced
        self.verbs = verbs
        self.subresources = subresources
        self.storageVersion = storageVersion
        self.definition = definition
        self.declaration = declaration
    }

    /// The group, empty for core.
    public var group: String { kind.group }
    /// The version under which it is served.
    public var version: String { kind.version }
    /// `apps/v1`, or `v1` for the core group.
    public var apiVersion: String { kind.apiVersion }
    /// `deployments.apps`, or `pods` for the core group: how error messages and RBAC name it.
    public var qualifiedName: String { group.isEmpty ? plural : "\(plural).\(group)" }
    /// `PodList`
    public var listKind: String { declaration.listKind ?? "\(kind.name)List" }
    /// What upstream hashes (SHA-256, first 8 bytes, base64) for `storageVersionHash`; nil where it shows none.
    public var storageVersionHashInput: String? {
        guard verbs.contains("create"), verbs.contains("get") else { return nil }
        return "\(group)/\(storageVersion)/\(kind.name)"
    }
    /// Whether `metadata.generation` counts changes of the spec.
    public var tracksGeneration: Bool { declaration.generation != nil }
    /// Whether the resource comes from a CRD.
    public var isCustom: Bool { definition != nil }

    /// The subresource of that name.
    public func subresource(_ name: String) -> Subresource? { subresources.first { $0.name == name } }
}

/// A part of an object with a path of its own: `/status`, `/scale`, `/log` …
public struct Subresource: Sendable {
    /// The last part of the path; `proxy` also takes what follows.
    public let name: String
    /// The kind that it takes and gives, for `Catalogue.kind`.
    public let group: String
    public let version: String
    public let kind: String
    /// Whether discovery names group and version (they are not the resource's own).
    public let isForeign: Bool
    /// Sorted.
    public let verbs: [String]
}

// MARK: - The life of an object

extension Resource {
    /// The object as it is stored when created: status and other fields that clients may not set are taken away,
    /// generation starts, what depends on several fields (QoS class, selectors of Jobs) is made.
    ///
    /// - Parameter object: decoded and defaulted, with its uid set.
    public func preparedForCreate(_ object: Value) -> Value { preconditionFailure("not supported yet") }

    /// The object as it replaces `old`: what the request may not change comes from the old object (the status; on
    /// `/status` everything else), and generation goes up when the spec changes.
    public func preparedForUpdate(_ object: Value, old: Value, subresource: String? = nil) -> Value {
        preconditionFailure("not supported yet")
    }

    /// Everything that is wrong with a new object, in upstream's order and words.
    public func validateCreate(_ object: Value) -> [FieldError] { preconditionFailure("not supported yet") }

    /// Everything that is wrong with the object or with the change from `old` to it.
    public func validateUpdate(_ object: Value, old: Value, subresource: String? = nil) -> [FieldError] {
        preconditionFailure("not supported yet")
    }

    /// The warnings that upstream sends with a created or updated object (deprecated fields and the like).
    public func warnings(_ object: Value, old: Value?) -> [String] { preconditionFailure("not supported yet") }
}

// MARK: - Selectors

extension Resource {
    /// The field selectors that may be used, `metadata.name` and `metadata.namespace` among them.
    public var selectableFields: [String] { preconditionFailure("not supported yet") }

    /// What a field selector compares: the text of that field, empty where it is not set; nil where the field may
    /// not be used (upstream: `field label not supported: NAME`).
    public func selectableValue(_ field: String, of object: Value) -> Text? { preconditionFailure("not supported yet") }
}

// MARK: - Tables

extension Resource {
    /// The columns of a Table, in order.
    public var columns: [TableColumn] { preconditionFailure("not supported yet") }

    /// The cells of an object's row, one for each column.
    ///
    /// - Parameter now: what ages are counted from.
    public func cells(_ object: Value, now: Time) -> [Value] { preconditionFailure("not supported yet") }

    /// The row's `conditions`: `Completed` for pods that ran to their end; empty for most.
    public func rowConditions(_ object: Value) -> [Value] { preconditionFailure("not supported yet") }
}

/// A column definition of a Table.
public struct TableColumn: Sendable, Hashable {
    public let name: String
    public let type: String
    public let format: String
    public let description: String
    /// 0 is always shown, more only with `-o wide`.
    public let priority: Int

    /// The object in a Table's `columnDefinitions`.
    public var value: Value {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .int(priority),
        ]
    }
}
