import API
import Document
import Schema

/// Holds pods to the level that their namespace's labels name: what `enforce` forbids is refused, what `warn` forbids is
/// told (Kubernetes documentation, "Pod Security Admission"). `audit` waits for the audit log.
struct PodSecurity: AdmissionPlugin {
    /// A level of a namespace's labels, with the version that the label names.
    private struct Policy: Equatable {
        let level: PodSecurityLevel
        let version: String

        init(_ namespace: Value, _ mode: String) {
            let prefix = "pod-security.kubernetes.io/\(mode)"
            let label = namespace.label(Text(prefix)) ?? "privileged"
            // A level that nobody knows is the strictest: upstream fails closed.
            level = PodSecurityLevel(rawValue: label) ?? .restricted
            version = namespace.label(Text("\(prefix)-version")) ?? "latest"
        }

        var name: String { "\"\(level.rawValue):\(version)\"" }

        func violations(_ pod: Value) -> String? {
            let faults = PodSecurityStandard.faults(of: pod, at: level)
            return faults.isEmpty ? nil : faults.map(\.text).joined(separator: ", ")
        }
    }

    private static let modes = ["enforce", "audit", "warn"]
    /// Where kinds that make pods keep their template.
    private static let templates: [String: [Text]] = [
        "deployments.apps": ["spec", "template"], "replicasets.apps": ["spec", "template"],
        "statefulsets.apps": ["spec", "template"], "daemonsets.apps": ["spec", "template"],
        "jobs.batch": ["spec", "template"], "cronjobs.batch": ["spec", "jobTemplate", "spec", "template"],
        "replicationcontrollers": ["spec", "template"], "podtemplates": ["template"],
    ]

    func validate(_ review: inout AdmissionReview, _ api: KubeAPI) async throws(Status) {
        guard review.operation != .delete else { return }
        let name = review.resource.resource.qualifiedName
        if name == "namespaces", review.subresource.isEmpty { return try checkNamespace(&review, api) }
        guard name == "pods" || Self.templates[name] != nil, !review.namespace.isEmpty,
            let namespace = api.object("", "v1", "namespaces", name: review.namespace)
        else { return }
        if name == "pods" { return try checkPod(&review, namespace) }
        guard let path = Self.templates[name], review.subresource.isEmpty else { return }
        let policy = Policy(namespace, "warn")
        let template = path.reduce(review.object) { $0[$1] ?? [:] }
        if let text = policy.violations(template) {
            review.warnings.append("would violate PodSecurity \(policy.name): \(text)")
        }
    }

    private func checkPod(_ review: inout AdmissionReview, _ namespace: Value) throws(Status) {
        guard ["", "ephemeralcontainers"].contains(review.subresource) else { return }
        if let old = review.old, !isSignificant(review.object, old) { return }
        let enforced = Policy(namespace, "enforce")
        if let text = enforced.violations(review.object) {
            throw review.forbidden("violates PodSecurity \(enforced.name): \(text)")
        }
        let warned = Policy(namespace, "warn")
        if let text = warned.violations(review.object) {
            review.warnings.append("would violate PodSecurity \(warned.name): \(text)")
        }
    }

    /// Of what can change in a pod, only images and ephemeral containers concern its security.
    private func isSignificant(_ pod: Value, _ old: Value) -> Bool {
        var (new, before) = (pod["spec"] ?? [:], old["spec"] ?? [:])
        for key: Text in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] {
            new[key] = nil
            before[key] = nil
        }
        return new != before
    }

    private func checkNamespace(_ review: inout AdmissionReview, _ api: KubeAPI) throws(Status) {
        var faults: [FieldError] = []
        for mode in Self.modes {
            let label = "pod-security.kubernetes.io/\(mode)"
            if let level = review.object.label(Text(label)), PodSecurityLevel(rawValue: level) == nil {
                faults.append(
                    FieldError(
                        .invalid, "metadata.labels[\(label)]", value: .string(level),
                        detail: "must be one of privileged, baseline, restricted"))
            }
            let versioned = "\(label)-version"
            if let version = review.object.label(Text(versioned)), !Self.isVersion(version) {
                faults.append(
                    FieldError(
                        .invalid, "metadata.labels[\(versioned)]", value: .string(version),
                        detail: "must be \"latest\" or \"v1.x\""))
            }
        }
        // Faults that were there before do not keep a namespace from being changed.
        guard faults.isEmpty || review.old.map({ $0.labels == review.object.labels }) ?? false else {
            throw .invalid(review.resource, review.name, faults)
        }
        guard let old = review.old, Policy(old, "enforce") != Policy(review.object, "enforce") else { return }
        warnOfPods(&review, Policy(review.object, "enforce"), api)
    }

    private static func isVersion(_ text: String) -> Bool {
        text == "latest" || (text.hasPrefix("v1.") && Int(text.dropFirst(3)) != nil)
    }

    /// A stricter level does not touch the pods that are there; it tells of those that it would not have let in.
    private func warnOfPods(_ review: inout AdmissionReview, _ policy: Policy, _ api: KubeAPI) {
        var pods: [String: [String]] = [:]
        for pod in api.objects("", "v1", "pods", namespace: review.name) {
            let faults = PodSecurityStandard.faults(of: pod, at: policy.level)
            guard !faults.isEmpty else { continue }
            pods[faults.map(\.what).joined(separator: ", "), default: []].append(pod.name)
        }
        guard !pods.isEmpty else { return }
        review.warnings.append(
            "existing pods in namespace \"\(review.name)\" violate the new PodSecurity enforce level \(policy.name)")
        for (text, names) in pods.sorted(by: { $0.value[0] < $1.value[0] }) {
            let more = names.count - 1
            let others = more == 0 ? "" : " (and \(more) other pod\(more == 1 ? "" : "s"))"
            review.warnings.append("\(names[0])\(others): \(text)")
        }
    }
}
