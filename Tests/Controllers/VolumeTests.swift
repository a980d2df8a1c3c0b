import API
import Client
import Document
import TestSupport
import Testing

struct VolumeTests {
    static func volume(_ name: String, _ size: String, _ more: String = "") -> Text {
        Text(
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: \(name)}
            spec: {accessModes: [ReadWriteOnce], capacity: {storage: \(size)}, hostPath: {path: /tmp/x}, \(more)}
            """)
    }

    static func claim(_ name: String, _ size: String, _ more: String = "") -> Text {
        Text(
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: \(name)}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: \(size)}}, \(more)}
            """)
    }

    private static func make(_ rig: Rig, _ name: String, _ size: String, _ more: String = "") async throws {
        _ = try await rig.client.create(.persistentVolumes, try YAML.parse(volume(name, size, more)))
    }

    private static func phase(_ rig: Rig, _ name: String) async throws -> String {
        try await rig.client.get(.persistentVolumes, name: name).phase
    }

    @Test func bindsTheSmallestThatDoesAndReleasesIt() async throws {
        try await Rig.run { rig in
            for (name, size) in [("small", "1Gi"), ("middle", "2Gi"), ("large", "9Gi")] {
                try await Self.make(rig, name, size)
            }
            try await wait(for: "volumes") { try await Self.phase(rig, "large") == "Available" }
            try await rig.apply(Self.claim("data", "1500Mi"), .persistentVolumeClaims)
            try await rig.pass(until: "the claim to be bound") {
                try await rig.get(.persistentVolumeClaims, "data").phase == "Bound"
            }
            let claim = try await rig.get(.persistentVolumeClaims, "data")
            #expect(claim["spec", "volumeName"]?.string == "middle")
            #expect(claim["status", "capacity", "storage"]?.string == "2Gi")
            #expect(claim.annotation("pv.kubernetes.io/bind-completed") == "yes")
            #expect(claim.annotation("pv.kubernetes.io/bound-by-controller") == "yes")
            let volume = try await rig.client.get(.persistentVolumes, name: "middle")
            #expect(volume["spec", "claimRef", "uid"]?.string == claim.uid)
            #expect(volume.phase == "Bound")
            // Bound volumes stay, and claims go at once when nobody uses them.
            try await rig.client.delete(.persistentVolumes, name: "middle")
            try await rig.client.delete(.persistentVolumeClaims, namespace: "default", name: "data")
            try await wait(for: "both to go") {
                let volume = try await rig.client.find(.persistentVolumes, name: "middle")
                let claims = try await rig.list(.persistentVolumeClaims)
                return claims.isEmpty && volume == nil
            }
        }
    }

    @Test(arguments: [("Retain", "Released"), ("Delete", "Failed")])
    func tellsWhatBecomesOfVolumes(policy: String, phase: String) async throws {
        try await Rig.run { rig in
            try await Self.make(rig, "v", "1Gi", "persistentVolumeReclaimPolicy: \(policy)")
            try await rig.apply(Self.claim("data", "1Gi", "volumeName: v"), .persistentVolumeClaims)
            try await rig.pass(until: "the claim to be bound") {
                try await rig.get(.persistentVolumeClaims, "data").phase == "Bound"
            }
            try await rig.client.delete(.persistentVolumeClaims, namespace: "default", name: "data")
            try await rig.pass(until: "the volume to be \(phase)") { try await Self.phase(rig, "v") == phase }
        }
    }

    @Test func keepsClaimsThatPodsUse() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.claim("data", "1Gi"), .persistentVolumeClaims)
            let pod: Text = """
                {apiVersion: v1, kind: Pod, metadata: {name: p},
                 spec: {nodeName: n1, containers: [{name: c, image: x}],
                        volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}}
                """
            try await rig.apply(pod, .pods)
            try await rig.client.delete(.persistentVolumeClaims, namespace: "default", name: "data")
            try await rig.pass(until: "an event of a claim that finds no volume") {
                try await rig.events(of: "data").contains { $0.hasPrefix("FailedBinding no persistent volumes") }
            }
            #expect(try await rig.get(.persistentVolumeClaims, "data").finalizers == ["kubernetes.io/pvc-protection"])
            try await rig.client.delete(
                .pods, namespace: "default", name: "p", DeleteOptions(gracePeriodSeconds: 0))
            try await wait(for: "the claim to go") {
                try await rig.list(.persistentVolumeClaims).isEmpty
            }
        }
    }

    @Test func waitsForTheNodeOfTheFirstPod() async throws {
        try await Rig.run { rig in
            let local: Text = """
                {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: local},
                 provisioner: kubernetes.io/no-provisioner, volumeBindingMode: WaitForFirstConsumer}
                """
            _ = try await rig.client.create(.storageClasses, try YAML.parse(local))
            for node in ["n1", "n2"] {
                _ = try await rig.client.create(
                    .nodes, ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(node)]])
                let place =
                    "nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [\(node)]}]}]"
                try await Self.make(
                    rig, "on-\(node)", "1Gi", "storageClassName: local, nodeAffinity: {required: {\(place)}}")
            }
            try await rig.apply(Self.claim("data", "1Gi", "storageClassName: local"), .persistentVolumeClaims)
            try await rig.pass(until: "an event of a claim that waits") {
                try await rig.events(of: "data").contains { $0.hasPrefix("WaitForFirstConsumer") }
            }
            #expect(try await rig.get(.persistentVolumeClaims, "data").phase == "Pending")
            try await rig.patch(
                .persistentVolumeClaims, "data",
                ["metadata": ["annotations": ["volume.kubernetes.io/selected-node": "n2"]]])
            try await rig.pass(until: "the volume of that node") {
                try await rig.get(.persistentVolumeClaims, "data")["spec", "volumeName"]?.string == "on-n2"
            }
        }
    }

    @Test func makesClaimsThatPodsCarry() async throws {
        try await Rig.run { rig in
            let pod: Text = """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  containers: [{name: c, image: x}]
                  volumes:
                  - name: v
                    ephemeral:
                      volumeClaimTemplate:
                        metadata: {labels: {a: b}}
                        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """
            try await rig.apply(pod, .pods)
            try await wait(for: "its claim") {
                let claim = try await rig.client.find(.persistentVolumeClaims, namespace: "default", name: "p-v")
                return claim?.controller?.kind == "Pod" && claim?.label("a") == "b"
            }
        }
    }
}
