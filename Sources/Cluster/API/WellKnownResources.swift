/// The resources that the cluster's own parts work with.
extension GroupVersionResource {
    private static func core(_ resource: String) -> Self { Self(group: "", version: "v1", resource: resource) }
    private static func apps(_ resource: String) -> Self { Self(group: "apps", version: "v1", resource: resource) }
    private static func storage(_ resource: String) -> Self {
        Self(group: "storage.k8s.io", version: "v1", resource: resource)
    }
    private static func batch(_ resource: String) -> Self { Self(group: "batch", version: "v1", resource: resource) }

    public static let pods = core("pods")
    public static let nodes = core("nodes")
    public static let services = core("services")
    public static let endpoints = core("endpoints")
    public static let events = core("events")
    public static let namespaces = core("namespaces")
    public static let configMaps = core("configmaps")
    public static let serviceAccounts = core("serviceaccounts")
    public static let persistentVolumeClaims = core("persistentvolumeclaims")
    public static let persistentVolumes = core("persistentvolumes")
    public static let secrets = core("secrets")
    public static let replicationControllers = core("replicationcontrollers")
    public static let storageClasses = storage("storageclasses")
    public static let deployments = apps("deployments")
    public static let replicaSets = apps("replicasets")
    public static let statefulSets = apps("statefulsets")
    public static let daemonSets = apps("daemonsets")
    public static let controllerRevisions = apps("controllerrevisions")
    public static let jobs = batch("jobs")
    public static let cronJobs = batch("cronjobs")
    public static let endpointSlices = Self(group: "discovery.k8s.io", version: "v1", resource: "endpointslices")
    public static let leases = Self(group: "coordination.k8s.io", version: "v1", resource: "leases")
    public static let podDisruptionBudgets = Self(group: "policy", version: "v1", resource: "poddisruptionbudgets")
    public static let horizontalPodAutoscalers = Self(
        group: "autoscaling", version: "v2", resource: "horizontalpodautoscalers")
    public static let customResourceDefinitions = Self(
        group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions")
}
