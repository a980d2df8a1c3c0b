/// An API group and one of its versions, such as `apps/v1`; the core group is the empty text, as in `v1`.
public struct GroupVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var group: String
    public var version: String

    public init(group: String, version: String) {
        self.group = group
        self.version = version
    }

    /// Reads an `apiVersion`: `v1`, or `GROUP/VERSION`; nil with more than one slash.
    public init?(_ apiVersion: String) {
        let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: self.init(group: "", version: apiVersion)
        case 2: self.init(group: String(parts[0]), version: String(parts[1]))
        default: return nil
        }
    }

    /// The form that `apiVersion` has in objects.
    public var description: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// Where the group version is served: `/api/v1` or `/apis/GROUP/VERSION`.
    public var path: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }

    public static func < (left: GroupVersion, right: GroupVersion) -> Bool {
        (left.group, left.version) < (right.group, right.version)
    }
}

/// A kind in one version of its group.
public struct GroupVersionKind: Sendable, Hashable, CustomStringConvertible {
    public var groupVersion: GroupVersion
    public var kind: String

    public init(group: String, version: String, kind: String) {
        groupVersion = GroupVersion(group: group, version: version)
        self.kind = kind
    }

    public init(_ groupVersion: GroupVersion, _ kind: String) {
        self.groupVersion = groupVersion
        self.kind = kind
    }

    public var group: String { groupVersion.group }
    public var version: String { groupVersion.version }

    /// apimachinery's `GroupVersionKind.String()`.
    public var description: String { "\(groupVersion), Kind=\(kind)" }
}

/// A resource in one version of its group: what a path names, in lower case and plural.
public struct GroupVersionResource: Sendable, Hashable, CustomStringConvertible {
    public var groupVersion: GroupVersion
    public var resource: String

    public init(group: String, version: String, resource: String) {
        groupVersion = GroupVersion(group: group, version: version)
        self.resource = resource
    }

    public var group: String { groupVersion.group }
    public var version: String { groupVersion.version }

    /// `RESOURCE.GROUP`, or the resource alone in the core group: the form that messages name it by.
    public var qualified: String { group.isEmpty ? resource : "\(resource).\(group)" }

    public var description: String { "\(groupVersion), Resource=\(resource)" }

    /// The path of the collection, or of the object where a name is given.
    ///
    /// - Parameters:
    ///   - namespace: nil for cluster-scoped resources and for lists over all namespaces.
    ///   - subresource: such as `status`.
    public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = groupVersion.path
        if let namespace { path += "/namespaces/\(namespace)" }
        path += "/\(resource)"
        if let name { path += "/\(name)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }
}
