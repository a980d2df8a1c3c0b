import API
import Document
import TestSupport
import Testing

@testable import Networking

/// The rules as text, and what of Services and EndpointSlices they are made of.
@Suite struct RuleTextTests {
    static func configuration(_ cluster: String = "abc", folder: String = "/tmp") throws -> NetworkConfiguration {
        NetworkConfiguration(
            cluster: cluster, podRange: try #require(IPv4Range("10.77.0.0/16")),
            serviceRange: try #require(IPv4Range("10.78.0.0/16")),
            nodeAddress: try #require(IPv4Address("192.0.2.2")), folder: folder)
    }

    static func service(_ name: String, _ ip: String, ports: [Value], spec: Value = [:]) -> Value {
        var value: Value = ["kind": "Service", "metadata": ["name": .string(name), "namespace": "default"]]
        value["spec"] = spec
        value["spec", "clusterIP"] = .string(ip)
        value["spec", "ports"] = .array(ports)
        return value
    }

    static func slice(_ service: String, port: Int, name: String = "", _ endpoints: [(String, Value)]) -> Value {
        [
            "addressType": "IPv4",
            "metadata": [
                "name": .string("\(service)-x"), "namespace": "default",
                "labels": ["kubernetes.io/service-name": .string(service)],
            ],
            "ports": [["name": .string(name), "port": .int(port), "protocol": "TCP"]],
            "endpoints": .array(endpoints.map { ["addresses": [.string($0.0)], "conditions": $0.1] }),
        ]
    }

    static let ready: Value = ["ready": true, "serving": true, "terminating": false]
    static let leaving: Value = ["ready": false, "serving": true, "terminating": true]
    static let failing: Value = ["ready": false, "serving": false, "terminating": false]

    @Test func readinessDecidesMembership() throws {
        let web = Self.service("web", "10.78.0.50", ports: [["port": 80, "protocol": "TCP", "nodePort": 30080]])
        func ends(_ endpoints: [(String, Value)]) -> [String] {
            ServicePort.all(services: [web], slices: [Self.slice("web", port: 8080, endpoints)])
                .flatMap { $0.endpoints.map { "\($0.address):\($0.port)" } }
        }
        #expect(ends([("10.77.0.3", Self.ready), ("10.77.0.2", [:])]) == ["10.77.0.2:8080", "10.77.0.3:8080"])
        #expect(ends([("10.77.0.2", Self.ready), ("10.77.0.3", Self.leaving)]) == ["10.77.0.2:8080"])
        #expect(ends([("10.77.0.3", Self.leaving), ("10.77.0.4", Self.failing)]) == ["10.77.0.3:8080"])
        #expect(ends([("10.77.0.4", Self.failing)]) == [])
    }

    @Test func servicesWithoutAddressHaveNoRules() {
        let headless = Self.service("a", "None", ports: [["port": 80]])
        #expect(ServicePort.all(services: [headless, ["metadata": ["name": "e"]]], slices: []) == [])
    }

    @Test func textHasEachServiceOnce() throws {
        let web = Self.service("web", "10.78.0.50", ports: [["port": 80, "protocol": "TCP", "nodePort": 30080]])
        let dns = Self.service("dns", "10.78.0.51", ports: [["port": 53, "protocol": "UDP", "name": "dns"]])
        let ports = ServicePort.all(
            services: [web, dns],
            slices: [
                Self.slice("web", port: 8080, [("10.77.0.2", Self.ready), ("10.77.0.3", Self.ready)]),
                Self.slice("dns", port: 53, name: "dns", [("10.77.0.4", Self.ready)]),
            ])
        let text = RuleText(configuration: try Self.configuration(), ports: ports).description
        #expect(text.hasPrefix("add table inet helmctl-abc\ndelete table inet helmctl-abc\n"))
        #expect(text.contains("10.78.0.50 . tcp . 80 : goto service-1"))
        #expect(text.contains("tcp . 30080 : goto service-1"))
        #expect(text.contains("numgen random mod 2 map { 0 : 10.77.0.2 . 8080, 1 : 10.77.0.3 . 8080 }"))
        #expect(text.contains("meta l4proto udp dnat ip to 10.77.0.4:53"))
    }

    @Test func portsOfTheNodeLeadToTheirPods() throws {
        let pod: Value = [
            "metadata": ["name": "p", "namespace": "default"], "status": ["podIP": "10.77.0.9", "phase": "Running"],
            "spec": [
                "containers": [
                    [
                        "ports": [
                            ["containerPort": 8080, "hostPort": 18080, "protocol": "TCP"], ["containerPort": 9],
                            ["containerPort": 53, "hostPort": 5353, "protocol": "UDP", "hostIP": "192.0.2.2"],
                        ]
                    ]
                ]
            ],
        ]
        var own = pod
        own["spec", "hostNetwork"] = true
        var ended = pod
        ended["status", "phase"] = "Failed"
        #expect(ServicePort.ofNode([own, ended].map(ServicePort.portsOnly)) == [])
        let ports = ServicePort.ofNode([ServicePort.portsOnly(pod)])
        let text = RuleText(configuration: try Self.configuration(), ports: ports).description
        #expect(text.contains("tcp . 18080 : goto service-0") && text.contains("dnat ip to 10.77.0.9:8080"))
        #expect(text.contains("192.0.2.2 . udp . 5353 : goto service-1"))
    }

    @Test func endpointOfTheServerIsRedirected() throws {
        var configuration = try Self.configuration()
        let (published, actual) = (try #require(IPv4Address("192.0.2.2")), try #require(IPv4Address("127.0.0.1")))
        configuration.apiServer = .init(
            published: .init(address: published, port: 6443), actual: .init(address: actual, port: 6443))
        let api = Self.service("kubernetes", "10.78.0.1", ports: [["port": 443, "protocol": "TCP"]])
        let ports = ServicePort.all(
            services: [api], slices: [Self.slice("kubernetes", port: 6443, [("192.0.2.2", [:])])])
        let text = RuleText(configuration: configuration, ports: ports).description
        #expect(text.contains("dnat ip to 127.0.0.1:6443"))
    }

    @Test func interfaceNamesFit() throws {
        let configuration = try Self.configuration("0123456789abcdef")
        #expect(configuration.interfacePrefix.utf8.count == 10)
        #expect(configuration.interface(for: configuration.podRange[65534]).utf8.count <= 15)
        #expect(NetworkConfiguration.interfacePrefix("a") != NetworkConfiguration.interfacePrefix("b"))
    }

    @Test func addressesComeRoundLate() throws {
        let scratch = try ScratchFolder()
        let file = "\(scratch.path)/addresses.json"
        let pool = try AddressPool(try #require(IPv4Range("10.0.0.0/29")), file: file)
        let first = try pool.take(for: "a")
        #expect(first.description == "10.0.0.2")
        #expect(try pool.take(for: "a") == first)
        try pool.release("a")
        #expect(try pool.take(for: "b").description == "10.0.0.3")
        let again = try AddressPool(try #require(IPv4Range("10.0.0.0/29")), file: file)
        #expect(again.address(of: "b")?.description == "10.0.0.3")
        for name in ["c", "d", "e", "f"] { _ = try again.take(for: name) }
        #expect(again.address(of: "f") == first)
        #expect(throws: NetworkError.self) { _ = try again.take(for: "g") }
    }
}
