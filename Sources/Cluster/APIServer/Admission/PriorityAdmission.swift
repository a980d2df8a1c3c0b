import API
import Document
import Schema

/// Gives pods the priority of their class (Kubernetes documentation, "Pod Priority and Preemption").
struct PriorityAdmission: AdmissionPlugin {
    func mutate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.isCreation(of: "pods") else { return }
        let named = review.object["spec", "priorityClassName"]?.string ?? ""
        var priority = 0
        var policy = "PreemptLowerPriority"
        let priorityClass = named.isEmpty ? defaultClass(api) : classNamed(named, api)
        if let priorityClass {
            priority = priorityClass["value"]?.int ?? 0
            policy = priorityClass["preemptionPolicy"]?.string ?? policy
            review.object["spec", "priorityClassName"] = .string(priorityClass.name)
        } else if !named.isEmpty {
            throw review.forbidden("no PriorityClass with name \(named) was found")
        }
        let set = review.object["spec", "priority"]?.int
        if let set, set != priority {
            throw review.forbidden(
                "the integer value of priority (\(set)) must not be provided in pod spec; priority admission "
                    + "controller computed \(priority) from the given PriorityClass name")
        }
        review.object["spec", "priority"] = .int(priority)
        review.object["spec", "preemptionPolicy"] = .string(policy)
    }

    /// There is one default.
    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.resource.resource.qualifiedName == "priorityclasses.scheduling.k8s.io", review.subresource.isEmpty,
            review.operation != .delete, review.object["globalDefault"] == true,
            let other = defaultClass(api), review.operation == .create || other.name != review.object.name
        else { return }
        throw review.forbidden(
            "PriorityClass \(other.name) is already marked as default. Only one default can exist")
    }

    private func classNamed(_ name: String, _ api: KubeAPI) -> Value? {
        api.object("scheduling.k8s.io", "v1", "priorityclasses", name: name)
    }

    private func defaultClass(_ api: KubeAPI) -> Value? {
        // Of several defaults the one of the lowest priority counts.
        api.objects("scheduling.k8s.io", "v1", "priorityclasses")
            .filter { $0["globalDefault"]?.bool == true }
            .min { ($0["value"]?.int ?? 0) < ($1["value"]?.int ?? 0) }
    }
}
