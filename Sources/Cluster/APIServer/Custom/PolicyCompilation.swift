import API
import CEL
import Document

/// Compiles the expressions of policies of admission and of webhooks (pkg/apis/admissionregistration/validation).
struct PolicyCompilation {
    private var faults: [FieldError] = []
    private let hasParameters: Bool
    /// The types of the policy's own variables, as far as they are compiled; nil where it has none.
    private var own: [String: CELType]?

    private static let kinds: [String: String] = [
        "validatingadmissionpolicies": "policy", "mutatingadmissionpolicies": "policy",
        "validatingwebhookconfigurations": "webhooks", "mutatingwebhookconfigurations": "webhooks",
    ]

    /// - Parameters:
    ///   - name: of the resource, with its group.
    ///   - old: what the object replaces; conditions that stay as they were are not judged again.
    /// - Returns: nil for a resource without such expressions.
    static func faults(of object: Value, old: Value?, _ name: String) -> [FieldError]? {
        let parts = name.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, parts[1] == "admissionregistration.k8s.io", let kind = kinds[String(parts[0])] else {
            return nil
        }
        if kind == "policy" {
            if let old, old["spec"] == object["spec"] { return [] }
            return policy(object["spec"] ?? [:], old: old?["spec"])
        }
        var compilation = PolicyCompilation(hasParameters: false)
        let (hooks, before) = (object["webhooks"]?.array ?? [], old?["webhooks"]?.array ?? [])
        let isSame = hooks.map { $0["matchConditions"] ?? [] } == before.map { $0["matchConditions"] ?? [] }
        if old != nil, isSame { return [] }
        for (index, hook) in hooks.enumerated() { compilation.checkConditions(hook, "webhooks[\(index)]") }
        return compilation.faults
    }

    private init(hasParameters: Bool) { self.hasParameters = hasParameters }

    private static func policy(_ spec: Value, old: Value?) -> [FieldError] {
        var compilation = PolicyCompilation(hasParameters: spec["paramKind"]?.object != nil)
        let isSame = { (key: Text) in (spec[key] ?? .null) == (old?[key] ?? .null) }
        if old == nil || !isSame("paramKind") || !isSame("matchConditions") {
            compilation.checkConditions(spec, "spec")
        }
        compilation.checkVariables(spec["variables"]?.array ?? [])
        for (index, validation) in (spec["validations"]?.array ?? []).enumerated() {
            compilation.check(validation, "spec.validations[\(index)]")
        }
        for (index, note) in (spec["auditAnnotations"]?.array ?? []).enumerated() {
            compilation.checkNote(note, "spec.auditAnnotations[\(index)].valueExpression")
        }
        return compilation.faults
    }

    // MARK: Parts of a policy

    private mutating func checkConditions(_ object: Value, _ path: String) {
        for (index, condition) in (object["matchConditions"]?.array ?? []).enumerated() {
            let text = (condition["expression"]?.string ?? "").trimmed
            compile(text, ["bool"], "\(path).matchConditions[\(index)].expression", isAlone: true)
        }
    }

    private mutating func checkVariables(_ variables: [Value]) {
        if !variables.isEmpty { own = [:] }
        for (index, variable) in variables.enumerated() {
            let path = "spec.variables[\(index)]"
            let name = variable["name"]?.string ?? ""
            if !name.trimmed.isEmpty, !CELProgram.isName(name) {
                faults.append(
                    FieldError(
                        .invalid, "\(path).name", value: .string(Text(name)),
                        detail: "name is not a valid CEL identifier"))
            }
            let type = compile(variable["expression"]?.string ?? "", nil, "\(path).expression")
            own?[name] = type ?? .dyn
        }
    }

    private mutating func check(_ validation: Value, _ path: String) {
        compile(validation["expression"]?.string ?? "", ["bool"], "\(path).expression")
        compile(
            validation["messageExpression"]?.string ?? "", ["string"], "\(path).messageExpression", mayAsk: false)
    }

    /// How many bytes the expression of an annotation may have.
    private static let longestNote = 5 * 1024

    private mutating func checkNote(_ note: Value, _ path: String) {
        let text = note["valueExpression"]?.string ?? ""
        let trimmed = text.trimmed
        guard trimmed.utf8.count <= Self.longestNote else {
            let detail = "must not exceed \(Self.longestNote) bytes in length"
            return faults.append(FieldError(.required, path, shownValue: "", detail: detail))
        }
        compile(trimmed, ["string", "null_type"], path, shown: text)
    }

