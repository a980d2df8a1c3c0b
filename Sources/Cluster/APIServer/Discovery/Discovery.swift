import API
import Document
import PKI
import Schema

/// What the server tells about what it serves: the older form, one document a group and version.
struct LegacyDiscovery: Sendable {
    let catalogue: Catalogue

    func versions(advertised: String) -> Value {
        [
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [
                ["clientCIDR": "0.0.0.0/0", "serverAddress": .string(advertised)]
            ],
        ]
    }

    func groups() -> Value {
        [
            "kind": "APIGroupList", "apiVersion": "v1",
            "groups": .array(catalogue.groups.filter { !$0.name.isEmpty }.map(group)),
        ]
    }

    func group(named name: String) -> Value? {
        guard let found = catalogue.groups.first(where: { $0.name == name && !name.isEmpty }) else { return nil }
        var value = group(found)
        value["kind"] = "APIGroup"
        value["apiVersion"] = "v1"
        return value
    }

    private func group(_ group: APIGroup) -> Value {
        let versions: [Value] = group.versions.map { version in
            ["groupVersion": .string("\(group.name)/\(version.name)"), "version": .string(version.name)]
        }
        return [
            "name": .string(group.name), "versions": .array(versions), "preferredVersion": versions.first ?? .null,
        ]
    }

    /// The resources of a group's version; nil where there is none.
    func resources(group: String, version: String) -> Value? {
        guard
            let found = catalogue.groups.first(where: { $0.name == group })?.versions
                .first(where: { $0.name == version })
        else { return nil }
        var value: Value = [
            "kind": "APIResourceList", "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"),
            "resources": .array(found.resources.flatMap(entries)),
        ]
        // The core group's list is older than the rule that lists name their version.
        if !group.isEmpty { value["apiVersion"] = "v1" }
        return value
    }

    private func entries(_ resource: Resource) -> [Value] {
        var entry: Value = [
            "name": .string(resource.plural), "singularName": .string(resource.singular),
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind.name),
            "verbs": .strings(resource.verbs),
        ]
        if !resource.shortNames.isEmpty { entry["shortNames"] = .strings(resource.shortNames) }
        if !resource.categories.isEmpty { entry["categories"] = .strings(resource.categories) }
        if let input = LegacyDiscovery.olderStorage[resource.qualifiedName] ?? resource.storageVersionHashInput {
            let digest = Digest.sha256(Array(input.utf8)).prefix(8)
            entry["storageVersionHash"] = .string(Text(bytes: Base64.encode(digest)))
        }
        return [entry] + resource.subresources.map { part(resource, $0) }
    }

    /// The kinds that upstream still stores in an older version or group, which the hash tells.
    private static let olderStorage = [
        "mutatingadmissionpolicies.admissionregistration.k8s.io":
            "admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicy",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io":
            "admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicyBinding",
        "customresourcedefinitions.apiextensions.k8s.io": "apiextensions.k8s.io/v1beta1/CustomResourceDefinition",
        "events.events.k8s.io": "/v1/Event",
    ]

    private func part(_ resource: Resource, _ part: Subresource) -> Value {
        var entry: Value = [
            "name": .string("\(resource.plural)/\(part.name)"), "singularName": "",
            "namespaced": .bool(resource.isNamespaced), "kind": .string(part.kind), "verbs": .strings(part.verbs),
        ]
        if part.group != resource.group || part.version != resource.version {
            if !part.group.isEmpty { entry["group"] = .string(part.group) }
            entry["version"] = .string(part.version)
        }
        return entry
    }
}

/// The newer form: everything in one document (apidiscovery.k8s.io/v2).
struct AggregatedDiscovery: Sendable {
    let catalogue: Catalogue

    /// - Parameter isCore: whether `/api` is meant, which has the core group alone, or `/apis`.
    func document(isCore: Bool) -> Value {
        let groups = catalogue.groups.filter { $0.name.isEmpty == isCore }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
            "items": .array(groups.map(group)),
        ]
    }

    private func group(_ group: APIGroup) -> Value {
        [
            "metadata": group.name.isEmpty ? [:] : ["name": .string(group.name)],
            "versions": .array(
                group.versions.map { version in
                    [
                        "version": .string(version.name), "freshness": "Current",
                        "resources": .array(version.resources.map(resource)),
                    ]
                }),
        ]
    }

    private func resource(_ resource: Resource) -> Value {
        var entry: Value = [
            "resource": .string(resource.plural), "singularResource": .string(resource.singular),
            "scope": resource.isNamespaced ? "Namespaced" : "Cluster", "verbs": .strings(resource.verbs),
            "responseKind": kind(resource.group, resource.version, resource.kind.name, in: resource),
        ]
        if !resource.shortNames.isEmpty { entry["shortNames"] = .strings(resource.shortNames) }
        if !resource.categories.isEmpty { entry["categories"] = .strings(resource.categories) }
        if !resource.subresources.isEmpty {
            entry["subresources"] = .array(
                resource.subresources.map { part in
                    [
                        "subresource": .string(part.name), "verbs": .strings(part.verbs),
                        "responseKind": kind(part.group, part.version, part.kind, in: resource),
                    ]
                })
        }
        return entry
    }

    /// A kind of the group and version around it names neither, unless it comes from a CRD.
    private func kind(_ group: String, _ version: String, _ name: String, in resource: Resource) -> Value {
        let isSame = group == resource.group && version == resource.version && resource.definition == nil
        return [
            "group": isSame ? "" : .string(group), "version": isSame ? "" : .string(version), "kind": .string(name),
        ]
    }
}

extension Value {
    static func strings(_ list: [String]) -> Value { .array(list.map(Value.string)) }
}
