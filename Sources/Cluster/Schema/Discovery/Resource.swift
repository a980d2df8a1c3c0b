import API
import Document

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
    /// The kind in the version of a CRD in which objects are stored, where that is another one.
    let storageKind: Kind?
    /// Whether a CRD was changed since it was made, so that what is stored may not fit it.
    let mayBeStale: Bool
    /// The name of the CRD that defines it; nil for a built-in resource.
    public let definition: String?
    /// Field selectors, columns and flags.
    let declaration: ResourceDeclaration

    init(
        kind: Kind, plural: String, singular: String, shortNames: [String], categories: [String], isNamespaced: Bool,
        verbs: [String], subresources: [Subresource], storageVersion: String, storageKind: Kind? = nil,
        mayBeStale: Bool = false, definition: String?, declaration: ResourceDeclaration
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
        self.storageKind = storageKind
        self.mayBeStale = mayBeStale
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
    public var tracksGeneration: Bool { !declaration.generation.isEmpty }
    /// Whether deleting an object answers with it, and not with a Status.
    public var returnsDeleted: Bool { declaration.returnsDeleted }
    /// What clients that use this version of a custom resource are warned of.
    public var deprecation: String? { declaration.deprecation }
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
