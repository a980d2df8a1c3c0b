import API
import Document

extension Strategy {
    /// The other groups (pkg/registry/{apps,batch,…}).
    static let others: [String: Strategy] = [
        "apps/deployments": Strategy(statusMetadata: .withoutLabels),
        "apps/daemonsets": Strategy(
            create: { set, _ in DaemonSetStrategy.start(&set) },
            update: { set, old, _ in DaemonSetStrategy.count(&set, old) },
            parts: ["status": { set, old, _ in DaemonSetStrategy.keep(&set, old) }]),
        "batch/jobs": Strategy(create: { job, _ in JobStrategy.generateSelector(&job) }),
        "certificates.k8s.io/certificatesigningrequests": Strategy(
            resets: ["spec"], update: { request, old, _ in request["spec"] = old["spec"] },
            parts: SigningRequestStrategy.parts),
        "apiextensions.k8s.io/customresourcedefinitions": Strategy(
            statusMetadata: .none, create: { definition, _ in CustomDefinition.storeFirstVersion(&definition) },
            update: { definition, _, _ in CustomDefinition.storeFirstVersion(&definition) }),
        "apiregistration.k8s.io/apiservices": Strategy(statusMetadata: .none),
        "flowcontrol.apiserver.k8s.io/flowschemas": Strategy(statusMetadata: .none),
        "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": Strategy(statusMetadata: .none),
        "storage.k8s.io/volumeattachments": Strategy(statusMetadata: .none),
    ]
}

/// The count of a DaemonSet's templates, which apps/v1 shows as an annotation (pkg/registry/apps/daemonset).
enum DaemonSetStrategy {
    static let generation: Text = "deprecated.daemonset.template.generation"

    static func start(_ set: inout Value) {
        guard count(of: set) < 1 else { return }
        set["metadata", "annotations", generation] = "1"
    }

    static func count(_ set: inout Value, _ old: Value) {
        let isChanged = set["spec", "template"] != old["spec", "template"]
        set["metadata", "annotations", generation] = .string(String(count(of: old) + (isChanged ? 1 : 0)))
    }

    static func keep(_ set: inout Value, _ old: Value) {
        set["metadata", "annotations", generation] = old["metadata", "annotations", generation]
    }

    private static func count(of set: Value) -> Int {
        set["metadata", "annotations", generation]?.string.flatMap { Int($0) } ?? 0
    }
}

/// The selector and the labels that a Job gets when it has none (pkg/registry/batch/job).
enum JobStrategy {
    static func generateSelector(_ job: inout Value) {
        guard job["spec", "manualSelector"] != true else { return }
        let uid = Value.string(job.uid)
        let labels: [(Text, Value)] = [
            ("job-name", .string(job.name)), ("controller-uid", uid),
            ("batch.kubernetes.io/job-name", .string(job.name)), ("batch.kubernetes.io/controller-uid", uid),
        ]
        // Defaulting copies the template's labels to the Job, but runs before these are known: upstream has both
        // share one map.
        let sharesLabels =
            job["metadata", "labels"] == job["spec", "template", "metadata", "labels"]
            || job.labels.isEmpty
        // What the user set stays, for validation to refuse it where it is something else.
        for (key, value) in labels where job[path: ["spec", "template", "metadata", "labels", key]] == nil {
            job["spec", "template", "metadata", "labels", key] = value
            if sharesLabels { job["metadata", "labels", key] = value }
        }
        if job["spec", "selector"] == nil || job["spec", "selector"]?.isNull == true { job["spec", "selector"] = [:] }
        let key: Text = "batch.kubernetes.io/controller-uid"
        if job[path: ["spec", "selector", "matchLabels", key]] == nil {
            job["spec", "selector", "matchLabels", key] = uid
        }
    }
}
