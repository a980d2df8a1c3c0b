import API
import Client
import Document
import TestSupport
import Testing

@testable import APIServer

/// One object, read and written in several versions.
struct VersionTests {
    private static let scaling = "/autoscaling/v1/namespaces/default/horizontalpodautoscalers"

    private func autoscaler(_ version: String, _ spec: Value) -> Value {
        var whole: Value = ["scaleTargetRef": ["kind": "Deployment", "name": "d", "apiVersion": "apps/v1"]]
        for member in spec.object ?? [:] { whole[member.key] = member.value }
        return [
            "apiVersion": .string("autoscaling/\(version)"), "kind": "HorizontalPodAutoscaler",
            "metadata": ["name": "h", "namespace": "default"], "spec": whole,
        ]
    }

    private func ask(
        _ server: ServerFixture, _ method: APIRequest.Method, _ path: String, _ body: Value? = nil,
        type: String = "application/json"
    ) async throws -> Value {
        let answer = try await server.send(method, "/apis\(path)", type: type, body: body.map { .value($0) })
        #expect(answer.code < 300, "\(path): \(answer.body)")
        return answer.body
    }

    @Test func autoscalersOfTheFirstVersionKeepTheRestInAnnotations() async throws {
        let server = try await ServerFixture.started()
        let metrics: Value = [
            [
                "type": "Resource",
                "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 60]],
            ],
            [
                "type": "Pods",
                "pods": ["metric": ["name": "rps"], "target": ["type": "AverageValue", "averageValue": "10"]],
            ],
        ]
        let second = Self.scaling.replacing("v1/", with: "v2/")
        let made = try await ask(
            server, .post, second, autoscaler("v2", ["maxReplicas": 5, "metrics": metrics]))
        #expect(made["spec", "metrics"] == metrics)
        let first = try await ask(server, .get, "\(Self.scaling)/h")
        #expect(first.apiVersion == "autoscaling/v1" && first["spec", "targetCPUUtilizationPercentage"] == 60)
        #expect(first["spec", "metrics"] == nil)
        let kept = first["metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics"]?.text
        #expect(
            try kept.map { try JSON.parse($0) } == [
                ["type": "Pods", "pods": ["metricName": "rps", "targetAverageValue": "10"]]
            ])
        var changed = first
        changed["spec", "targetCPUUtilizationPercentage"] = 70
        _ = try await ask(server, .put, "\(Self.scaling)/h", changed)
        let again = try await ask(server, .get, "\(second)/h")
        #expect(
            again["spec", "metrics"]?.array?.first?["resource", "target", "averageUtilization"] == 70
                && again["spec", "metrics"]?.array?.last == metrics.array?.last)
        #expect(again["metadata", "annotations"] == nil && again.generation == made.generation)
    }

    @Test func anAutoscalerOfTheFirstVersionGetsTheUsualTarget() async throws {
        let server = try await ServerFixture.started()
        let made = try await ask(server, .post, Self.scaling, autoscaler("v1", ["maxReplicas": 3]))
        #expect(made.apiVersion == "autoscaling/v1" && made["spec", "minReplicas"] == 1)
        let first = try await ask(server, .get, "\(Self.scaling)/h")
        #expect(first["spec", "targetCPUUtilizationPercentage"] == 80)
        let list = try await ask(server, .get, Self.scaling)
        #expect(list["items"]?.array?.first?["spec", "targetCPUUtilizationPercentage"] == 80)
        let second = try await ask(server, .get, Self.scaling.replacing("v1/", with: "v2/") + "/h")
        #expect(second["spec", "metrics"]?.array?.first?["resource", "target", "averageUtilization"] == 80)
    }

    @Test func eventsHaveTheirNamesInBothGroups() async throws {
        let server = try await ServerFixture.started()
        let new: Value = [
            "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": ["name": "e", "namespace": "default"],
            "eventTime": "2026-01-02T03:04:05.000006Z", "reportingController": "example.com/c",
            "reportingInstance": "c-1", "action": "Act", "reason": "Because", "type": "Normal", "note": "said",
            "regarding": ["kind": "Pod", "name": "p", "namespace": "default"],
        ]
        let path = "/events.k8s.io/v1/namespaces/default/events"
        let made = try await ask(server, .post, path, new)
        #expect(made["note"] == "said" && made["message"] == nil && made.apiVersion == "events.k8s.io/v1")
        let old = try await server.send(.get, "/api/v1/namespaces/default/events/e").body
        #expect(old["message"] == "said" && old["involvedObject", "name"] == "p" && old["note"] == nil)
        #expect(old["reportingComponent"] == "example.com/c" && old["eventTime"] == new["eventTime"])
        let chosen = try await server.send(
            .get, "/apis\(path)", query: [("fieldSelector", "regarding.name=p,reason=Because")])
        #expect(chosen.body["items"]?.array?.count == 1, "\(chosen.body)")
        let patched = try await ask(
            server, .patch, "\(path)/e", ["series": ["count": 2, "lastObservedTime": "2026-01-02T03:05:05.000000Z"]],
            type: "application/merge-patch+json")
        #expect(patched["series", "count"] == 2 && patched["regarding", "name"] == "p")
        let count = try await server.send(.get, "/api/v1/namespaces/default/events/e").body
        #expect(count["series", "count"] == 2 && count["message"] == "said")
    }

    /// A version of a definition's schema with a size and more.
    private func version(_ name: String, isStored: Bool, _ more: Value) -> Value {
        var properties: Value = ["size": ["type": "integer"]]
        for member in more.object ?? [:] { properties[member.key] = member.value }
        let spec: Value = ["type": "object", "properties": properties]
        return [
            "name": .string(name), "served": true, "storage": .bool(isStored),
            "schema": ["openAPIV3Schema": ["type": "object", "properties": ["spec": spec]]],
        ]
    }

    private func define(_ server: ServerFixture, _ versions: [Value]) async throws {
        _ = try await server.client.create(
            ServerFixture.definitions,
            [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": "things.example.com"],
                "spec": [
                    "group": "example.com", "scope": "Namespaced", "names": ["plural": "things", "kind": "Thing"],
                    "conversion": ["strategy": "None"], "versions": .array(versions),
                ],
            ])
    }

    @Test func versionsOfADefinitionDifferInTheirNameAlone() async throws {
        let server = try await ServerFixture.started()
        try await define(
            server,
            [
                version("v1", isStored: true, ["color": ["type": "string", "default": "red"]]),
                version("v1beta1", isStored: false, ["old": ["type": "string"]]),
            ])
        func path(_ version: String) -> String { "/example.com/\(version)/namespaces/default/things" }
        let made = try await ask(
            server, .post, path("v1beta1"),
            [
                "apiVersion": "example.com/v1beta1", "kind": "Thing", "metadata": ["name": "t"],
                "spec": ["size": 1, "old": "x"],
            ])
        #expect(made.apiVersion == "example.com/v1beta1")
        let stored = try await ask(server, .get, "\(path("v1"))/t")
        #expect(stored.apiVersion == "example.com/v1" && stored["spec", "size"] == 1)
        #expect(stored["spec", "color"] == "red", "\(stored)")
        let list = try await ask(server, .get, path("v1beta1"))
        #expect(list.apiVersion == "example.com/v1beta1")
        #expect(list["items"]?.array?.first?.apiVersion == "example.com/v1beta1")
        var changed = stored
        changed["spec", "size"] = 2
        _ = try await ask(server, .put, "\(path("v1"))/t", changed)
        #expect(try await ask(server, .get, "\(path("v1beta1"))/t")["spec", "size"] == 2)
        let services = try await ask(server, .get, "/apiregistration.k8s.io/v1/apiservices")
        let names = services["items"]?.array?.map(\.name) ?? []
        #expect(names.contains("v1.example.com") && names.contains("v1beta1.example.com"))
    }
}
