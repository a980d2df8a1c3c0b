import API
import Client
import Document
import Testing

@testable import APIServer

/// Expressions of policies of admission and of webhooks, which are compiled before they are stored.
struct PolicyExpressionTests {
    private static let group = "/apis/admissionregistration.k8s.io/v1"

    private static func policy(_ spec: Value) -> Value {
        let match: Value = [
            "resourceRules": [
                ["apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]]
            ]
        ]
        var whole: Value = [
            "matchConstraints": match, "validations": [["expression": "true"]],
            "variables": [["name": "n", "expression": "request.name"], ["name": "a", "expression": "object.spec.x"]],
        ]
        for member in spec.object ?? [:] { whole[member.key] = member.value }
        return [
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
            "metadata": ["name": "p"], "spec": whole,
        ]
    }

    private static func faults(_ object: Value, _ resource: String) async throws -> [String] {
        let server = try await ServerFixture.started()
        let answer = try await server.send(.post, "\(group)/\(resource)", body: .value(object))
        if answer.code == 201 { return [] }
        return (answer.body["details", "causes"]?.array ?? []).map { cause in
            "\(cause["field"]?.string ?? ""): \(cause["message"]?.string ?? "")"
        }
    }

    /// What upstream's compiler (k8s.io/apiserver/pkg/admission/plugin/cel) was seen to say of each.
    @Test(
        arguments: [
            ("object.spec.replicas > 1 && variables.a > 1 && variables.n == 'a'", ""),
            ("request.userInfo.extra['a'][0] == 'b' && request.namespace == 'a'", ""),
            ("namespaceObject.metadata.labels['a'] == 'b' && oldObject == null", ""),
            ("authorizer.requestResource.check('get').allowed()", ""),
            ("authorizer.group('').resource('pods').namespace('x').check('get').reason() == 'a'", ""),
            ("request.foo == 'a'", "ERROR: <input>:1:8: undefined field 'foo'\n | request.foo == 'a'\n | .......^"),
            ("variables.zz == 1", "ERROR: <input>:1:10: undefined field 'zz'"),
            ("variables.n > 1", "found no matching overload for '_>_' applied to '(string, int)'"),
            ("params.x == 1", "undeclared reference to 'params'"), ("self.x == 1", "undeclared reference to 'self'"),
            (
                "authorizer.requestResource.foo",
                "unexpected failed resolution of 'kubernetes.authorization.ResourceCheck'"
            ),
            ("object.spec.replicas", "must evaluate to bool but got dyn"),
            ("{'a': duration('1s')}", "must evaluate to bool but got map(string, google.protobuf.Duration)"),
            ("int('a') == 1", "Internal error: program instantiation failed: type conversion error from 'string' to"),
        ])
    func validationsAreCompiled(expression: String, fault: String) async throws {
        let faults = try await Self.faults(
            Self.policy(["validations": [["expression": .string(Text(expression))]]]), "validatingadmissionpolicies")
        #expect(faults.isEmpty == fault.isEmpty, "\(faults)")
        #expect(
            faults.allSatisfy { $0.hasPrefix("spec.validations[0].expression: ") && $0.contains(fault) }, "\(faults)")
    }

    @Test func otherExpressionsOfPoliciesAreCompiled() async throws {
        let spec: Value = [
            "validations": [["expression": "true", "messageExpression": "authorizer.path('/').check('get').reason()"]],
            "auditAnnotations": [["key": "k", "valueExpression": " 1 "], ["key": "l", "valueExpression": "null"]],
            "matchConditions": [["name": "c", "expression": "variables.n == ''"]],
            "variables": [["name": "n", "expression": "request.nope"], ["name": "in", "expression": "1"]],
        ]
        let faults = try await Self.faults(Self.policy(spec), "validatingadmissionpolicies")
        let parts = [
            ("spec.matchConditions[0].expression", "undeclared reference to 'variables'"),
            ("spec.variables[0].expression", "undefined field 'nope'"),
            ("spec.variables[1].name", "Invalid value: \"in\": name is not a valid CEL identifier"),
            ("spec.validations[0].messageExpression", "undeclared reference to 'authorizer'"),
            (
                "spec.auditAnnotations[0].valueExpression",
                "Invalid value: \" 1 \": must evaluate to one of [string null_type] but got int"
            ),
        ]
        #expect(faults.count == parts.count, "\(faults)")
        for (fault, part) in zip(faults, parts) {
            #expect(fault.hasPrefix("\(part.0): ") && fault.contains(part.1), "\(fault)")
        }
    }

    @Test func conditionsOfWebhooksAreCompiled() async throws {
        let conditions: Value = [["name": "a", "expression": "object.x == 1"], ["name": "b", "expression": "nope"]]
        let hook: Value = [
            "name": "a.b.c", "clientConfig": ["url": "https://a/b"], "sideEffects": "None",
            "admissionReviewVersions": ["v1"], "matchConditions": conditions,
        ]
        let faults = try await Self.faults(
            [
                "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
                "metadata": ["name": "w"], "webhooks": [hook],
            ], "validatingwebhookconfigurations")
        #expect(faults.count == 1)
        #expect(
            faults.first?.hasPrefix(
                "webhooks[0].matchConditions[1].expression: Invalid value: \"nope\": compilation failed: ") == true)
    }
}
