import API
import Client
import Document

/// The past pod templates of a StatefulSet or DaemonSet, each in a ControllerRevision (upstream's `history` package).
struct Revisions: Sendable {
    let desk: Desk
    /// Under which label a revision's hash stands.
    let hashLabel: Text

    /// The revisions of an owner, oldest first.
    func all(of owner: Value) -> [Value] {
        desk.informers[.controllerRevisions].objects(by: .controller, owner.uid).sorted { a, b in
            (a.number, a.name) < (b.number, b.name)
        }
    }

    /// The revision of the owner's current template: found, brought to the front or made.
    func current(of owner: Value, among known: [Value], key: String) async throws -> Value {
        let data: Value = ["spec": ["template": Self.snapshot(owner.template)]]
        let next = (known.last?.number ?? 0) + 1
        guard let same = known.last(where: { $0["data"] == data }) else {
            return try await make(data, next, owner, key)
        }
        if same.uid == known.last?.uid { return same }
        var changed = same
        changed["revision"] = .int(next)
        return try await desk.writes.update(.controllerRevisions, changed, for: key)
    }

    private func make(_ data: Value, _ number: Int, _ owner: Value, _ key: String) async throws -> Value {
        let collisions = owner["status", "collisionCount"]?.int
        // DaemonSets take the template's hash, StatefulSets that of the revision's data.
        let hash =
            owner.kind == "DaemonSet"
            ? PodTemplate.hash(desk.options.templateText(owner.template), collisions: collisions)
            : PodTemplate.hash(ofRevision: data, collisions: collisions ?? 0)
        var labels = owner["spec", "template", "metadata", "labels"] ?? [:]
        labels[hashLabel] = .string(hash)
        var revision: Value = [
            "apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": .int(number), "data": data,
            "metadata": [
                "name": .string("\(owner.name)-\(hash)"), "namespace": .string(owner.namespace), "labels": labels,
                "ownerReferences": [OwnerReference(controller: owner).value],
            ],
        ]
        if owner.kind == "DaemonSet" {
            let generation = owner.annotation("deprecated.daemonset.template.generation") ?? String(owner.generation)
            revision["metadata", "annotations", "deprecated.daemonset.template.generation"] = .string(generation)
        }
        return try await desk.writes.create(.controllerRevisions, revision, for: key)
    }

    /// Removes the oldest that nothing uses, beyond the limit.
    func truncate(_ known: [Value], keeping used: Set<String>, limit: Int, key: String) async throws {
        let unused = known.filter { !used.contains($0.name) }
        guard unused.count > limit else { return }
        for revision in unused.prefix(unused.count - limit) {
            try await desk.writes.delete(.controllerRevisions, revision, for: key)
        }
    }

    /// `$patch: replace` makes the data a patch that `rollout undo` can send as it is.
    private static func snapshot(_ template: Value) -> Value {
        var template = template
        template["$patch"] = "replace"
        return template
    }

    /// The template that a revision holds.
    static func template(of revision: Value) -> Value? {
        guard var template = revision["data", "spec", "template"] else { return nil }
        template["$patch"] = nil
        return template
    }
}

extension Value {
    fileprivate var number: Int { self["revision"]?.int ?? 0 }

    /// The revision that a pod was made from.
    var revisionHash: String { label("controller-revision-hash") ?? "" }
}
