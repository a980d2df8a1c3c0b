import API
import Client
import Document
import Testing

@testable import APIServer

/// Which class an object gets that names none.
struct DefaultClassTests {
    private static let ingresses = GroupVersionResource(
        group: "networking.k8s.io", version: "v1", resource: "ingresses")

    private static let classes = GroupVersionResource(
        group: "networking.k8s.io", version: "v1", resource: "ingressclasses")

    private static func addClass(_ name: String, to server: ServerFixture, isDefault: Bool) async throws {
        let object: Value = [
            "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
            "metadata": [
                "name": .string(name),
                "annotations": ["ingressclass.kubernetes.io/is-default-class": .string("\(isDefault)")],
            ], "spec": ["controller": "example.com/ingress"],
        ]
        _ = try await server.client.create(classes, object)
    }

    @Test func ofSeveralDefaultsTheNewestCounts() async throws {
        let server = try await ServerFixture.started()
        try await Self.addClass("a", to: server, isDefault: true)
        server.clock.advance(by: .seconds(5))
        try await Self.addClass("c", to: server, isDefault: true)
        try await Self.addClass("b", to: server, isDefault: true)
        server.clock.advance(by: .seconds(5))
        try await Self.addClass("d", to: server, isDefault: false)
        let ingress: Value = [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": ["name": "web", "namespace": "default"],
            "spec": ["defaultBackend": ["service": ["name": "web", "port": ["number": 80]]]],
        ]
        let made = try await server.client.create(Self.ingresses, ingress)
        #expect(made["spec", "ingressClassName"] == "b")
    }
}
