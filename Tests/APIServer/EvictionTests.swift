import API
import Client
import Document
import Testing

@testable import APIServer

/// What disruption budgets say to evictions.
struct EvictionTests {
    private static let pods = GroupVersionResource(group: "", version: "v1", resource: "pods")
    private static let budgets = GroupVersionResource(group: "policy", version: "v1", resource: "poddisruptionbudgets")

    /// A server with a running pod and, where `allowed` says so, a budget with so many disruptions left.
    private func server(allowed: Int?, isReady: Bool = true, observed: Int = 1) async throws -> ServerFixture {
        let server = try await ServerFixture.started()
        _ = try await server.client.create(
            GroupVersionResource(group: "", version: "v1", resource: "serviceaccounts"),
            ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default", "namespace": "default"]])
        _ = try await server.client.create(
            Self.pods,
            [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": ["name": "p", "namespace": "default", "labels": ["a": "b"]],
                "spec": ["containers": [["name": "c", "image": "i"]]],
            ])
        let status: Value = [
            "status": ["phase": "Running", "conditions": [["type": "Ready", "status": isReady ? "True" : "False"]]]
        ]
        try await patch(server, "/api/v1/namespaces/default/pods/p/status", status)
        guard let allowed else { return server }
        _ = try await server.client.create(
            Self.budgets,
            [
                "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                "metadata": ["name": "budget", "namespace": "default"],
                "spec": ["minAvailable": 1, "selector": ["matchLabels": ["a": "b"]]],
            ])
        let counted: Value = [
            "status": [
                "disruptionsAllowed": .int(allowed), "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1,
                "observedGeneration": .int(observed),
            ]
        ]
        try await patch(
            server, "/apis/policy/v1/namespaces/default/poddisruptionbudgets/budget/status", counted)
        return server
    }

    private func patch(_ server: ServerFixture, _ path: String, _ change: Value) async throws {
        let answer = try await server.send(
            .patch, path, type: "application/merge-patch+json", body: .value(change))
        #expect(answer.code == 200, "\(answer.body)")
    }

    private func evict(_ server: ServerFixture) async throws -> (code: Int, body: Value) {
        let eviction: Value = ["apiVersion": "policy/v1", "kind": "Eviction", "metadata": ["name": "p"]]
        let answer = try await server.send(
            .post, "/api/v1/namespaces/default/pods/p/eviction", body: .value(eviction))
        return (answer.code, answer.body)
    }

    private func pod(_ server: ServerFixture) async throws -> Value? {
        try await server.client.find(Self.pods, namespace: "default", name: "p")
    }

    @Test func withoutABudgetThePodGoes() async throws {
        let server = try await server(allowed: nil)
        let answer = try await evict(server)
        #expect(answer.code == 201 && answer.body["status"] == "Success")
        #expect(try await pod(server) == nil)
    }

    @Test func anEmptyBudgetKeepsThePodAndSaysWhy() async throws {
        let server = try await server(allowed: 0)
        let answer = try await evict(server)
        #expect(answer.code == 429 && answer.body["reason"] == "TooManyRequests")
        #expect(answer.body["message"] == "Cannot evict pod as it would violate the pod's disruption budget.")
        #expect(answer.body["details", "causes"]?.array?.first?["reason"] == "DisruptionBudget")
        #expect(
            answer.body["details", "causes"]?.array?.first?["message"]
                == "The disruption budget budget needs 1 healthy pods and has 1 currently")
        #expect(try await pod(server)?.condition("DisruptionTarget") == nil)
    }

    @Test func aBudgetPaysForThePodThatGoes() async throws {
        let server = try await server(allowed: 1)
        #expect(try await evict(server).code == 201)
        #expect(try await pod(server) == nil)
        let budget = try await server.client.get(Self.budgets, namespace: "default", name: "budget")
        #expect(budget["status", "disruptionsAllowed"] == 0)
        #expect(budget["status", "disruptedPods", "p"]?.string != nil)
        #expect(budget.condition("DisruptionAllowed")?.status == "False")
    }

    @Test func whatIsNotReadyCountsForNothingWhileEnoughOthersAre() async throws {
        let server = try await server(allowed: 0, isReady: false)
        #expect(try await evict(server).code == 201)
    }

    @Test func aBudgetThatNobodyHasCountedYetMakesWait() async throws {
        let server = try await server(allowed: 1, observed: 0)
        let answer = try await evict(server)
        #expect(answer.code == 429 && answer.body["details", "retryAfterSeconds"] == 10)
    }
}
