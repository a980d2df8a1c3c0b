import API
import Client
import Document
import TestSupport
import Testing

@testable import Controllers

struct PolicyTests {
    static let web: Text = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: nginx}]}
        """

    static func budget(_ spec: String) -> Text {
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web}
        spec: {selector: {matchLabels: {app: web}}, \(spec)}
        """.text
    }

    @Test(arguments: [
        ("minAvailable: 2", 2, 1), ("minAvailable: 50%", 2, 1), ("maxUnavailable: 1", 2, 1),
        ("maxUnavailable: 34%", 1, 2), ("minAvailable: 5", 5, 0),
    ])
    func tellsHowManyPodsMayGo(_ spec: String, desired: Int, allowed: Int) async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.web, .deployments)
            try await rig.apply(Self.budget(spec), .podDisruptionBudgets)
            try await wait(for: "three healthy pods") {
                try await rig.get(.podDisruptionBudgets, "web")["status", "currentHealthy"]?.int == 3
            }
            let budget = try await rig.get(.podDisruptionBudgets, "web")
            #expect(budget["status", "desiredHealthy"]?.int == desired)
            #expect(budget["status", "disruptionsAllowed"]?.int == allowed)
            #expect(budget["status", "expectedPods"]?.int == 3)
            #expect(
                budget.condition("DisruptionAllowed")
                    == Condition(
                        "DisruptionAllowed", allowed > 0, reason: allowed > 0 ? "SufficientPods" : "InsufficientPods"))
            #expect(budget["status", "conditions"]?.array?.first?["observedGeneration"]?.int == 1)
        }
    }

    /// What the API server notes at an eviction counts until the pod goes, two minutes at most.
    @Test func countsEvictionsThatAreUnderWay() async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.web, .deployments)
            try await rig.apply(Self.budget("minAvailable: 1"), .podDisruptionBudgets)
            try await wait(for: "two that may go") {
                try await rig.get(.podDisruptionBudgets, "web")["status", "disruptionsAllowed"]?.int == 2
            }
            let pod = try #require(try await rig.list(.pods).first).name
            let noted: Value = ["status": ["disruptedPods": [Text(pod): .string(rig.clock.now.description)]]]
            try await rig.patch(.podDisruptionBudgets, "web", noted, status: true)
            try await wait(for: "one that may go") {
                try await rig.get(.podDisruptionBudgets, "web")["status", "disruptionsAllowed"]?.int == 1
            }
            let passed = try await rig.pass(until: "the eviction to be forgotten") {
                try await rig.get(.podDisruptionBudgets, "web")["status", "disruptionsAllowed"]?.int == 2
            }
            #expect(passed >= .seconds(119))
        }
    }

    @Test func allowsNothingWhereNobodyKnowsTheNumber() async throws {
        try await Rig.run(kubelet: true) { rig in
            let owned: Text = """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: p
                  labels: {app: web}
                  ownerReferences: [{apiVersion: example.org/v1, kind: Thing, name: t, uid: u, controller: true}]
                spec: {containers: [{name: c, image: x}]}
                """
            try await rig.apply(owned, .pods)
            try await rig.apply(Self.budget("maxUnavailable: 1"), .podDisruptionBudgets)
            try await wait(for: "the failure") {
                try await rig.get(.podDisruptionBudgets, "web").condition("DisruptionAllowed")?.reason == "SyncFailed"
            }
            #expect(try await rig.get(.podDisruptionBudgets, "web")["status", "disruptionsAllowed"]?.int == 0)
        }
    }

    static let scaler: Text = """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web}
        spec: {minReplicas: 4, maxReplicas: 6, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
        """

    /// Without metrics the limits hold nevertheless.
    @Test func scalesIntoLimitsAndSaysWhatIsMissing() async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.scaler, .horizontalPodAutoscalers)
            try await rig.pass(until: "the missing target") {
                try await rig.get(.horizontalPodAutoscalers, "web").condition("AbleToScale")?.reason == "FailedGetScale"
            }
            #expect(
                try await rig.get(.horizontalPodAutoscalers, "web").condition("AbleToScale")?.message
                    == "the HPA controller was unable to get the target's current scale: deployments.apps \"web\" not found"
            )
            try await rig.apply(Self.web, .deployments)
            try await rig.pass(until: "four pods") {
                try await rig.get(.deployments, "web")["spec", "replicas"]?.int == 4
            }
            try await rig.pass(until: "what is missing") {
                try await rig.get(.horizontalPodAutoscalers, "web").condition("ScalingActive") != nil
            }
            let scaler = try await rig.get(.horizontalPodAutoscalers, "web")
            #expect(scaler.condition("ScalingActive")?.reason == "FailedGetResourceMetric")
            #expect(scaler.condition("ScalingActive")?.message.contains("(get pods.metrics.k8s.io)") == true)
            #expect(scaler.isTrue("AbleToScale"))
            #expect(scaler["status", "desiredReplicas"]?.int == 4)
            #expect(scaler["status", "lastScaleTime"] != nil)
        }
    }

    @Test(
        arguments: [
            (1, nil, 0), (100, 0, 0), (101, 0, 15), (95, 15, 15), (89, 15, 0), (5000, nil, 300),
        ] as [(Int, Int?, Int)])
    func nodesMayKeepSecretsLongerWhereThereAreMany(nodes: Int, before: Int?, seconds: Int) {
        #expect(NodeTTLController.seconds(nodes: nodes, before: before) == seconds)
    }

    @Test func notesHowLongNodesMayKeepSecrets() async throws {
        try await Rig.run { rig in
            _ = try await rig.client.create(.nodes, ["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
            try await wait(for: "the annotation") {
                try await rig.client.get(.nodes, name: "n1").annotation("node.alpha.kubernetes.io/ttl") == "0"
            }
        }
    }
}

extension String {
    fileprivate var text: Text { Text(self) }
}