    // MARK: Expressions

    /// What expressions may refer to.
    ///
    /// - Parameters:
    ///   - mayAsk: whether that is the authorizer too.
    ///   - isAlone: whether they do not know of the policy's own variables.
    private func variables(mayAsk: Bool, isAlone: Bool) -> [String: CELType] {
        var variables: [String: CELType] = [
            "object": .dyn, "oldObject": .dyn, "namespaceObject": PolicyTypes.namespace,
            "request": PolicyTypes.request,
        ]
        if hasParameters { variables["params"] = .dyn }
        if mayAsk {
            variables["authorizer"] = .authorizer
            variables["authorizer.requestResource"] = .resourceCheck
        }
        if let own, !isAlone { variables["variables"] = .object("kubernetes.variables", own) }
        return variables
    }

    /// - Parameters:
    ///   - wanted: of which types its value may be; nil for any.
    ///   - shown: the expression as messages show it.
    /// - Returns: the type of its value; nil where it is empty or cannot be compiled.
    @discardableResult private mutating func compile(
        _ text: String, _ wanted: [String]?, _ path: String, mayAsk: Bool = true, isAlone: Bool = false,
        shown: String? = nil
    ) -> CELType? {
        // That one is missing is told where the rest of the object is judged.
        guard !text.trimmed.isEmpty else { return nil }
        func refuse(_ detail: String) -> FieldError {
            FieldError(.invalid, path, value: .string(Text(shown ?? text)), detail: detail)
        }
        do throws(CELFaults) {
            let program = try CELProgram(text, variables: variables(mayAsk: mayAsk, isAlone: isAlone))
            if let wanted, !wanted.contains(program.type.fullName) {
                let types = wanted.count == 1 ? wanted[0] : "one of [\(wanted.joined(separator: " "))]"
                faults.append(refuse("must evaluate to \(types) but got \(program.type.fullName)"))
                return nil
            }
            guard let failure = program.foldFailure else { return program.type }
            faults.append(
                FieldError(
                    .internalError, path, shownValue: "",
                    detail: "program instantiation failed: \(failure.message)"))
        } catch {
            faults.append(refuse("compilation failed: \(error.text(in: text))"))
        }
        return nil
    }
}

/// The types of what a request of admission is (k8s.io/apiserver/pkg/admission/plugin/cel).
private enum PolicyTypes {
    private static let texts = CELType.map(.string, .string)

    private static func names(_ type: String, _ last: String) -> CELType {
        .object("kubernetes.\(type)", ["group": .string, "version": .string, last: .string])
    }

    static let request: CELType = {
        let (kind, resource) = (names("GroupVersionKind", "kind"), names("GroupVersionResource", "resource"))
        let user = CELType.object(
            "kubernetes.UserInfo",
            [
                "username": .string, "uid": .string, "groups": .list(.string),
                "extra": .map(.string, .list(.string)),
            ])
        return .object(
            "kubernetes.AdmissionRequest",
            [
                "kind": kind, "resource": resource, "subResource": .string, "requestKind": kind,
                "requestResource": resource, "requestSubResource": .string, "name": .string, "namespace": .string,
                "operation": .string, "userInfo": user, "dryRun": .bool, "options": .dyn,
            ])
    }()

    static let namespace: CELType = {
        let condition = CELType.object(
            "kubernetes.NamespaceCondition",
            [
                "status": .string, "type": .string, "lastTransitionTime": .timestamp, "message": .string,
                "reason": .string,
            ])
        let metadata = CELType.object(
            "kubernetes.NamespaceMetadata",
            [
                "name": .string, "generateName": .string, "namespace": .string, "labels": texts,
                "annotations": texts, "UID": .string, "creationTimestamp": .timestamp,
                "deletionGracePeriodSeconds": .int, "deletionTimestamp": .timestamp, "generation": .int,
                "resourceVersion": .string, "finalizers": .list(.string),
            ])
        return .object(
            "kubernetes.Namespace",
            [
                "metadata": metadata,
                "spec": .object("kubernetes.NamespaceSpec", ["finalizers": .list(.string)]),
                "status": .object(
                    "kubernetes.NamespaceStatus", ["conditions": .list(condition), "phase": .string]),
            ])
    }()
}
