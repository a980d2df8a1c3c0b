import API
import Client
import Document
import TestSupport
import Testing

struct NodeTests {
    @Test func silenceIsNoticedAndPodsLeave() async throws {
        try await Rig.run { rig in
            let ready: Value = ["type": "Ready", "status": "True", "reason": "KubeletReady"]
            _ = try await rig.client.create(
                .nodes,
                ["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"], "status": ["conditions": [ready]]])
            let pod: Text = """
                {apiVersion: v1, kind: Pod, metadata: {name: p},
                 spec: {nodeName: n1, containers: [{name: c, image: x}]}}
                """
            try await rig.apply(pod, .pods)
            try await rig.pass(until: "the silence to be noticed") {
                let node = try await rig.client.get(.nodes, name: "n1")
                return node.condition("Ready")?.reason == "NodeStatusUnknown" && taints(node).count == 2
            }
            #expect(
                taints(try await rig.client.get(.nodes, name: "n1")) == [
                    "node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule",
                ])
            let passed = try await rig.pass(until: "the pod to be asked to leave", step: .seconds(10)) {
                try await rig.client.find(.pods, namespace: "default", name: "p")?.isBeingDeleted != false
            }
            #expect(passed >= .seconds(290))
            // The node is removed: nobody is left to end the pod.
            try await rig.client.delete(.nodes, name: "n1")
            try await rig.pass(until: "the pod to go", step: .seconds(10)) {
                try await rig.client.find(.pods, namespace: "default", name: "p") == nil
            }
        }
    }

    @Test func cordonsAndConditionsAreTaints() async throws {
        try await Rig.run { rig in
            _ = try await rig.client.create(.nodes, ["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]])
            try await wait(for: "the taint of a node that says nothing") {
                taints(try await rig.client.get(.nodes, name: "n1")) == ["node.kubernetes.io/not-ready:NoSchedule"]
            }
            let ready: Value = ["status": ["conditions": [["type": "Ready", "status": "True"]]]]
            _ = try await rig.client.patch(.nodes, name: "n1", .merge(ready), subresource: "status")
            _ = try await rig.client.patch(.nodes, name: "n1", .merge(["spec": ["unschedulable": true]]))
            try await wait(for: "the cordon") {
                taints(try await rig.client.get(.nodes, name: "n1")) == ["node.kubernetes.io/unschedulable:NoSchedule"]
            }
            _ = try await rig.client.patch(.nodes, name: "n1", .merge(["spec": ["unschedulable": .null]]))
            try await wait(for: "no taint") {
                taints(try await rig.client.get(.nodes, name: "n1")).isEmpty
            }
        }
    }

    private func taints(_ node: Value) -> [String] {
        (node["spec", "taints"]?.array ?? []).map { "\($0["key"]?.string ?? ""):\($0["effect"]?.string ?? "")" }
            .sorted()
    }
}
