import API
import Document

extension Rollout {
    /// Brings the ReplicaSet of the current template up to date, or makes it (`getNewReplicaSet`).
    mutating func renew(creating: Bool) {
        let revision = (old.map(\.revision).max() ?? 0) + 1
        if let set = new {
            refresh(set, revision)
        } else if creating {
            create(revision)
        }
    }

    private mutating func refresh(_ set: Value, _ revision: Int) {
        var changed = set
        note(revision, on: &changed)
        changed["spec", "minReadySeconds"] = deployment["spec", "minReadySeconds"]
        if changed != set { adopt(new: changed, by: set.uid.isEmpty ? nil : .update(changed, from: set.specReplicas)) }
        if hasProgressDeadline, conditions["Progressing"] == nil {
            conditions.set(
                Condition(
                    "Progressing", true, reason: "FoundNewReplicaSet",
                    message: "Found new replica set \"\(set.name)\""))
        }
    }

    private mutating func create(_ revision: Int) {
        let hash = PodTemplate.hash(
            templateText(deployment.template), collisions: deployment["status", "collisionCount"]?.int)
        var set = blank(named: "\(deployment.name)-\(hash)", hash: .string(hash))
        set["spec", "replicas"] = .int(newSize(of: set))
        note(revision, on: &set)
        noteSize(&set)
        adopt(new: set, by: .create(set))
        if hasProgressDeadline {
            conditions.set(
                Condition(
                    "Progressing", true, reason: "NewReplicaSetCreated",
                    message: "Created new replica set \"\(set.name)\""))
        }
    }

    private func blank(named name: String, hash: Value) -> Value {
        var template = deployment.template
        template["metadata", "labels", DeploymentAnnotation.hashLabel] = hash
        var selector = deployment["spec", "selector"] ?? [:]
        selector["matchLabels", DeploymentAnnotation.hashLabel] = hash
        var spec: Value = ["replicas": 0, "selector": selector, "template": template]
        spec["minReadySeconds"] = deployment["spec", "minReadySeconds"]
        return [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": .string(name), "namespace": .string(deployment.namespace),
                "labels": template["metadata", "labels"] ?? [:],
                "ownerReferences": [OwnerReference(controller: deployment).value],
            ],
            "spec": spec,
        ]
    }

    /// Copies the Deployment's annotations and raises the revision (`SetNewReplicaSetAnnotations`); the revisions that
    /// the template had before are kept, for it may come back by a roll-back.
    private func note(_ revision: Int, on set: inout Value) {
        for member in deployment.annotations where !DeploymentAnnotation.own.contains(member.key) {
            set["metadata", "annotations", member.key] = member.value
        }
        let before = set.annotation(DeploymentAnnotation.revision)
        guard set.revision < revision else { return }
        set["metadata", "annotations", DeploymentAnnotation.revision] = .string(String(revision))
        guard let before, !before.isEmpty else { return }
        let history =
            set.annotation(DeploymentAnnotation.history).map { $0.split(separator: ",").map(String.init) } ?? []
        set["metadata", "annotations", DeploymentAnnotation.history] = .string(
            (history.filter { $0 != before } + [before]).joined(separator: ","))
    }
}
