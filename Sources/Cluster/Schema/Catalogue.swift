public import Document

/// What the cluster serves at one moment: every group, version and resource, built in or defined by a CRD.
///
/// A catalogue never changes; adding or removing a custom resource definition gives another one. Copies share their
/// parts, and the fields of a group's kinds are only read from their declarations when first asked for.
public struct Catalogue: Sendable {
    /// The groups in upstream's order of preference; the core group, whose name is empty, comes first.
    public var groups: [APIGroup] { preconditionFailure("not supported yet") }

    /// What the cluster serves before any CRD is made.
    public static var builtIn: Catalogue { preconditionFailure("not supported yet") }

    /// The resource of that plural name, as in `/apis/GROUP/VERSION/PLURAL`.
    public func resource(group: String, version: String, plural: String) -> Resource? {
        preconditionFailure("not supported yet")
    }

    /// The resource whose objects are of that kind; nil for kinds that are only sent (`DeleteOptions`, `Scale` …).
    public func resource(group: String, version: String, kind: String) -> Resource? {
        preconditionFailure("not supported yet")
    }

    /// The kind itself, whether or not it has a resource of its own. `DeleteOptions` & co. are found in every group.
    public func kind(group: String, version: String, kind: String) -> Kind? {
        preconditionFailure("not supported yet")
    }

    /// The catalogue that also serves the resources of a CRD (in place of those of an earlier state of it).
    ///
    /// - Parameter definition: a stored CustomResourceDefinition whose names were accepted.
    public func adding(_ definition: Value) -> Catalogue { preconditionFailure("not supported yet") }

    /// The catalogue without the resources of the CRD of that name (`widgets.example.com`).
    public func removing(definition name: String) -> Catalogue { preconditionFailure("not supported yet") }

    /// The status that upstream's naming and establishing controllers give a CRD: accepted names, the conditions
    /// NamesAccepted and Established, stored versions. Returns the whole object with its new status.
    ///
    /// - Parameter now: the time of the conditions that change, in RFC 3339 with seconds.
    public func withStatus(_ definition: Value, now: String) -> Value { preconditionFailure("not supported yet") }
}

/// A group as discovery shows it.
public struct APIGroup: Sendable {
    /// The name in `/apis/NAME`; empty for the core group.
    public let name: String
    /// The served versions, the preferred one first.
    public let versions: [APIVersion]
}

/// A served version of a group.
public struct APIVersion: Sendable {
    /// `v1`, `v2beta1` …
    public let name: String
    /// The resources by plural name.
    public let resources: [Resource]
}
