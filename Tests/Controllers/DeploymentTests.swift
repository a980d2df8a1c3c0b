import API
import Client
import Document
import TestSupport
import Testing

struct DeploymentTests {
    static func deployment(_ replicas: Int, strategy: String = "RollingUpdate") -> Text {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: \(replicas)
          strategy: {type: \(strategy)}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: "nginx:1"}]}
        """
    }

    static func image(_ name: String) -> Value {
        ["spec": ["template": ["spec": ["containers": [["name": "c", "image": .string(name)]]]]]]
    }

    @Test(arguments: ["RollingUpdate", "Recreate"]) func rolls(strategy: String) async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.deployment(3, strategy: strategy), .deployments)
            try await complete(rig, replicas: 3)
            let first = try await rig.get(.deployments, "web")
            #expect(first.annotation("deployment.kubernetes.io/revision") == "1")
            #expect(first.condition("Progressing")?.reason == "NewReplicaSetAvailable")
            #expect(first.condition("Available")?.message == "Deployment has minimum availability.")

            try await rig.patch(.deployments, "web", Self.image("nginx:2"))
            try await complete(rig, replicas: 3)
            let second = try await rig.get(.deployments, "web")
            #expect(second.annotation("deployment.kubernetes.io/revision") == "2")
            #expect(
                try await rig.list(.replicaSets).map { $0["spec", "replicas"]?.int }.sorted { $0 ?? 0 < $1 ?? 0 } == [
                    0, 3,
                ])

            // Back to the first template: its ReplicaSet comes back under the next revision.
            try await rig.patch(.deployments, "web", Self.image("nginx:1"))
            try await complete(rig, replicas: 3)
            let third = try await rig.get(.deployments, "web")
            #expect(third.annotation("deployment.kubernetes.io/revision") == "3")
            let sets = try await rig.list(.replicaSets)
            #expect(sets.count == 2)
            let back = try #require(sets.first { $0["spec", "replicas"]?.int == 3 })
            #expect(back.annotation("deployment.kubernetes.io/revision-history") == "1")
        }
    }

    @Test func scalesAndSaysSo() async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.deployment(2), .deployments)
            try await complete(rig, replicas: 2)
            try await rig.patch(.deployments, "web", ["spec": ["replicas": 5]])
            try await complete(rig, replicas: 5)
            try await wait(for: "events") { try await rig.events(of: "web").count == 2 }
            let name = try #require(try await rig.list(.replicaSets).first?.name)
            #expect(
                try await rig.events(of: "web") == [
                    "ScalingReplicaSet Scaled up replica set \(name) from 0 to 2",
                    "ScalingReplicaSet Scaled up replica set \(name) from 2 to 5",
                ])
        }
    }

    @Test func noticesThatNothingMoves() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.deployment(1), .deployments)
            try await wait(for: "progress") {
                try await rig.get(.deployments, "web").condition("Progressing")?.reason == "ReplicaSetUpdated"
            }
            let passed = try await rig.pass(until: "the deadline", step: .seconds(10)) {
                try await rig.get(.deployments, "web").condition("Progressing")?.reason == "ProgressDeadlineExceeded"
            }
            #expect(passed >= .seconds(600))
        }
    }

    @Test func deletionTakesAllAlong() async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.deployment(2), .deployments)
            try await complete(rig, replicas: 2)
            try await rig.client.delete(.deployments, namespace: "default", name: "web")
            try await wait(for: "an empty namespace") {
                let left = try await rig.list(.pods) + rig.list(.replicaSets)
                return left.isEmpty
            }
        }
    }

    private func complete(_ rig: Rig, replicas: Int) async throws {
        try await wait(for: "the roll-out") {
            let deployment = try await rig.get(.deployments, "web")
            let status = deployment["status"]
            return status?["observedGeneration"]?.int == deployment.generation
                && status?["updatedReplicas"]?.int == replicas && status?["replicas"]?.int == replicas
                && status?["availableReplicas"]?.int == replicas
                && deployment.condition("Progressing")?.reason == "NewReplicaSetAvailable"
        }
    }
}
