import API
import Client
import Document
import Testing

@testable import APIServer

/// What is refused and in which words, where no recording shows it: Kubernetes' documentation and its API conventions say
/// what is wrong, neighbouring recordings how it is said.
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let body: String
        let message: String
        var code = 422
        /// What stands there before.
        var before: String?
        /// Of an update: the name of what changes.
        var name: String?

        var testDescription: String { message }
    }

    private static let ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses"
    private static let reviews = "/apis/authorization.k8s.io/v1"
    private static let sets = "/apis/apps/v1/namespaces/default/daemonsets"

    private static let quotas = "/api/v1/namespaces/default/resourcequotas"

    private static func ingress(_ path: String) -> String {
        #"{"metadata":{"name":"i"},"spec":{"rules":[{"http":{"paths":[\#(path)]}}]}}"#
    }

    static let cases = [
        Case(
            path: ingresses, body: ingress(#"{"path":"x","backend":{}}"#),
            message:
                "Ingress.networking.k8s.io \"i\" is invalid: spec.rules[0].http.paths[0].pathType: Required value: "
                + "pathType must be specified"),
        Case(
            path: ingresses, body: ingress(#"{"path":"/a//b","pathType":"Exact","backend":{}}"#),
            message: "Ingress.networking.k8s.io \"i\" is invalid: [spec.rules[0].http.paths[0].path: Invalid value: "
                + "\"/a//b\": must not contain '//', spec.rules[0].http.paths[0].backend: Invalid value: \"\": resource "
                + "or service backend is required]"),
        Case(
            path: ingresses, body: ingress(#"{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s"}}}"#),
            message: "Ingress.networking.k8s.io \"i\" is invalid: spec.rules[0].http.paths[0].backend: Required value: "
                + "port name or number is required"),
        Case(
            path: ingresses, body: #"{"metadata":{"name":"i"},"spec":{}}"#,
            message:
                "Ingress.networking.k8s.io \"i\" is invalid: spec: Invalid value: null: either `defaultBackend` or "
                + "`rules` must be specified"),
        Case(
            path: "\(reviews)/selfsubjectaccessreviews", body: #"{"spec":{}}"#,
            message: ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: null: exactly one "
                + "of nonResourceAttributes or resourceAttributes must be specified"),
        Case(
            path: "\(reviews)/subjectaccessreviews", body: #"{"spec":{"resourceAttributes":{"verb":"get"}}}"#,
            message: ".authorization.k8s.io \"\" is invalid: spec.user: Invalid value: \"\": at least one of user or "
                + "group must be specified"),
        Case(
            path: "\(reviews)/selfsubjectaccessreviews",
            body: #"{"metadata":{"name":"x"},"spec":{"resourceAttributes":{"verb":"get","fieldSelector":{},"#
                + #""labelSelector":{"rawSelector":"a","requirements":[{"operator":"In"}]}}}}"#,
            message:
                ".authorization.k8s.io \"\" is invalid: [spec.resourceAttributes.fieldSelector.requirements: Required "
                + "value: when spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is "
                + "required, spec.resourceAttributes.labelSelector.rawSelector: Invalid value: \"a\": may not specified at "
                + "the same time as requirements, spec.resourceAttributes.labelSelector.requirements[0].key: Required "
                + "value: must be specified, spec.resourceAttributes.labelSelector.requirements[0].values: Required "
                + "value: must be specified when `operator` is 'In' or 'NotIn', metadata: Invalid value: "
                + "{\"name\":\"x\"}: must be empty]"),
        Case(
            path: "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews",
            body: #"{"spec":{"user":"a","resourceAttributes":{"verb":"get","namespace":"other"}}}"#,
            message: ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes.namespace: Invalid value: "
                + "\"other\": must match metadata.namespace"),
        Case(
            path: "\(reviews)/selfsubjectrulesreviews", body: #"{"spec":{}}"#, message: "no namespace on request",
            code: 400),
        Case(
            path: "/apis/authentication.k8s.io/v1/tokenreviews", body: #"{"spec":{}}"#,
            message: "token is required for TokenReview in authentication", code: 400),
        Case(
            path: quotas, body: #"{"metadata":{"name":"q"},"spec":{"hard":{"nope":"1"}}}"#,
            message: "ResourceQuota \"q\" is invalid: [spec.hard[nope]: Invalid value: \"nope\": must be a standard "
                + "resource type or fully qualified, spec.hard[nope]: Invalid value: \"nope\": must be a standard "
                + "resource for quotas]"),
        Case(
            path: quotas, body: #"{"metadata":{"name":"q"},"spec":{"hard":{"storage":"1"}}}"#,
            message: "ResourceQuota \"q\" is invalid: spec.hard[storage]: Invalid value: \"storage\": must be a "
                + "standard resource for quotas"),
        Case(
            path: "/api/v1/namespaces/default/limitranges",
            body: #"{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Pod","max":{"pods":"1"}}]}}"#,
            message: "LimitRange \"l\" is invalid: spec.limits[0].max[pods]: Invalid value: \"pods\": must be a "
                + "standard resource for containers"),
        Case(
            path: sets,
            body: #"{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":"#
                + #"{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},"updateStrategy":"#
                + #"{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":1}}}}"#,
            message:
                "DaemonSet.apps \"d\" is invalid: spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may "
                + "not be set when maxUnavailable is non-zero"),
    ]

    private static let maps = "/api/v1/namespaces/default/configmaps"
    private static let classes = "/apis/scheduling.k8s.io/v1/priorityclasses"

    static let changes = [
        Case(
            path: maps, body: #"{"metadata":{"name":"c","deletionTimestamp":"2026-01-01T00:00:00Z"}}"#,
            message: "ConfigMap \"c\" is invalid: metadata.deletionTimestamp: Invalid value: "
                + "\"2026-01-01T00:00:00Z\": field is immutable", before: #"{"metadata":{"name":"c"}}"#, name: "c"),
        Case(
            path: maps, body: #"{"metadata":{"name":"c","deletionGracePeriodSeconds":1}}"#,
            message: "ConfigMap \"c\" is invalid: metadata.deletionGracePeriodSeconds: Invalid value: 1: field is "
                + "immutable", before: #"{"metadata":{"name":"c"}}"#, name: "c"),
        Case(
            path: classes, body: #"{"metadata":{"name":"b"},"value":1,"globalDefault":true}"#,
            message: "priorityclasses.scheduling.k8s.io \"b\" is forbidden: PriorityClass a is already marked as "
                + "default. Only one default can exist", code: 403,
            before: #"{"metadata":{"name":"a"},"value":1,"globalDefault":true}"#),
    ]

    @Test(arguments: cases + changes) func isRefused(refusal: Case) async throws {
        let server = try await ServerFixture.started()
        if let before = refusal.before {
            #expect(try await server.send(.post, refusal.path, body: .bytes(Array(before.utf8))).code == 201)
        }
        let path = refusal.name.map { "\(refusal.path)/\($0)" } ?? refusal.path
        let answer = try await server.send(
            refusal.name == nil ? .post : .put, path, body: .bytes(Array(refusal.body.utf8)))
        #expect(answer.code == refusal.code)
        #expect(answer.body["message"]?.string == refusal.message)
    }

    @Test func tokensOfPagesThatNobodyGaveAreToldApart() async throws {
        let server = try await ServerFixture.started()
        let path = ServerFixture.configMaps.path(namespace: "default")
        // "zzz" is the bytes CF 3C: no JSON begins so.
        let answer = try await server.send(.get, path, query: [("continue", "zzz")])
        #expect(answer.code == 400)
        #expect(
            answer.body["message"]?.string
                == "invalid continue token: continue key is not valid: invalid character 'Ï' looking for beginning of value"
        )
    }
}
