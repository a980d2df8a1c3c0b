import API
import Document

/// What an upgrade or rollback does to the cluster: pure, from the old manifest, the new one and what lives.
struct UpdatePlan: Sendable {
    /// A new object, or a change of one that lives.
    struct Step: Sendable {
        var target: ManifestObject
        /// As the manifest before had it; nil where it had none.
        var original: ManifestObject?
        /// Nil where it has to be created.
        var live: Value?
    }

    /// In the order of the new manifest.
    var steps: [Step]
    /// Objects of the old manifest that the new one has not, in the old one's order.
    var obsolete: [ManifestObject]

    /// - Parameters:
    ///   - original: the objects of the manifest before, and those that are adopted.
    ///   - live: what lives under each target's name.
    init(original: [ManifestObject], target: [ManifestObject], live: [Value?]) {
        let before = Dictionary(original.map { ($0.key, $0) }) { first, _ in first }
        steps = zip(target, live).map { Step(target: $0, original: before[$0.key], live: $1) }
        // resource.Info equality in Helm's ResourceList leaves the version out: an object that moved from one version of
        // its API group to another is still the same.
        let wanted = Set(target.map(Self.identity))
        var seen: Set<String> = []
        obsolete = original.filter { !wanted.contains(Self.identity($0)) && seen.insert($0.key).inserted }
    }

    private static func identity(_ object: ManifestObject) -> String {
        "\(object.kind.group)/\(object.kind.kind)/\(object.namespace ?? "")/\(object.name)"
    }

    /// The objects that the plan makes, which `--cleanup-on-fail` deletes again.
    var created: [ManifestObject] { steps.filter { $0.live == nil }.map(\.target) }
}
