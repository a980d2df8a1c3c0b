import API
import Client
import Document
import TestSupport
import Testing

@testable import Controllers

struct StatefulSetTests {
    static func set(_ replicas: Int, _ more: String = "") -> Text {
        Text(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              replicas: \(replicas)
              serviceName: db
              \(more)
              selector: {matchLabels: {app: db}}
              volumeClaimTemplates:
              - metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
              template:
                metadata: {labels: {app: db}}
                spec: {containers: [{name: c, image: "x:1"}]}
            """)
    }

    @Test func comesInOrderWithVolumes() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.set(2), .statefulSets)
            try await wait(for: "the first pod") { try await names(rig) == ["db-0"] }
            let first = try await rig.get(.pods, "db-0")
            #expect(first["spec", "hostname"] == "db-0" && first["spec", "subdomain"] == "db")
            #expect(first.label("apps.kubernetes.io/pod-index") == "0")
            #expect(try await rig.get(.persistentVolumeClaims, "data-db-0").label("app") == "db")
            // The second one waits for the first to be ready.
            try await ready(rig, "db-0")
            try await wait(for: "the second pod") { try await names(rig) == ["db-0", "db-1"] }
            try await wait(for: "events") {
                try await rig.events(of: "db").contains("SuccessfulCreate create Pod db-1 in StatefulSet db successful")
            }
        }
    }

    /// With a larger limit several go at a time, in the order of an update.
    @Test(arguments: [("", 1), ("maxUnavailable: 2, ", 2), ("maxUnavailable: 100%, ", 3)])
    func updatesAsManyAtATimeAsMayBeAway(_ limit: String, count: Int) async throws {
        var set = try YAML.parse(Self.set(4, "updateStrategy: {rollingUpdate: {\(limit)partition: 1}}"))
        set["metadata", "uid"] = "u"
        let ready: Value = ["type": "Ready", "status": "True"]
        let pods = (0..<4).map { number -> Value in
            [
                "metadata": ["name": .string("db-\(number)"), "labels": ["controller-revision-hash": "old"]],
                "status": ["phase": "Running", "conditions": [ready]],
            ]
        }
        var plan = StatefulSetPlan(set, pods: pods, current: "old", update: "new", now: Time(seconds: 0))
        plan.decide()
        #expect(plan.steps == pods.reversed().prefix(count).map { .delete($0) })
    }

    @Test func claimsGoWithTheirPodsAndTheirSet() async throws {
        try await Rig.run(kubelet: true) { rig in
            let policy = "persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}"
            try await rig.apply(Self.set(2, policy), .statefulSets)
            try await settled(rig) { $0?["readyReplicas"]?.int == 2 }
            try await wait(for: "the claims' owner") {
                try await rig.list(.persistentVolumeClaims).allSatisfy { $0.controller?.kind == "StatefulSet" }
            }
            try await rig.patch(.statefulSets, "db", ["spec": ["replicas": 1]])
            try await rig.pass(until: "one claim") {
                try await rig.list(.persistentVolumeClaims).map(\.name) == ["data-db-0"]
            }
            try await rig.client.delete(.statefulSets, namespace: "default", name: "db")
            try await rig.pass(until: "no claim") { try await rig.list(.persistentVolumeClaims).isEmpty }
        }
    }

    @Test func updatesFromTheLastDownToThePartition() async throws {
        try await Rig.run(kubelet: true) { rig in
            try await rig.apply(
                Self.set(3, "updateStrategy: {rollingUpdate: {partition: 1}}"), .statefulSets)
            try await settled(rig) { $0?["readyReplicas"]?.int == 3 && $0?["currentRevision"] == $0?["updateRevision"] }
            let patch: Value = ["spec": ["template": ["spec": ["containers": [["name": "c", "image": "x:2"]]]]]]
            try await rig.patch(.statefulSets, "db", patch)
            try await settled(rig) { $0?["updatedReplicas"]?.int == 2 && $0?["readyReplicas"]?.int == 3 }
            #expect(try await images(rig) == ["x:1", "x:2", "x:2"])
            #expect(try await rig.list(.controllerRevisions).count == 2)
            try await rig.patch(
                .statefulSets, "db", ["spec": ["updateStrategy": ["rollingUpdate": ["partition": 0]]]])
            try await settled(rig) {
                $0?["updatedReplicas"]?.int == 3 && $0?["currentRevision"] == $0?["updateRevision"]
            }
            try await rig.patch(.statefulSets, "db", ["spec": ["replicas": 1]])
            try await wait(for: "one pod") { try await names(rig) == ["db-0"] }
        }
    }

    private func settled(_ rig: Rig, _ holds: (Value?) -> Bool) async throws {
        try await wait(for: "the status") { holds(try await rig.get(.statefulSets, "db")["status"]) }
    }

    private func names(_ rig: Rig) async throws -> [String] { try await rig.list(.pods).map(\.name).sorted() }

    private func images(_ rig: Rig) async throws -> [String] {
        try await rig.list(.pods).sorted { $0.name < $1.name }.compactMap {
            $0["spec", "containers"]?.array?.first?["image"]?.string
        }
    }

    private func ready(_ rig: Rig, _ name: String) async throws {
        let status: Value = [
            "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
        ]
        try await rig.patch(.pods, name, ["status": status], status: true)
    }
}
