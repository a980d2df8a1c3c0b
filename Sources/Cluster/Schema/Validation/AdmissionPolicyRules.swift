import API
import Document

/// The rules of policies of admission and of what binds them (pkg/apis/admissionregistration/validation), but for their
/// expressions, which are compiled where the language is known.
enum AdmissionPolicyRules {
    private static let group = "admissionregistration.k8s.io"

    static let all: [String: Rules] = [
        "\(group)/validatingwebhookconfigurations": Rules(create: WebhookRules.validating),
        "\(group)/mutatingwebhookconfigurations": Rules(create: WebhookRules.mutating),
        "\(group)/validatingadmissionpolicies": Rules(create: validating),
        "\(group)/mutatingadmissionpolicies": Rules(create: mutating),
        "\(group)/validatingadmissionpolicybindings": Rules(create: { binding, faults in
            // Called so upstream.
            checkBinding(binding["spec"] ?? [:], "spec.matchResouces", &faults)
            checkActions(binding["spec", "validationActions"]?.array ?? [], "spec.validationActions", &faults)
        }),
        "\(group)/mutatingadmissionpolicybindings": Rules(create: { binding, faults in
            checkBinding(binding["spec"] ?? [:], "spec.matchResources", &faults)
            checkMutable(binding["spec", "matchResources"] ?? [:], "spec.matchResources", &faults)
        }),
    ]

    // MARK: Policies

    private static let validating: Rules.Create = { policy, faults in
        let spec = policy["spec"] ?? [:]
        checkPolicy(spec, &faults)
        let (validations, notes) = (spec["validations"]?.array ?? [], spec["auditAnnotations"]?.array ?? [])
        if validations.isEmpty, notes.isEmpty {
            for key in ["validations", "auditAnnotations"] {
                faults.required(
                    "spec.\(key)", "validations or auditAnnotations must contain at least one item")
            }
        }
        for (index, validation) in validations.enumerated() {
            checkValidation(validation, "spec.validations[\(index)]", &faults)
        }
        checkNotes(notes, "spec.auditAnnotations", &faults)
    }

    private static let mutating: Rules.Create = { policy, faults in
        let spec = policy["spec"] ?? [:]
        checkPolicy(spec, mutates: true, &faults)
        let mutations = spec["mutations"]?.array ?? []
        if mutations.isEmpty { faults.required("spec.mutations", "mutations must contain at least one item") }
        for (index, mutation) in mutations.enumerated() {
            checkMutation(mutation, "spec.mutations[\(index)]", &faults)
        }
        if spec.has("reinvocationPolicy") {
            faults.check(spec["reinvocationPolicy"], in: ["IfNeeded", "Never"], "spec.reinvocationPolicy")
        } else {
            faults.required("spec.reinvocationPolicy")
        }
    }

    private static func checkMutation(_ mutation: Value, _ path: String, _ faults: inout Faults) {
        let kinds: [(type: String, field: Text)] = [
            ("ApplyConfiguration", "applyConfiguration"), ("JSONPatch", "jsonPatch"),
        ]
        let type = mutation["patchType"]?.string ?? ""
        guard let wanted = kinds.first(where: { $0.type == type }) else {
            if type.isEmpty { return faults.required("\(path).patchType") }
            return faults.unsupported("\(path).patchType", .string(type), kinds.map(\.type))
        }
        if !mutation.has(wanted.field) {
            faults.required("\(path).\(wanted.field)", "must be specified when patchType is \(type)")
        } else if (mutation[wanted.field, "expression"]?.string ?? "").trimmed.isEmpty {
            faults.required("\(path).\(wanted.field).expression")
        }
        for other in kinds where other.type != type && mutation.has(other.field) {
            faults.invalid(
                "\(path).\(other.field)", .string("{\(other.field)}"),
                "must not be specified when patchType is \(type)")
        }
    }

    /// What is deleted cannot be changed.
    private static func checkMutable(_ match: Value, _ path: String, _ faults: inout Faults) {
        for rule in match["resourceRules"]?.array ?? [] {
            for operation in rule["operations"]?.array ?? [] {
                faults.check(operation, in: ["*", "CONNECT", "CREATE", "UPDATE"], "\(path).resourceRules.operations")
            }
        }
    }

