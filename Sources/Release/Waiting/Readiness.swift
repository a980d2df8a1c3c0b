import API
import Document

/// How far an object has come towards what its spec asks for, by the rules of kstatus, which Helm's watcher follows.
struct Readiness: Sendable, Hashable {
    enum State: String, Sendable {
        case inProgress = "InProgress"
        case failed = "Failed"
        case current = "Current"
        case terminating = "Terminating"
        case notFound = "NotFound"
        case unknown = "Unknown"
    }

    var state: State
    var message: String

    static func current(_ message: String) -> Readiness { Readiness(state: .current, message: message) }
    static func inProgress(_ message: String) -> Readiness { Readiness(state: .inProgress, message: message) }
    static func failed(_ message: String) -> Readiness { Readiness(state: .failed, message: message) }
    static let notFound = Readiness(state: .notFound, message: "Resource not found")
    static let unknown = Readiness(state: .unknown, message: "")

    /// - Parameter now: how long a pod may stay unscheduled hangs on it.
    init(_ object: Value, now: Time) {
        self =
            Readiness.generic(object) ?? Readiness.byKind(object, now: now) ?? Readiness.readyCondition(object)
            ?? .current("Resource is current")
    }

    private init(state: State, message: String) {
        self.state = state
        self.message = message
    }

    /// What every kind tells alike: that it is being deleted, that its controller has not seen its newest generation,
    /// or one of kstatus' own conditions.
    private static func generic(_ object: Value) -> Readiness? {
        if object.isBeingDeleted {
            return Readiness(state: .terminating, message: "Resource scheduled for deletion")
        }
        if let generation = object["metadata", "generation"]?.int,
            let observed = object["status", "observedGeneration"]?.int, observed != generation
        {
            return .inProgress(
                "\(object.kind) generation is \(generation), but latest observed generation is \(observed)")
        }
        for condition in object.conditions where condition.status == "True" {
            if condition.type == "Reconciling" { return .inProgress(condition.message) }
            if condition.type == "Stalled" { return .failed(condition.message) }
        }
        return nil
    }

    private static func byKind(_ object: Value, now: Time) -> Readiness? {
        let group = object.groupVersionKind?.group ?? ""
        switch (group, object.kind) {
        case ("", "Secret"), ("", "ConfigMap"), ("batch", "CronJob"): return .current("Resource is always ready")
        case ("", "Service"): return service(object)
        case ("", "Pod"): return pod(object, now: now)
        case ("", "PersistentVolumeClaim"): return claim(object)
        case ("apps", "StatefulSet"): return statefulSet(object)
        case ("apps", "DaemonSet"), ("extensions", "DaemonSet"): return daemonSet(object)
        case ("apps", "Deployment"), ("extensions", "Deployment"): return deployment(object)
        case ("apps", "ReplicaSet"), ("extensions", "ReplicaSet"): return replicaSet(object)
        case ("policy", "PodDisruptionBudget"): return .current("AllowedDisruptions has been computed.")
        case ("batch", "Job"): return job(object)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): return definition(object)
        default: return nil
        }
    }

    /// Many custom kinds have this condition.
    private static func readyCondition(_ object: Value) -> Readiness? {
        guard let condition = object.condition("Ready") else { return nil }
        switch condition.status {
        case "True": return .current("Resource is Ready")
        case "False", "Unknown": return .inProgress(condition.message)
        default: return nil
        }
    }
}

extension Value {
    /// All of `status.conditions`.
    var conditions: [Condition] {
        (self["status", "conditions"]?.array ?? []).map { entry in
            Condition(
                type: entry["type"]?.string ?? "", status: entry["status"]?.string ?? "",
                reason: entry["reason"]?.string ?? "", message: entry["message"]?.string ?? "")
        }
    }

    /// A whole number of the spec.
    func spec(_ field: Text, default fallback: Int) -> Int { self["spec", field]?.int ?? fallback }

    /// A whole number of the status.
    func status(_ field: Text, default fallback: Int = 0) -> Int { self["status", field]?.int ?? fallback }
}
