import API

/// The order in which kinds are deleted (pkg/release/v1/util: UninstallOrder): what uses others goes before them.
enum UninstallOrder {
    private static let kinds = [
        // New kinds of the API and what looks at requests come first, so that nothing stands in the way of the rest.
        "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "Ingress", "IngressClass",
        "Service", "CronJob", "Job", "StatefulSet", "HorizontalPodAutoscaler", "Deployment", "ReplicaSet",
        "ReplicationController", "Pod", "DaemonSet", "RoleBindingList", "RoleBinding", "RoleList", "Role",
        "ClusterRoleBindingList", "ClusterRoleBinding", "ClusterRoleList", "ClusterRole", "CustomResourceDefinition",
        "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "ConfigMap", "SecretList", "Secret",
        "ServiceAccount", "PodDisruptionBudget", "PodSecurityPolicy", "LimitRange", "ResourceQuota", "NetworkPolicy",
        "Namespace", "PriorityClass",
    ]

    private static let places = Dictionary(uniqueKeysWithValues: kinds.enumerated().map { ($1, $0) })

    /// The objects in the order of their kinds; kinds that are not known come last, by name; else as they stood.
    static func sorted(_ objects: [ManifestObject]) -> [ManifestObject] {
        objects.enumerated().sorted { left, right in
            let (a, b) = (left.element.kind.kind, right.element.kind.kind)
            switch (places[a], places[b]) {
            case (let first?, let second?): return first == second ? left.offset < right.offset : first < second
            case (nil, nil): return a == b ? left.offset < right.offset : a < b
            case (_?, nil): return true
            case (nil, _?): return false
            }
        }.map(\.element)
    }
}