    /// What both kinds of policies have.
    private static func checkPolicy(_ spec: Value, mutates: Bool = false, _ faults: inout Faults) {
        if spec.has("failurePolicy") {
            faults.check(spec["failurePolicy"], in: ["Fail", "Ignore"], "spec.failurePolicy")
        } else {
            faults.required("spec.failurePolicy")
        }
        if let kind = spec["paramKind"], !kind.isNull { checkKind(kind, "spec.paramKind", &faults) }
        if let resources = spec["matchConstraints"], !resources.isNull {
            checkMatch(resources, "spec.matchConstraints", &faults)
            if (resources["resourceRules"]?.array ?? []).isEmpty {
                faults.required("spec.matchConstraints.resourceRules")
            }
            if mutates { checkMutable(resources, "spec.matchConstraints", &faults) }
        } else {
            faults.required("spec.matchConstraints")
        }
        checkConditions(spec, "spec", &faults)
        for (index, variable) in (spec["variables"]?.array ?? []).enumerated() {
            for key: Text in ["name", "expression"] where (variable[key]?.string ?? "").trimmed.isEmpty {
                faults.required("spec.variables[\(index)].\(key)", "\(key) is not specified")
            }
        }
    }

    private static func checkKind(_ kind: Value, _ path: String, _ faults: inout Faults) {
        let version = kind["apiVersion"] ?? ""
        let parts = (version.string ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if version == "" {
            faults.required("\(path).apiVersion")
        } else if parts.count > 2 {
            faults.invalid(
                "\(path).apiVersion", version, "unexpected GroupVersion string: \(version.string ?? "")")
        } else {
            let group = parts.count == 2 ? parts[0] : ""
            let wrong = group.isEmpty ? [] : Names.subdomain(group)
            if !wrong.isEmpty {
                faults.invalid("\(path).apiVersion", .string(group), wrong.joined(separator: ","))
            }
            let name = parts.last ?? ""
            let words = Names.label1035(name)
            if name.isEmpty {
                faults.invalid("\(path).apiVersion", version, "version must be specified")
            } else if !words.isEmpty {
                faults.invalid("\(path).apiVersion", .string(name), words.joined(separator: ","))
            }
        }
        let name = kind["kind"]?.string ?? ""
        if name.isEmpty { return faults.required("\(path).kind") }
        let words = Names.label1035(name.lowercased())
        if !words.isEmpty { faults.invalid("\(path).kind", .string(name), Names.mixedCase(words)) }
    }

    private static func checkMatch(_ match: Value, _ path: String, _ faults: inout Faults) {
        if match.has("matchPolicy") {
            faults.check(match["matchPolicy"], in: ["Equivalent", "Exact"], "\(path).matchPolicy")
        } else {
            faults.required("\(path).matchPolicy")
        }
        for key: Text in ["namespaceSelector", "objectSelector"] {
            if !match.has(key) { faults.required("\(path).\(key)") }
            faults.checkSelector(match[key], "\(path).\(key)")
        }
        for list: Text in ["resourceRules", "excludeResourceRules"] {
            for (index, rule) in (match[list]?.array ?? []).enumerated() {
                checkNamed(rule, "\(path).\(list)[\(index)]", &faults)
            }
        }
    }

    private static func checkNamed(_ rule: Value, _ path: String, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, name) in (rule["resourceNames"]?.array ?? []).enumerated() {
            let field = "\(path).resourceNames[\(index)]"
            faults.invalid(field, name, all: Names.pathSegment(name.string ?? ""))
            if !seen.insert(name).inserted { faults.duplicate(field, name) }
        }
        WebhookRules.checkOperations(rule, path, &faults)
    }

    /// When a webhook or a policy is asked at all.
    static func checkConditions(_ object: Value, _ path: String, _ faults: inout Faults) {
        let conditions = object["matchConditions"]?.array ?? []
        if conditions.count > 64 { faults.tooMany("\(path).matchConditions", conditions.count, 64) }
        var seen: Set<Value> = []
        for (index, condition) in conditions.enumerated() {
            let path = "\(path).matchConditions[\(index)]"
            if (condition["expression"]?.string ?? "").trimmed.isEmpty { faults.required("\(path).expression") }
            let name = condition["name"] ?? ""
            if name == "" {
                faults.required("\(path).name")
            } else {
                faults.invalid("\(path).name", name, all: Names.qualified(name.string ?? ""))
                if !seen.insert(name).inserted { faults.duplicate("\(path).name", name) }
            }
        }
    }

