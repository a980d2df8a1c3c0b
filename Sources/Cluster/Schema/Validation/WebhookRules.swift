import API
import Document

/// The rules of webhooks of admission (pkg/apis/admissionregistration/validation).
enum WebhookRules {
    static let validating: Rules.Create = { configuration, faults in check(configuration, &faults) }

    static let mutating: Rules.Create = { configuration, faults in
        check(configuration, &faults) { hook, path, faults in
            guard hook.has("reinvocationPolicy") else { return }
            faults.check(hook["reinvocationPolicy"], in: ["IfNeeded", "Never"], "\(path).reinvocationPolicy")
        }
    }

    /// - Parameter more: what only one of the two kinds has, behind the limit of time.
    private static func check(
        _ configuration: Value, _ faults: inout Faults,
        more: (_ hook: Value, _ path: String, _ faults: inout Faults) -> Void = { _, _, _ in }
    ) {
        var names: Set<Value> = []
        for (index, hook) in (configuration["webhooks"]?.array ?? []).enumerated() {
            let path = "webhooks[\(index)]"
            checkHook(hook, path, &faults)
            more(hook, path, &faults)
            checkClient(hook, path, &faults)
            AdmissionPolicyRules.checkConditions(hook, path, &faults)
            checkReviews(hook["admissionReviewVersions"]?.array ?? [], "\(path).admissionReviewVersions", &faults)
            let name = hook["name"] ?? ""
            if name != "", !names.insert(name).inserted { faults.duplicate("\(path).name", name) }
        }
    }

    private static func checkHook(_ hook: Value, _ path: String, _ faults: inout Faults) {
        checkName(hook["name"]?.string ?? "", "\(path).name", &faults)
        for (index, rule) in (hook["rules"]?.array ?? []).enumerated() {
            checkOperations(rule, "\(path).rules[\(index)]", &faults)
        }
        for (key, allowed) in [("failurePolicy", ["Fail", "Ignore"]), ("matchPolicy", ["Equivalent", "Exact"])] {
            if hook.has(Text(key)) { faults.check(hook[Text(key)], in: allowed, "\(path).\(key)") }
        }
        let effects = ["None", "NoneOnDryRun"]
        if hook.has("sideEffects") {
            faults.check(hook["sideEffects"], in: effects, "\(path).sideEffects")
        } else {
            faults.required("\(path).sideEffects", "must specify one of \(effects.joined(separator: ", "))")
        }
        if let seconds = hook["timeoutSeconds"]?.int, !(1...30).contains(seconds) {
            faults.invalid(
                "\(path).timeoutSeconds", .int(seconds), "the timeout value must be between 1 and 30 seconds")
        }
        for key: Text in ["namespaceSelector", "objectSelector"] {
            faults.checkSelector(hook[key], "\(path).\(key)")
        }
    }

    private static func checkName(_ name: String, _ path: String, _ faults: inout Faults) {
        if name.isEmpty { return faults.required(path) }
        let wrong = Names.subdomain(name)
        if !wrong.isEmpty {
            faults.invalid(path, .string(name), wrong.joined(separator: ","))
        } else if name.split(separator: ".").count < 3 {
            faults.invalid(
                path, .string(name), "should be a domain with at least three segments separated by dots")
        }
    }

    private static func checkClient(_ hook: Value, _ path: String, _ faults: inout Faults) {
        CustomConversionRules.check(hook["clientConfig"] ?? [:], "\(path).clientConfig", &faults)
    }

    private static func checkReviews(_ versions: [Value], _ path: String, _ faults: inout Faults) {
        if versions.isEmpty { return faults.required(path, "must specify one of v1, v1beta1") }
        CustomConversionRules.checkReviews(versions, path, &faults)
    }

    // MARK: What requests are about

    /// A rule of webhooks or of policies.
    static func checkOperations(_ rule: Value, _ path: String, _ faults: inout Faults) {
        let operations = rule["operations"]?.array ?? []
        if operations.isEmpty { faults.required("\(path).operations") }
        if operations.count > 1, operations.contains("*") {
            faults.invalid(
                "\(path).operations", .array(operations), "if '*' is present, must not specify other operations")
        }
        for (index, operation) in operations.enumerated() {
            faults.check(
                operation, in: ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"], "\(path).operations[\(index)]")
        }
        for (key, name) in [("apiGroups", "API groups"), ("apiVersions", "API versions")] {
            let list = rule[Text(key)]?.array ?? []
            if list.isEmpty { faults.required("\(path).\(key)") }
            if list.count > 1, list.contains("*") {
                faults.invalid(
                    "\(path).\(key)", .array(list), "if '*' is present, must not specify other \(name)")
            }
            // The group may be the empty one.
            for (index, version) in list.enumerated() where key == "apiVersions" && version == "" {
                faults.required("\(path).\(key)[\(index)]")
            }
        }
        checkResources(rule["resources"]?.array ?? [], "\(path).resources", &faults)
        if rule.has("scope") {
            faults.check(rule["scope"], in: ["*", "Cluster", "Namespaced"], "\(path).scope")
        }
    }

    private static func checkResources(_ resources: [Value], _ path: String, _ faults: inout Faults) {
        if resources.isEmpty { faults.required(path) }
        var (wholes, parts): (Set<Substring>, Set<Substring>) = ([], [])
        var hasBare = false
        for (index, resource) in resources.enumerated() {
            let field = "\(path)[\(index)]"
            let text = resource.string ?? ""
            if text.isEmpty {
                faults.required(field)
                continue
            }
            let names = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard names.count == 2 else {
                hasBare = text != "*"
                continue
            }
            if wholes.contains(names[0]) {
                faults.invalid(field, resource, "if '\(names[0])/*' is present, must not specify \(text)")
            }
            if parts.contains(names[1]) {
                faults.invalid(field, resource, "if '*/\(names[1])' is present, must not specify \(text)")
            }
            if names[1] == "*" { wholes.insert(names[0]) }
            if names[0] == "*" { parts.insert(names[1]) }
        }
        if resources.count > 1, resources.contains("*/*") {
            faults.invalid(path, .array(resources), "if '*/*' is present, must not specify other resources")
        }
        if resources.contains("*"), hasBare {
            faults.invalid(
                path, .array(resources),
                "if '*' is present, must not specify other resources without subresources")
        }
    }
}
