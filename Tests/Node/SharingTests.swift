import API
import Client
import ClusterTestSupport
import Document
import TestSupport
import Testing

@testable import Node

/// What containers of a pod have in common, and what comes to them from outside.
@Suite(.serialized, .needsRoot) struct SharingTests {
    @Test func containersSeeEachOther() async throws {
        try await AgentBench.run { bench in
            try await bench.create(
                "both",
                [
                    "shareProcessNamespace": true,
                    "containers": [
                        AgentBench.shell("exec sleep 1234", name: "first"),
                        AgentBench.shell(
                            "until ps | grep -q 'sleep 123[4]'; do sleep 0.1; done; echo seen; exec sleep 5"),
                    ],
                ])
            try await bench.wait("both", "running") { $0.isReady }
            try await wait(for: "the other's process") {
                try await bench.log("both").contains("seen")
            }
            try await bench.restart()
            // The agent that came after is at work once it has started a pod of its own.
            _ = try await bench.create("later", ["containers": [AgentBench.shell("exec sleep 1000")]])
            try await bench.wait("later", "running") { $0.isReady }
            #expect(bench.pod("both")?.container()["restartCount"]?.int == 0)
            try await bench.api.client.delete(.pods, namespace: "default", name: "both")
            try await wait(for: "the pod to go") { bench.pod("both") == nil }
            let left = try Command("pgrep", ["-f", "helmctl-shim stay .* cluster=\(bench.cluster)"]).run()
            #expect(left.output.isEmpty)
        }
    }

    @Test func guestsComeIntoARunningPod() async throws {
        try await AgentBench.run { bench in
            let pod = try await bench.create("host", ["containers": [AgentBench.shell("exec sleep 1234")]])
            try await bench.wait("host", "running") { $0.isReady }
            var spec = pod["spec"] ?? [:]
            spec["ephemeralContainers"] = [
                AgentBench.shell("ps; exit 3", name: "guest", ["targetContainerName": "main"])
            ]
            _ = try await bench.api.client.patch(.pods, namespace: "default", name: "host", .merge(["spec": spec]))
            try await bench.wait("host", "its guest's end") {
                let status = $0["status", "ephemeralContainerStatuses"]?.array?.first
                return status?["state", "terminated", "exitCode"]?.int == 3
            }
            #expect(try await bench.log("host", container: "guest").contains("sleep 1234"))
            // A guest is never started again, and the pod does not depend on it.
            #expect(bench.pod("host")?.phase == "Running")
            #expect(bench.pod("host")?.isReady == true)
        }
    }

    @Test func claimsAreMounted() async throws {
        try await AgentBench.run { bench in
            let place = "\(bench.folder)/claimed"
            bench.api.put(
                .persistentVolumes,
                ["metadata": ["name": "v1"], "spec": ["hostPath": ["path": .string(place)]]])
            let claim: Value = [
                "metadata": ["name": "data", "namespace": "default"], "spec": ["volumeName": "v1"],
                "status": ["phase": "Bound"],
            ]
            bench.api.put(.persistentVolumeClaims, claim)
            try await bench.create(
                "writer",
                [
                    "restartPolicy": "Never",
                    "containers": [
                        AgentBench.shell("echo kept > /d/f", ["volumeMounts": [["name": "v", "mountPath": "/d"]]])
                    ],
                    "volumes": [["name": "v", "persistentVolumeClaim": ["claimName": "data"]]],
                ])
            try await bench.wait("writer", "its end") { $0.phase == "Succeeded" }
            #expect(String(decoding: try readFile("\(place)/f"), as: UTF8.self) == "kept\n")
        }
    }

    @Test func podsEndAtTheirDeadline() async throws {
        try await AgentBench.run { bench in
            try await bench.create(
                "late", ["activeDeadlineSeconds": 1, "containers": [AgentBench.shell("exec sleep 1000")]])
            try await bench.wait("late", "its end") {
                $0.phase == "Failed" && $0["status", "reason"]?.string == "DeadlineExceeded"
            }
        }
    }
}
