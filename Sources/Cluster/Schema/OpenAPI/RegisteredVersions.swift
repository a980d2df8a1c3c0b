/// The versions of groups that upstream registers `DeleteOptions` and `WatchEvent` in: more than it serves.
enum RegisteredVersions {
    typealias Entry = (group: String, version: String)

    /// Those that are known and not served.
    private static let unserved: [String: [String]] = [
        "admission.k8s.io": ["v1", "v1beta1"], "admissionregistration.k8s.io": ["v1alpha1", "v1beta1"],
        "apiextensions.k8s.io": ["v1beta1"], "apiregistration.k8s.io": ["v1beta1"], "apps": ["v1beta1", "v1beta2"],
        "authentication.k8s.io": ["v1alpha1", "v1beta1"], "authorization.k8s.io": ["v1beta1"], "batch": ["v1beta1"],
        "certificates.k8s.io": ["v1alpha1", "v1beta1"], "coordination.k8s.io": ["v1alpha2", "v1beta1"],
        "discovery.k8s.io": ["v1beta1"], "events.k8s.io": ["v1beta1"], "extensions": ["v1beta1"],
        "flowcontrol.apiserver.k8s.io": ["v1beta1", "v1beta2", "v1beta3"], "imagepolicy.k8s.io": ["v1alpha1"],
        "internal.apiserver.k8s.io": ["v1alpha1"], "networking.k8s.io": ["v1beta1"],
        "node.k8s.io": ["v1alpha1", "v1beta1"], "policy": ["v1beta1"],
        "rbac.authorization.k8s.io": ["v1alpha1", "v1beta1"], "resource.k8s.io": ["v1alpha3", "v1beta1", "v1beta2"],
        "scheduling.k8s.io": ["v1alpha2", "v1beta1"], "storage.k8s.io": ["v1alpha1", "v1beta1"],
        "storagemigration.k8s.io": ["v1beta1"],
    ]
    /// What only some of upstream's servers know, and not the one of custom resources.
    private static let elsewhere: Set<String> = [
        "admission.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "imagepolicy.k8s.io",
    ]

    /// All of them, sorted.
    static let everywhere: [Entry] = {
        let served = DeclarationLibrary.shared.groups.filter { $0.group != "meta.k8s.io" }
            .map { ($0.group, $0.version) }
        let others = unserved.flatMap { group, versions in versions.map { (group, $0) } }
        return (served + others).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { (group: $0.0, version: $0.1) }
    }()

    /// Those that the document of an `/openapi/v3` path tells of: for a built-in group the core's and its own.
    static func told(in words: [String], of catalogue: Catalogue) -> [Entry] {
        guard words.first == "apis", words.count == 3 else { return [("", "v1")] }
        let resources = catalogue.group(words[1])?.versions.first { $0.name == words[2] }?.resources ?? []
        if resources.allSatisfy(\.isCustom) { return everywhere.filter { !elsewhere.contains($0.group) } }
        return [("", "v1"), (words[1], words[2])]
    }
}
