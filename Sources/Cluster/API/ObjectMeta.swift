public import Document

/// A reference from an object to the one that owns it (metav1.OwnerReference).
public struct OwnerReference: Sendable, Hashable {
    public var apiVersion: String
    public var kind: String
    public var name: String
    public var uid: String
    public var controller: Bool
    public var blockOwnerDeletion: Bool

    public init(
        apiVersion: String, kind: String, name: String, uid: String, controller: Bool = false,
        blockOwnerDeletion: Bool = false
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.controller = controller
        self.blockOwnerDeletion = blockOwnerDeletion
    }

    /// The reference of an object that is held in memory, as its controller.
    public init(controller object: Value) {
        self.init(
            apiVersion: object.apiVersion, kind: object.kind, name: object.name, uid: object.uid, controller: true,
            blockOwnerDeletion: true)
    }

    init(_ value: Value) {
        self.init(
            apiVersion: value["apiVersion"]?.string ?? "", kind: value["kind"]?.string ?? "",
            name: value["name"]?.string ?? "", uid: value["uid"]?.string ?? "",
            controller: value["controller"]?.bool ?? false,
            blockOwnerDeletion: value["blockOwnerDeletion"]?.bool ?? false)
    }

    /// The form that stands in `metadata.ownerReferences`.
    public var value: Value {
        var value: Value = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if controller { value["controller"] = true }
        if blockOwnerDeletion { value["blockOwnerDeletion"] = true }
        return value
    }
}

/// What every object of Kubernetes has (TypeMeta and ObjectMeta), read straight from the tree.
extension Value {
    public var apiVersion: String {
        get { self["apiVersion"]?.string ?? "" }
        set { self["apiVersion"] = .string(newValue) }
    }
    public var kind: String {
        get { self["kind"]?.string ?? "" }
        set { self["kind"] = .string(newValue) }
    }
    public var name: String {
        get { self["metadata", "name"]?.string ?? "" }
        set { self["metadata", "name"] = .string(newValue) }
    }
    /// Empty for objects outside namespaces.
    public var namespace: String {
        get { self["metadata", "namespace"]?.string ?? "" }
        set { self["metadata", "namespace"] = newValue.isEmpty ? nil : .string(newValue) }
    }
    public var uid: String { self["metadata", "uid"]?.string ?? "" }
    public var resourceVersion: String { self["metadata", "resourceVersion"]?.string ?? "" }
    public var generation: Int { self["metadata", "generation"]?.int ?? 0 }
    public var creationTimestamp: Time? { self["metadata", "creationTimestamp"]?.string.flatMap(Time.init) }
    public var deletionTimestamp: Time? { self["metadata", "deletionTimestamp"]?.string.flatMap(Time.init) }
    public var isBeingDeleted: Bool { self["metadata", "deletionTimestamp"]?.string != nil }
    public var finalizers: [String] { self["metadata", "finalizers"]?.array?.compactMap(\.string) ?? [] }
    public var labels: Object { self["metadata", "labels"]?.object ?? [:] }
    public var annotations: Object { self["metadata", "annotations"]?.object ?? [:] }

    /// The value of that label.
    public func label(_ key: Text) -> String? { labels[key]?.string }
    /// The value of that annotation.
    public func annotation(_ key: Text) -> String? { annotations[key]?.string }

    public var ownerReferences: [OwnerReference] {
        self["metadata", "ownerReferences"]?.array?.map { OwnerReference($0) } ?? []
    }

    /// The owner that controls the object, if one does.
    public var controller: OwnerReference? { ownerReferences.first(where: \.controller) }

    /// `NAMESPACE/NAME`, or the name alone outside namespaces: the key of client-go's caches.
    public var key: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    /// The kind with its group and version; nil where `apiVersion` is not one.
    public var groupVersionKind: GroupVersionKind? {
        GroupVersion(apiVersion).map { GroupVersionKind($0, kind) }
    }
}
