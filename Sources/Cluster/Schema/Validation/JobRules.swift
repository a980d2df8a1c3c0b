import API
import Document

/// The rules of Jobs (pkg/apis/batch/validation).
enum JobRules {
    static let new: Rules.Create = { job, faults in
        checkSelector(job, &faults)
        check(job["spec"] ?? [:], "spec", &faults)
        checkLabels(job, &faults)
        checkHostnames(job, &faults)
    }

    static func check(_ spec: Value, _ path: String, _ faults: inout Faults) {
        for key: Text in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            "backoffLimitPerIndex", "maxFailedIndexes",
        ] { faults.checkNotNegative(spec[key], "\(path).\(key)") }
        JobPolicyRules.checkIndexes(spec, path, &faults)
        JobPolicyRules.check(spec, path, &faults)
        if spec.has("podReplacementPolicy") {
            let allowed = spec.has("podFailurePolicy") ? ["Failed"] : ["Failed", "TerminatingOrFailed"]
            faults.check(spec["podReplacementPolicy"], in: allowed, "\(path).podReplacementPolicy")
        }
        let template = spec["template"] ?? [:]
        PodTemplateRules.check(template, "\(path).template", &faults)
        checkRestart(template["spec", "restartPolicy"], spec, "\(path).template.spec.restartPolicy", &faults)
    }

    private static func checkRestart(_ policy: Value?, _ spec: Value, _ path: String, _ faults: inout Faults) {
        switch policy?.string ?? "" {
        // The default of pods, which means that nobody chose.
        case "", "Always": faults.required(path, "valid values: \"OnFailure\", \"Never\"")
        case "Never": break
        case "OnFailure":
            guard spec.has("podFailurePolicy") else { return }
            faults.invalid(path, policy, "only \"Never\" is supported when podFailurePolicy is specified")
        default: faults.unsupported(path, policy ?? "", ["OnFailure", "Never"])
        }
    }

    /// An indexed Job's pods are called after it and their index, the last of which has to be a name too.
    private static func checkHostnames(_ job: Value, _ faults: inout Faults) {
        guard job["spec", "completionMode"] == "Indexed", let count = job["spec", "completions"]?.int, count > 0 else {
            return
        }
        let longest = "\(job.name)-\(count - 1)"
        if !Names.label(longest).isEmpty {
            faults.invalid(
                "metadata.name", .string(Text(job.name)),
                "will not able to create pod with invalid DNS label: \(longest)")
        }
    }

    /// Fields that stay as they are, in upstream's order.
    static let update: Rules.Update = { job, old, faults in
        let (new, before) = (job["spec"] ?? [:], old["spec"] ?? [:])
        if new != before {
            // Upstream asks for all of it first, and then again with what may change.
            JobRules.new(job, &faults)
            check(new, "spec", &faults)
            checkLabels(job, &faults)
        }
        checkCompletions(new, before, &faults)
        faults.checkImmutable(new["selector"], before["selector"], "spec.selector")
        let past =
            before["suspend"] == true
            ? changed(before["template"] ?? [:], to: new["template"] ?? [:]) : before["template"]
        if new["template"] != past {
            let shown = GoDump.shown("PodTemplateSpec", new["template"] ?? [:])
            faults.invalid("spec.template", shown: shown, "field is immutable")
        }
        faults.checkImmutable(new["completionMode"], before["completionMode"], "spec.completionMode")
        checkPolicy("podFailurePolicy", "PodFailurePolicy", new, before, &faults)
        for key: Text in ["backoffLimitPerIndex", "managedBy"] {
            faults.checkImmutable(new[key], before[key], "spec.\(key)")
        }
        checkPolicy("successPolicy", "SuccessPolicy", new, before, &faults)
    }

    private static func checkPolicy(
        _ key: Text, _ type: String, _ new: Value, _ before: Value, _ faults: inout Faults
    ) {
        guard new[key] != before[key] else { return }
        let shown = new[key].map { GoDump.shown(type, $0, of: "batch") } ?? "null"
        faults.invalid("spec.\(key)", shown: shown, "field is immutable")
    }

    /// An indexed Job grows and shrinks with its pods (ElasticIndexedJob).
    private static func checkCompletions(_ new: Value, _ before: Value, _ faults: inout Faults) {
        guard new["completionMode"] == "Indexed" else {
            return faults.checkImmutable(new["completions"], before["completions"], "spec.completions")
        }
        guard let count = new["completions"], count != before["completions"], count != new["parallelism"] else {
            return
        }
        faults.invalid("spec.completions", count, "can only be modified in tandem with spec.parallelism")
    }

    /// The old template with what may still be chosen while a Job is suspended: where its pods run, and with what.
    private static func changed(_ old: Value, to new: Value) -> Value {
        var template = old
        for key: Text in ["labels", "annotations"] {
            if old["metadata", key] != new["metadata", key] { template["metadata", key] = new["metadata", key] }
        }
        for key: Text in ["nodeSelector", "tolerations", "schedulingGates", "affinity"] {
            template["spec", key] = new["spec", key]
        }
        for list: Text in ["containers", "initContainers"] {
            let resources = (new["spec", list]?.array ?? []).map { $0["resources"] }
            guard resources.count == template["spec", list]?.array?.count else { continue }
            var index = 0
            template["spec"]?.mapElements(of: list) {
                $0["resources"] = resources[index]
                index += 1
            }
        }
        return template
    }

    /// What a Job's pods are found by, which is made for it unless it says otherwise (validateGeneratedSelector).
    private static func checkSelector(_ job: Value, _ faults: inout Faults) {
        let selector = job["spec", "selector"] ?? .null
        guard job["spec", "manualSelector"] != true, let parsed = LabelSelector(object: selector), !selector.isNull
        else { return }
        let labels: Object = [
            "batch.kubernetes.io/controller-uid": .string(job.uid), "batch.kubernetes.io/job-name": .string(job.name),
            "controller-uid": .string(job.uid), "job-name": .string(job.name),
        ]
        for key: Text in [
            "controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name",
        ] { checkLabel(job[path: ["spec", "template", "metadata", "labels"]], key, labels[key] ?? "", &faults) }
        if !parsed.matches(labels) { faults.invalid("spec.selector", selector, "`selector` not auto-generated") }
    }

    private static func checkLabel(_ labels: Value?, _ key: Text, _ wanted: Value, _ faults: inout Faults) {
        let (path, words) = ("spec.template.metadata.labels[\(key)]", "must be '\(wanted.string ?? "")'")
        guard let found = labels?[key] else { return faults.required(path, words) }
        if found != wanted { faults.invalid(path, labels, words) }
    }

    /// Made or not, it has to find them.
    private static func checkLabels(_ job: Value, _ faults: inout Faults) {
        let selector = job["spec", "selector"] ?? .null
        if selector.isNull {
            faults.required("spec.selector")
        } else if !faults.checkSelector(selector, "spec.selector") {
            return
        }
        let labels = job[path: ["spec", "template", "metadata", "labels"]] ?? .null
        let parsed = selector.isNull ? nil : LabelSelector(object: selector)
        // No selector at all finds nothing.
        if parsed?.matches(labels.object ?? [:]) != true {
            faults.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
        }
    }
}
