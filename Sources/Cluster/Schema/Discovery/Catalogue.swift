public import Document

/// What the cluster serves at one moment: every group, version and resource, built in or defined by a CRD.
///
/// A catalogue never changes; adding or removing a custom resource definition gives another one. Copies share their
/// parts, and the fields of a group's kinds are only read from their declarations when first asked for.
public struct Catalogue: Sendable {
    /// The groups in upstream's order of preference; the core group, whose name is empty, comes first.
    public let groups: [APIGroup]

    /// The CRDs that are served, by their names.
    let definitions: [String: CustomDefinition]
    private let resources: [ResourceKey: Resource]
    /// Kinds without a resource: what subresources take, and what is sent about objects.
    private let kinds: [ResourceKey: Kind]

    private struct ResourceKey: Hashable {
        let group: String
        let version: String
        /// The plural, or the kind.
        let name: String
    }

    /// What the cluster serves before any CRD is made.
    public static let builtIn = Catalogue(BuiltInGroups.make(), definitions: [:])

    private init(_ groups: [APIGroup], definitions: [String: CustomDefinition]) {
        self.groups = groups
        self.definitions = definitions
        var resources: [ResourceKey: Resource] = [:]
        for group in groups {
            for version in group.versions {
                for resource in version.resources {
                    let key = { ResourceKey(group: group.name, version: version.name, name: $0) }
                    resources[key(resource.plural)] = resource
                    if resources[key(resource.kind.name)] == nil { resources[key(resource.kind.name)] = resource }
                }
            }
        }
        self.resources = resources
        kinds = Dictionary(
            BuiltInGroups.kinds.map { (ResourceKey(group: $0.group, version: $0.version, name: $0.name), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The resource of that plural name, as in `/apis/GROUP/VERSION/PLURAL`.
    public func resource(group: String, version: String, plural: String) -> Resource? {
        let found = resources[ResourceKey(group: group, version: version, name: plural)]
        return found?.plural == plural ? found : nil
    }

    /// The resource whose objects are of that kind; nil for kinds that are only sent (`DeleteOptions`, `Scale` …).
    public func resource(group: String, version: String, kind: String) -> Resource? {
        let found = resources[ResourceKey(group: group, version: version, name: kind)]
        return found?.kind.name == kind ? found : nil
    }

    /// The kind itself, whether or not it has a resource of its own. `DeleteOptions` & co. are found in every group.
    public func kind(group: String, version: String, kind: String) -> Kind? {
        if let resource = resource(group: group, version: version, kind: kind) { return resource.kind }
        let declared = kinds[ResourceKey(group: group, version: version, name: kind)]
        // Upstream registers metav1's options in every group.
        return declared ?? kinds[ResourceKey(group: "meta.k8s.io", version: "v1", name: kind)]
    }

    /// The group of that name.
    public func group(_ name: String) -> APIGroup? { groups.first { $0.name == name } }

    /// The catalogue that also serves the resources of a CRD (in place of those of an earlier state of it).
    ///
    /// - Parameter definition: a stored CustomResourceDefinition whose names were accepted.
    public func adding(_ definition: Value) -> Catalogue {
        let custom = CustomDefinition(definition)
        var definitions = definitions
        definitions[custom.name] = custom
        return rebuilt(with: definitions)
    }

    /// The catalogue without the resources of the CRD of that name (`widgets.example.com`).
    public func removing(definition name: String) -> Catalogue {
        var definitions = definitions
        guard definitions.removeValue(forKey: name) != nil else { return self }
        return rebuilt(with: definitions)
    }

    private func rebuilt(with definitions: [String: CustomDefinition]) -> Catalogue {
        let builtIn = Catalogue.builtIn.groups
        return Catalogue(CustomDefinition.groups(definitions.values, beside: builtIn), definitions: definitions)
    }
}

/// A group as discovery shows it.
public struct APIGroup: Sendable {
    /// The name in `/apis/NAME`; empty for the core group.
    public let name: String
    /// The served versions, the preferred one first.
    public let versions: [APIVersion]
    /// What the group's APIServices say; groups of greater priority come first.
    public let priority: Int
}

/// A served version of a group.
public struct APIVersion: Sendable {
    /// `v1`, `v2beta1` …
    public let name: String
    /// What its APIService says; versions of greater priority come first.
    public let priority: Int
    /// The resources by plural name.
    public let resources: [Resource]
}
