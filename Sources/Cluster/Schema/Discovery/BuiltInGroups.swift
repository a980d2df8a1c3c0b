/// The groups that the declarations tell of.
enum BuiltInGroups {
    /// In order of preference, resources bound to their kinds.
    static func make() -> [APIGroup] {
        let library = DeclarationLibrary.shared
        let served = library.groups.filter { $0.group != "meta.k8s.io" }
        var groups: [APIGroup] = []
        for name in Set(served.map(\.group)) {
            let versions = served.filter { $0.group == name }.map { declaration in
                (
                    declaration,
                    APIVersion(
                        name: declaration.version, priority: declaration.versionPriority,
                        resources: declaration.resources.map { resource($0, in: declaration, library) })
                )
            }
            groups.append(
                APIGroup(
                    name: name, versions: versions.map(\.1).sorted { $0.priority > $1.priority },
                    priority: versions.first?.0.groupPriority ?? 0))
        }
        return groups.sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }
    }

    /// The kinds of the declarations that are no resource's: each is read when asked for.
    static let kinds: [Kind] = {
        var kinds: [Kind] = []
        for declaration in DeclarationLibrary.shared.groups {
            for name in extras[declaration.file + "/" + declaration.version] ?? [] {
                kinds.append(Kind(name, of: declaration))
            }
        }
        return kinds
    }()

    private static let extras: [String: [String]] = [
        "meta/v1": [
            "DeleteOptions", "CreateOptions", "UpdateOptions", "PatchOptions", "GetOptions", "ListOptions", "Status",
            "APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "WatchEvent", "PartialObjectMetadata",
            "PartialObjectMetadataList",
        ],
        "core/v1": [
            "NodeProxyOptions", "PodAttachOptions", "PodExecOptions", "PodPortForwardOptions", "PodProxyOptions",
            "ServiceProxyOptions", "List",
        ],
        "autoscaling/v1": ["Scale"], "policy/v1": ["Eviction"], "authentication/v1": ["TokenRequest"],
    ]

    private static func resource(
        _ declared: ResourceDeclaration, in group: GroupDeclaration, _ library: DeclarationLibrary
    ) -> Resource {
        // The newest version of a group stores, unless the declaration names another.
        let newest = library.groups.filter { $0.group == group.group }.max { $0.versionPriority < $1.versionPriority }
        return Resource(
            kind: Kind(declared.kind, of: group), plural: declared.plural, singular: declared.singular,
            shortNames: declared.shortNames, categories: declared.categories, isNamespaced: declared.isNamespaced,
            verbs: declared.verbs,
            subresources: declared.parts.map { part in
                let words = part.apiVersion?.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
                return Subresource(
                    name: part.name, group: words?.first ?? group.group, version: words?.last ?? group.version,
                    kind: part.kind, isForeign: part.apiVersion != nil, verbs: part.verbs)
            }, storageVersion: declared.storageVersion ?? newest?.version ?? group.version, definition: nil,
            declaration: declared)
    }
}