    private static func checkValidation(_ validation: Value, _ path: String, _ faults: inout Faults) {
        let text = { (key: Text) in validation[key]?.string ?? "" }
        if text("expression").trimmed.isEmpty {
            faults.required("\(path).expression", "expression is not specified")
        }
        if !text("messageExpression").isEmpty, text("messageExpression").trimmed.isEmpty {
            faults.invalid(
                "\(path).messageExpression", validation["messageExpression"], "must be non-empty if specified")
        }
        let message = text("message")
        if !message.isEmpty, message.trimmed.isEmpty {
            faults.invalid(
                "\(path).message", validation["message"], "message must be non-empty if specified")
        } else if message.trimmed.contains(where: \.isNewline) {
            faults.invalid("\(path).message", validation["message"], "message must not contain line breaks")
        }
        if validation.has("reason") {
            faults.check(
                validation["reason"], in: ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"],
                "\(path).reason")
        }
    }

    private static func checkNotes(_ notes: [Value], _ path: String, _ faults: inout Faults) {
        if notes.count > 20 {
            faults.invalid(path, .array(notes), "must not have more than 20 auditAnnotations")
        }
        var seen: Set<Value> = []
        for (index, note) in notes.enumerated() {
            let path = "\(path)[\(index)]"
            let key = note["key"] ?? ""
            if key == "" { faults.required("\(path).key") }
            if key != "" { faults.invalid("\(path).key", key, all: Names.qualified(key.string ?? "")) }
            let expression = note["valueExpression"]?.string ?? ""
            if expression.trimmed.isEmpty {
                faults.required("\(path).valueExpression", "valueExpression is not specified")
            }
            if !seen.insert(key).inserted { faults.duplicate("\(path).key", key) }
        }
    }

    // MARK: Bindings

    private static func checkBinding(_ spec: Value, _ matchPath: String, _ faults: inout Faults) {
        let name = spec["policyName"]?.string ?? ""
        if name.isEmpty {
            faults.required("spec.policyName")
        } else {
            faults.invalid("spec.policyName", .string(name), all: Names.subdomain(name))
        }
        if let reference = spec["paramRef"], !reference.isNull { checkParameter(reference, "spec.paramRef", &faults) }
        if let match = spec["matchResources"], !match.isNull { checkMatch(match, matchPath, &faults) }
    }

    private static func checkParameter(_ reference: Value, _ path: String, _ faults: inout Faults) {
        let name = reference["name"]?.string ?? ""
        let words = "name and selector are mutually exclusive"
        if !name.isEmpty {
            faults.invalid("\(path).name", .string(name), all: Names.pathSegment(name))
            if reference.has("selector") { faults.forbidden("\(path).name", words) }
        }
        if reference.has("selector") {
            faults.checkSelector(reference["selector"], "\(path).selector")
            if !name.isEmpty { faults.forbidden("\(path).selector", words) }
        } else if name.isEmpty {
            faults.required(path, "one of name or selector must be specified")
        }
        let action = reference["parameterNotFoundAction"]
        if (action?.string ?? "").isEmpty {
            faults.required("\(path).parameterNotFoundAction")
        } else {
            faults.check(action, in: ["Allow", "Deny"], "\(path).parameterNotFoundAction")
        }
    }

    private static func checkActions(_ actions: [Value], _ path: String, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, action) in actions.enumerated() {
            faults.check(action, in: ["Audit", "Deny", "Warn"], "\(path)[\(index)]")
            if !seen.insert(action).inserted { faults.duplicate("\(path)[\(index)]", action) }
        }
        if seen.isSuperset(of: ["Deny", "Warn"]) {
            faults.invalid(
                path, .array(actions),
                "must not contain both Deny and Warn (repeating the same validation failure information in the API "
                    + "response and headers serves no purpose)")
        }
        if seen.isEmpty { faults.required(path, "at least one validation action is required") }
    }
}
