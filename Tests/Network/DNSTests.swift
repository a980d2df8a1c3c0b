import API
import Document
import Testing

@testable import Networking

struct DNSTests {
    static let services: [Value] = [
        [
            "metadata": ["name": "web", "namespace": "apps"],
            "spec": [
                "clusterIP": "10.96.0.7", "ports": [["name": "http", "port": 80], ["port": 53, "protocol": "UDP"]],
            ],
        ],
        ["metadata": ["name": "db", "namespace": "apps"], "spec": ["clusterIP": "None"]],
        [
            "metadata": ["name": "out", "namespace": "apps"],
            "spec": ["type": "ExternalName", "externalName": "example.org"],
        ],
        [
            "metadata": ["name": "long", "namespace": "apps"],
            "spec": [
                "type": "ExternalName", "externalName": .string(String(repeating: "x", count: 300) + ".example.org"),
            ],
        ],
    ]
    static let slices: [Value] = [
        [
            "metadata": ["name": "db-x", "namespace": "apps", "labels": ["kubernetes.io/service-name": "db"]],
            "addressType": "IPv4", "ports": [["name": "sql", "port": 5432, "protocol": "TCP"]],
            "endpoints": [
                ["addresses": ["10.244.0.4"], "hostname": "db-0", "conditions": ["ready": true]],
                ["addresses": ["10.244.0.5"], "conditions": ["ready": true]],
                ["addresses": ["10.244.0.6"], "conditions": ["ready": false]],
            ],
        ]
    ]
    static let zone = DNSZone(
        zone: DNSName("cluster.local"),
        source: DNSZone.Source(
            service: { namespace, name in services.first { $0.namespace == namespace && $0.name == name } },
            services: { services }, slices: { namespace in slices.filter { $0.namespace == namespace } },
            allSlices: { slices }, hasNamespace: { $0 == "apps" }))

    private func ask(_ name: String, _ type: UInt16) throws -> DNSAnswer? {
        DNSTests.zone.answer(try DNSWire.query(DNSTests.packet(name, type)))
    }

    static func packet(_ name: String, _ type: UInt16, edns: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = [0xAB, 0xCD, 1, 0, 0, 1, 0, 0, 0, 0, 0, edns ? 1 : 0]
        for label in name.split(separator: ".") { bytes += [UInt8(label.utf8.count)] + label.utf8 }
        bytes += [0, UInt8(type >> 8), UInt8(type & 0xFF), 0, 1]
        return edns ? bytes + [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0] : bytes
    }

    @Test(arguments: [
        ("web.apps.svc.cluster.local", ["10.96.0.7"]), ("WEB.apps.SVC.cluster.local", ["10.96.0.7"]),
        ("db.apps.svc.cluster.local", ["10.244.0.4", "10.244.0.5"]),
        ("db-0.db.apps.svc.cluster.local", ["10.244.0.4"]), ("10-244-0-5.db.apps.svc.cluster.local", ["10.244.0.5"]),
        ("10-1-2-3.apps.pod.cluster.local", ["10.1.2.3"]), ("apps.svc.cluster.local", []),
    ])
    func addresses(_ name: String, _ wanted: [String]) throws {
        let answer = try #require(try ask(name, DNSType.a))
        #expect(answer.code == .noError)
        #expect(answer.records.map(\.data) == wanted.compactMap { IPv4Address($0).map(DNSData.a) })
        #expect(try ask(name, DNSType.aaaa)?.code == .noError)
        #expect(try ask(name, DNSType.aaaa)?.records == [])
    }

    @Test(arguments: [
        "nope.apps.svc.cluster.local", "web.nope.svc.cluster.local", "x.web.apps.svc.cluster.local", "x.cluster.local",
        "_smtp._tcp.web.apps.svc.cluster.local", "nope.svc.cluster.local",
    ])
    func unknownNames(_ name: String) throws {
        let answer = try #require(try ask(name, DNSType.a))
        #expect(answer.code == .nameError)
        #expect(answer.authority.count == 1)
    }

    @Test func servicesByPort() throws {
        let web = try #require(try ask("_http._tcp.web.apps.svc.cluster.local", DNSType.srv))
        let host = DNSName("web.apps.svc.cluster.local")
        #expect(web.records.map(\.data) == [.srv(port: 80, target: host)])
        #expect(web.additional.map(\.name) == [host])
        let db = try #require(try ask("_sql._tcp.db.apps.svc.cluster.local", DNSType.srv))
        #expect(db.records.count == 2 && db.additional.count == 2)
    }

    @Test func otherAnswers() throws {
        #expect(
            try ask("out.apps.svc.cluster.local", DNSType.a)?.records.map(\.data) == [.cname(DNSName("example.org"))])
        #expect(
            try ask("7.0.96.10.in-addr.arpa", DNSType.ptr)?.records.map(\.data)
                == [.ptr(DNSName("web.apps.svc.cluster.local"))])
        #expect(
            try ask("4.0.244.10.in-addr.arpa", DNSType.ptr)?.records.map(\.data)
                == [.ptr(DNSName("db-0.db.apps.svc.cluster.local"))])
        #expect(try ask("1.1.1.1.in-addr.arpa", DNSType.ptr) == nil)
        #expect(try ask("example.org", DNSType.a) == nil)
    }

    /// DNS cannot carry a label of more than 63 bytes, wherever it came from.
    @Test func namesThatDoNotFitFailAlone() throws {
        let answer = try #require(try ask("long.apps.svc.cluster.local", DNSType.a))
        #expect(answer.code == .serverFailure && answer.records.isEmpty)
        let query = try DNSWire.query(DNSTests.packet("long.apps.svc.cluster.local", DNSType.a))
        #expect(DNSWire.reply(query, answer, limit: 512).count < 100)
    }

    @Test func questionsInFlightAreBounded() {
        let seats = Seats(2)
        #expect(seats.take() && seats.take() && !seats.take())
        seats.giveBack()
        #expect(seats.take())
    }

    @Test func aLongAnswerIsCutAndMarked() throws {
        let query = try DNSWire.query(DNSTests.packet("db.apps.svc.cluster.local", DNSType.a, edns: true))
        #expect(query.datagramLimit == 1232)
        let records = (0..<100).map { DNSRecord(name: query.name, data: .a(IPv4Address(value: UInt32($0)))) }
        let answer = DNSAnswer(code: .noError, records: records)
        #expect(DNSWire.reply(query, answer, limit: 65535).count > 1600)
        let cut = DNSWire.reply(query, answer, limit: 1232)
        #expect(cut.count < 100 && cut[2] & 2 == 2)
    }

    /// Whatever comes over the network is answered, refused or dropped.
    @Test func hostilePacketsAreSurvived() throws {
        var random = SystemRandomNumberGenerator()
        let good = DNSTests.packet("_http._tcp.web.apps.svc.cluster.local", DNSType.srv, edns: true)
        for _ in 0..<20000 {
            var packet = Array(good.prefix(Int.random(in: 0...good.count, using: &random)))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !packet.isEmpty {
                packet[Int.random(in: 0..<packet.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let query = try? DNSWire.query(packet) else { continue }
            if let answer = DNSTests.zone.answer(query) { _ = DNSWire.reply(query, answer, limit: 512) }
        }
    }

    @Test func resolversOfTheMachine() {
        let lines = ["# nameserver 9.9.9.9", "nameserver 1.1.1.1", "nameserver ::1", "search a", "nameserver\t8.8.8.8"]
        #expect(Resolvers.parse(lines) == ["1.1.1.1", "8.8.8.8"])
    }
}
