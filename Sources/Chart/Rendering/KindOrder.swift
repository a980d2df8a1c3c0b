/// The order in which Helm installs kinds.
enum KindOrder {
    private static let kinds: [String] = [
        "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
        "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass",
        "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList",
        "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList",
        "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
        "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    ]

    /// The places of objects of these kinds in the order of installation: known kinds first in their order, the others
    /// by name, and those of one kind as they came.
    static func order(of objects: [String]) -> [Int] {
        let ranks = objects.map { kinds.firstIndex(of: $0) ?? kinds.count }
        return objects.indices.sorted { a, b in
            if ranks[a] != ranks[b] { return ranks[a] < ranks[b] }
            if ranks[a] == kinds.count, objects[a] != objects[b] {
                return objects[a].utf8.lexicographicallyPrecedes(objects[b].utf8)
            }
            return a < b
        }
    }
}
