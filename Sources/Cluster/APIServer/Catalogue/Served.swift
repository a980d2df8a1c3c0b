import API
import Document
import Schema
import Store

/// A resource with what the server works out once for it: where it is stored and how its answers begin.
final class ServedResource: Sendable {
    let resource: Resource
    let gvr: GroupVersionResource
    let gvk: GroupVersionKind
    /// `deployments.apps/`: below it stand the keys of all its objects, whatever version they were written in.
    let prefix: String
    /// `{"kind":"Pod","apiVersion":"v1",`
    let objectHead: [UInt8]
    /// What an item of a list begins with: built-in kinds leave kind and apiVersion to the list.
    let itemHead: [UInt8]
    /// `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"`
    let listHead: [UInt8]
    /// Whether objects are sent in the version in which they are stored, so that their bytes can be sent as they are.
    let isStorageVersion: Bool
    /// Whether what is stored is what is sent, but for head and revision.
    let sendsAsStored: Bool
    /// Whether the metadata that is stored is what is sent, but for the revision.
    let keepsMetadata: Bool
    /// The rules of the schema of a CRD's version; nil where it has none.
    let rules: RuleTree?
    /// What was asked of it.
    let counts = RequestCounts()

    init(_ resource: Resource) {
        self.resource = resource
        gvr = GroupVersionResource(group: resource.group, version: resource.version, resource: resource.plural)
        gvk = GroupVersionKind(group: resource.group, version: resource.version, kind: resource.kind.name)
        prefix = ServedResource.prefix(resource)
        objectHead = Array("{\"kind\":\"\(resource.kind.name)\",\"apiVersion\":\"\(resource.apiVersion)\",".utf8)
        itemHead = resource.definition == nil ? [UInt8(ascii: "{")] : objectHead
        listHead = Array(
            "{\"kind\":\"\(resource.listKind)\",\"apiVersion\":\"\(resource.apiVersion)\",\"metadata\":{".utf8)
        rules = resource.kind.schema.flatMap { RuleTree($0, isRoot: true) }
        isStorageVersion = resource.version == resource.storageVersion && resource.group != "events.k8s.io"
        sendsAsStored = isStorageVersion && !resource.changesWhenRead
        // A DaemonSet's carries what stands elsewhere in the object that is sent.
        keepsMetadata = sendsAsStored && resource.qualifiedName != "daemonsets.apps"
    }

    /// Whether that is a part of its objects, or empty.
    func has(_ subresource: String) -> Bool {
        subresource.isEmpty || resource.subresource(subresource) != nil
    }

    /// Events are one collection under two groups; they are stored as core events.
    private static func prefix(_ resource: Resource) -> String {
        resource.group == "events.k8s.io" ? "\(resource.plural)/" : "\(resource.qualifiedName)/"
    }

    /// Where the objects of that namespace stand; of all namespaces where it is empty.
    func folder(namespace: String) -> Key {
        Key(resource.isNamespaced && !namespace.isEmpty ? "\(prefix)\(namespace)/" : prefix)
    }

    func key(namespace: String, name: String) -> Key {
        Key(resource.isNamespaced ? "\(prefix)\(namespace)/\(name)" : "\(prefix)\(name)")
    }
}

/// All that is served at one moment. It never changes; a CRD that comes or goes makes another.
final class Served: Sendable {
    let catalogue: Catalogue
    private let resources: [GroupVersionResource: ServedResource]

    init(_ catalogue: Catalogue, reusing old: Served? = nil) {
        self.catalogue = catalogue
        var resources: [GroupVersionResource: ServedResource] = [:]
        for group in catalogue.groups {
            for version in group.versions {
                for resource in version.resources {
                    let gvr = GroupVersionResource(
                        group: group.name, version: version.name, resource: resource.plural)
                    let known = old?.resources[gvr]
                    resources[gvr] = known?.resource === resource ? known : ServedResource(resource)
                }
            }
        }
        self.resources = resources
    }

    subscript(gvr: GroupVersionResource) -> ServedResource? { resources[gvr] }

    subscript(group: String, version: String, resource: String) -> ServedResource? {
        resources[GroupVersionResource(group: group, version: version, resource: resource)]
    }

    var all: some Collection<ServedResource> { resources.values }
}
