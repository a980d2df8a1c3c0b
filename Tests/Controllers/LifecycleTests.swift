import API
import Client
import Document
import TestSupport
import Testing

struct LifecycleTests {
    static let widgets = GroupVersionResource(group: "example.com", version: "v1", resource: "widgets")

    static let definition: Text = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """

    @Test func namespacesHaveAnAccountAndTheAuthority() async throws {
        try await Rig.run { rig in
            _ = try await rig.client.create(
                .namespaces, ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "n"]])
            try await wait(for: "both") {
                let account = try await rig.client.find(.serviceAccounts, namespace: "n", name: "default")
                let map = try await rig.client.find(.configMaps, namespace: "n", name: "kube-root-ca.crt")
                return account != nil && map?["data", "ca.crt"] == "CERTIFICATE"
            }
            try await rig.client.delete(.serviceAccounts, namespace: "n", name: "default")
            try await wait(for: "another account") {
                try await rig.client.find(.serviceAccounts, namespace: "n", name: "default") != nil
            }
            let other: Value = ["data": ["ca.crt": "other"]]
            _ = try await rig.client.patch(.configMaps, namespace: "n", name: "kube-root-ca.crt", .merge(other))
            try await wait(for: "the authority again") {
                let map = try await rig.client.find(.configMaps, namespace: "n", name: "kube-root-ca.crt")
                return map?["data", "ca.crt"] == "CERTIFICATE"
            }
            try await rig.client.delete(.configMaps, namespace: "n", name: "kube-root-ca.crt")
            try await wait(for: "another map") {
                try await rig.client.find(.configMaps, namespace: "n", name: "kube-root-ca.crt") != nil
            }
        }
    }

    @Test func namespacesTakeAllAlong() async throws {
        try await Rig.run { rig in
            try await establish(rig)
            _ = try await rig.client.create(
                .namespaces, ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "n"]])
            _ = try await rig.client.create(Self.widgets, widget("w", in: "n"))
            var held = widget("held", in: "n")
            held["metadata", "finalizers"] = ["example.com/hold"]
            _ = try await rig.client.create(Self.widgets, held)
            try await rig.client.delete(.namespaces, name: "n")
            let silence = try await rig.pass(until: "the finalizer to be told of") {
                try await rig.client.get(.namespaces, name: "n").isTrue("NamespaceFinalizersRemaining")
            }
            #expect(silence >= .seconds(5))
            let namespace = try await rig.client.get(.namespaces, name: "n")
            #expect(namespace["status", "phase"] == "Terminating")
            #expect(
                namespace.condition("NamespaceContentRemaining")?.message
                    == "Some resources are remaining: widgets.example.com has 1 resource instances")
            _ = try await rig.client.patch(
                Self.widgets, namespace: "n", name: "held", .merge(["metadata": ["finalizers": .null]]))
            try await rig.pass(until: "the end of the namespace") {
                try await rig.client.find(.namespaces, name: "n") == nil
            }
        }
    }

    @Test(arguments: [DeleteOptions.Propagation.background, .foreground, .orphan])
    func ownersTakeAlongOrLetGo(_ propagation: DeleteOptions.Propagation) async throws {
        try await Rig.run { rig in
            try await establish(rig)
            let owner = try await rig.client.create(Self.widgets, widget("owner"))
            var map: Value = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "owned", "namespace": "default"],
            ]
            map["metadata", "ownerReferences"] = [OwnerReference(controller: owner).value]
            _ = try await rig.client.create(.configMaps, map)
            try await rig.client.delete(
                Self.widgets, namespace: "default", name: "owner", DeleteOptions(propagation: propagation))
            try await wait(for: "the owner to go") {
                try await rig.client.find(Self.widgets, namespace: "default", name: "owner") == nil
            }
            if propagation == .orphan {
                #expect(try await rig.get(.configMaps, "owned").ownerReferences.isEmpty)
            } else {
                try await wait(for: "the owned to go") {
                    try await rig.client.find(.configMaps, namespace: "default", name: "owned") == nil
                }
            }
        }
    }

    @Test func whatNobodyOwnsGoes() async throws {
        try await Rig.run { rig in
            var map: Value = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "lost", "namespace": "default"],
            ]
            let absent = OwnerReference(apiVersion: "v1", kind: "ConfigMap", name: "never", uid: "no-such-uid")
            map["metadata", "ownerReferences"] = [absent.value]
            _ = try await rig.client.create(.configMaps, map)
            try await wait(for: "it to go") {
                try await rig.client.find(.configMaps, namespace: "default", name: "lost") == nil
            }
        }
    }

    private func establish(_ rig: Rig) async throws {
        var definition = try YAML.parse(Self.definition)
        definition.kind = "CustomResourceDefinition"
        _ = try await rig.client.create(.customResourceDefinitions, definition)
        try await wait(for: "the kind to be served") {
            do { return try await rig.client.list(Self.widgets).items.isEmpty } catch is Status { return false }
        }
    }

    private func widget(_ name: String, in namespace: String = "default") -> Value {
        [
            "apiVersion": "example.com/v1", "kind": "Widget",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
        ]
    }
}
