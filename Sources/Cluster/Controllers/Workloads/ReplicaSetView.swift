import API
import Document

/// What a Deployment notes on its ReplicaSets ("Deployments: Rolling Back", `deployment_util.go`).
enum DeploymentAnnotation {
    static let revision: Text = "deployment.kubernetes.io/revision"
    static let history: Text = "deployment.kubernetes.io/revision-history"
    static let desired: Text = "deployment.kubernetes.io/desired-replicas"
    static let most: Text = "deployment.kubernetes.io/max-replicas"
    /// What is not copied from a Deployment to its ReplicaSets.
    static let own: Set<Text> = [
        revision, history, desired, most, "kubectl.kubernetes.io/last-applied-configuration",
        "deprecated.deployment.rollback.to",
    ]
    static let hashLabel: Text = "pod-template-hash"
}

extension Value {
    var specReplicas: Int { self["spec", "replicas"]?.int ?? 1 }
    var statusReplicas: Int { self["status", "replicas"]?.int ?? 0 }
    var availableReplicas: Int { self["status", "availableReplicas"]?.int ?? 0 }
    var readyReplicas: Int { self["status", "readyReplicas"]?.int ?? 0 }
    var revision: Int { Int(annotation(DeploymentAnnotation.revision) ?? "") ?? 0 }
    var template: Value { self["spec", "template"] ?? [:] }

    /// Whether two pod templates are the same but for the label with which ReplicaSets are told apart
    /// (`EqualIgnoreHash`).
    func isSameTemplate(as other: Value) -> Bool {
        var (a, b) = (self, other)
        for label in [DeploymentAnnotation.hashLabel] {
            a["metadata", "labels", label] = nil
            b["metadata", "labels", label] = nil
        }
        return a.withoutEmptyMetadata == b.withoutEmptyMetadata
    }

    /// `creationTimestamp: null` and empty maps say nothing.
    private var withoutEmptyMetadata: Value {
        var copy = self
        copy["metadata", "creationTimestamp"] = nil
        for key: Text in ["labels", "annotations"] where copy["metadata"]?[key]?.object?.isEmpty ?? false {
            copy["metadata", key] = nil
        }
        if copy["metadata"]?.object?.isEmpty ?? false { copy["metadata"] = nil }
        return copy
    }

    /// Older first; the name decides between objects of one second.
    static func isOlder(_ a: Value, _ b: Value) -> Bool {
        (a["metadata", "creationTimestamp"]?.string ?? "", a.name) < (
            b["metadata", "creationTimestamp"]?.string ?? "", b.name
        )
    }
}
