import API
import Client
import Document
import TestSupport
import Testing

struct DaemonSetTests {
    static let set: Text = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: c, image: "x:1"}]}
        """

    @Test func standsOnEveryNodeThatWillHaveIt() async throws {
        try await Rig.run(kubelet: true) { rig in
            for name in ["n1", "n2"] { try await node(rig, name) }
            try await rig.apply(Self.set, .daemonSets)
            try await status(rig) { $0?["numberReady"]?.int == 2 && $0?["desiredNumberScheduled"]?.int == 2 }
            try await node(rig, "n3")
            try await status(rig) { $0?["numberReady"]?.int == 3 }
            #expect(try await rig.list(.controllerRevisions).count == 1)
            try await rig.patch(
                .daemonSets, "agent", ["spec": ["template": ["spec": ["containers": [["name": "c", "image": "x:2"]]]]]])
            try await status(rig) { $0?["updatedNumberScheduled"]?.int == 3 && $0?["numberAvailable"]?.int == 3 }
            // A taint that nobody tolerates drives it out.
            _ = try await rig.client.patch(
                .nodes, name: "n3",
                .merge(["spec": ["taints": [["key": "k", "value": "v", "effect": "NoExecute"]]]]))
            try await status(rig) { $0?["desiredNumberScheduled"]?.int == 2 && $0?["numberMisscheduled"]?.int == 0 }
            try await wait(for: "the driven-out pod to go") { try await rig.list(.pods).count == 2 }
        }
    }

    private func node(_ rig: Rig, _ name: String) async throws {
        let ready: Value = ["type": "Ready", "status": "True", "reason": "KubeletReady"]
        _ = try await rig.client.create(
            .nodes,
            [
                "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)],
                "status": ["conditions": [ready]],
            ])
    }

    private func status(_ rig: Rig, _ holds: (Value?) -> Bool) async throws {
        try await wait(for: "the status") { holds(try await rig.get(.daemonSets, "agent")["status"]) }
    }
}
