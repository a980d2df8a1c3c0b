import API
import Client
import Document
import TestSupport
import Testing

struct ReplicaSetTests {
    static let set: Text = """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: nginx}]}
        """

    @Test func makesAndRemovesPods() async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(Self.set, .replicaSets)
            try await wait(for: "three available pods") {
                try await rig.get(.replicaSets, "web")["status", "availableReplicas"]?.int == 3
            }
            let pods = try await rig.list(.pods)
            #expect(pods.count == 3)
            #expect(pods.allSatisfy { $0.name.hasPrefix("web-") && $0.controller?.kind == "ReplicaSet" })
            try await rig.patch(.replicaSets, "web", ["spec": ["replicas": 1]])
            try await wait(for: "one pod") { try await rig.list(.pods).count == 1 }
            try await wait(for: "its status") {
                try await rig.get(.replicaSets, "web")["status", "replicas"]?.int == 1
            }
            try await wait(for: "events") { try await rig.events(of: "web").count == 5 }
        }
    }

    /// The same loop under its older name, with the older form of selector.
    @Test func keepsPodsOfReplicationControllers() async throws {
        try await Rig.run(kubelet: true) { rig in
            let old: Text = """
                apiVersion: v1
                kind: ReplicationController
                metadata: {name: web}
                spec:
                  replicas: 2
                  selector: {app: web}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: nginx}]}
                """
            try await rig.apply(old, .replicationControllers)
            try await wait(for: "two available pods") {
                try await rig.get(.replicationControllers, "web")["status", "availableReplicas"]?.int == 2
            }
            #expect(try await rig.list(.pods).allSatisfy { $0.controller?.kind == "ReplicationController" })
            #expect(
                try await rig.get(.replicationControllers, "web")["status"] == [
                    "replicas": 2, "fullyLabeledReplicas": 2, "readyReplicas": 2, "availableReplicas": 2,
                    "observedGeneration": 1,
                ])
            try await rig.client.delete(
                .replicationControllers, namespace: "default", name: "web", DeleteOptions(propagation: .foreground))
            try await wait(for: "its end") {
                let left = try await rig.list(.pods) + rig.list(.replicationControllers)
                return left.isEmpty
            }
        }
    }

    @Test func adoptsAndReleasesByLabels() async throws {
        try await Rig.run(kubelet: true) { rig in
            let orphan: Text = """
                {apiVersion: v1, kind: Pod, metadata: {name: stray, labels: {app: web}},
                 spec: {containers: [{name: c, image: x}]}}
                """
            try await rig.apply(orphan, .pods)
            try await rig.apply(Self.set, .replicaSets)
            try await wait(for: "adoption") {
                let pods = try await rig.list(.pods)
                return pods.count == 3 && pods.contains { $0.name == "stray" && $0.controller?.name == "web" }
            }
            try await rig.patch(.pods, "stray", ["metadata": ["labels": ["app": "other"]]])
            try await wait(for: "release and another pod") {
                let pods = try await rig.list(.pods)
                return pods.count == 4 && pods.contains { $0.name == "stray" && $0.controller == nil }
            }
        }
    }
}
