import API
import Client
import Document
import TestSupport
import Testing

struct ServiceTests {
    static let service: Text = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, labels: {tier: front}}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: web}]
        """

    static func pod(_ name: String, port: Int = 8080) -> Text {
        Text(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), labels: {app: web}}
            spec:
              nodeName: n1
              containers: [{name: c, image: x, ports: [{name: web, containerPort: \(port)}]}]
            """)
    }

    static func status(_ address: String, ready: Bool) -> Value {
        [
            "status": [
                "phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]],
                "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
            ]
        ]
    }

    @Test func listsPodsByReadiness() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.service, .services)
            try await wait(for: "an empty slice") { try await slices(rig).count == 1 }
            let empty = try #require(try await slices(rig).first)
            #expect(empty.name.hasPrefix("web-"))
            #expect(empty.label("endpointslice.kubernetes.io/managed-by") == "endpointslice-controller.k8s.io")
            #expect(empty.label("tier") == "front")
            #expect(empty.annotation("endpoints.kubernetes.io/last-change-trigger-time") != nil)
            for (name, address) in [("a", "10.244.0.2"), ("b", "10.244.0.3")] {
                try await rig.apply(Self.pod(name), .pods)
                try await rig.patch(.pods, name, Self.status(address, ready: name == "a"), status: true)
            }
            try await wait(for: "both endpoints") {
                try await slices(rig).first?["endpoints"]?.array?.count == 2
            }
            let slice = try #require(try await slices(rig).first)
            #expect(slice["endpoints"]?.array?.map { $0["conditions", "ready"]?.bool } == [true, false])
            #expect(slice["ports"] == [["name": "http", "port": 8080, "protocol": "TCP"]])
            try await wait(for: "the legacy object") {
                let subset = try await rig.get(.endpoints, "web")["subsets"]?.array?.first
                return subset?["addresses"]?.array?.count == 1 && subset?["notReadyAddresses"]?.array?.count == 1
            }
            // A pod that is asked to end is not ready, but still serves.
            try await rig.client.delete(.pods, namespace: "default", name: "a")
            try await wait(for: "the terminating endpoint") {
                let conditions = try await slices(rig).first?["endpoints"]?.array?.first?["conditions"]
                return conditions == ["ready": false, "serving": true, "terminating": true]
            }
            try await rig.client.delete(.services, namespace: "default", name: "web")
            try await wait(for: "no slices and no endpoints") {
                let endpoints = try await rig.client.find(.endpoints, namespace: "default", name: "web")
                return try await slices(rig).isEmpty && endpoints == nil
            }
        }
    }

    /// Named ports with different numbers stand in different slices.
    @Test func splitsByPorts() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.service, .services)
            for (name, port) in [("a", 8080), ("b", 9090)] {
                try await rig.apply(Self.pod(name, port: port), .pods)
                try await rig.patch(.pods, name, Self.status("10.244.0.\(port % 100)", ready: true), status: true)
            }
            try await wait(for: "two slices") {
                try await Set(slices(rig).compactMap { $0["ports"]?.array?.first?["port"]?.int }) == [8080, 9090]
            }
        }
    }

    @Test func mirrorsEndpointsThatAreListedByHand() async throws {
        try await Rig.run { rig in
            let service: Text = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}"
            try await rig.apply(service, .services)
            let endpoints: Text = """
                apiVersion: v1
                kind: Endpoints
                metadata: {name: web, labels: {a: b}}
                subsets:
                - addresses: [{ip: 192.0.2.7}]
                  notReadyAddresses: [{ip: 192.0.2.8}]
                  ports: [{port: 8080}]
                """
            try await rig.apply(endpoints, .endpoints)
            try await wait(for: "a slice") { try await slices(rig).count == 1 }
            let slice = try #require(try await slices(rig).first)
            #expect(slice.label("a") == "b" && slice.controller?.kind == "Endpoints")
            #expect(slice.label("endpointslice.kubernetes.io/managed-by") == "endpointslicemirroring-controller.k8s.io")
            let conditions = slice["endpoints"]?.array?.map { $0["conditions", "ready"]?.bool }
            #expect(conditions == [true, false] && slice["ports"]?.array?.first?["port"]?.int == 8080)
            let address: Value = ["subsets": [["addresses": [["ip": "192.0.2.9"]], "ports": [["port": 8080]]]]]
            try await rig.patch(.endpoints, "web", address)
            try await wait(for: "the change") {
                try await slices(rig).first?["endpoints"]?.array?.first?["addresses"] == ["192.0.2.9"]
            }
            #expect(try await slices(rig).map(\.name) == [slice.name])
            try await rig.patch(.services, "web", ["spec": ["selector": ["app": "web"]]])
            try await wait(for: "no mirrored slice") {
                try await !slices(rig).contains { $0.name == slice.name }
            }
        }
    }

    private func slices(_ rig: Rig) async throws -> [Value] {
        try await rig.list(.endpointSlices).filter { $0.label("kubernetes.io/service-name") == "web" }
    }
}
