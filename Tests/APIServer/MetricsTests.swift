import API
import Client
import Document
import Testing

@testable import APIServer

/// What Prometheus gathers.
struct MetricsTests {
    private func lines(_ server: ServerFixture) async throws -> [String] {
        var bytes: [UInt8] = []
        for try await piece in try await server.client.transport.stream(APIRequest(.get, "/metrics", accept: "*/*")) {
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func labels(_ verb: String, _ scope: String, subresource: String = "") -> String {
        "component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"configmaps\",scope=\"\(scope)\","
            + "subresource=\"\(subresource)\",verb=\"\(verb)\",version=\"v1\""
    }

    @Test func requestsAreCounted() async throws {
        let server = try await ServerFixture.started()
        let path = "/api/v1/namespaces/default/configmaps"
        for _ in 0..<2 {
            _ = try await server.send(.post, path, body: .value(ServerFixture.configMap("a")))
        }
        _ = try await server.send(.get, "\(path)/a")
        _ = try await server.send(.get, "/api/v1/configmaps")
        let lines = try await lines(server)
        let total = "apiserver_request_total"
        #expect(lines.contains("\(total){code=\"201\",\(Self.labels("POST", "namespace"))} 1"))
        #expect(lines.contains("\(total){code=\"409\",\(Self.labels("POST", "namespace"))} 1"))
        #expect(lines.contains("\(total){code=\"200\",\(Self.labels("GET", "resource"))} 1"))
        #expect(lines.contains("\(total){code=\"200\",\(Self.labels("LIST", "cluster"))} 1"))
        let duration = "apiserver_request_duration_seconds"
        #expect(lines.contains("\(duration)_count{\(Self.labels("POST", "namespace"))} 2"))
        #expect(lines.contains("\(duration)_bucket{\(Self.labels("POST", "namespace")),le=\"+Inf\"} 2"))
    }

    /// Paths that nobody serves are as many as a client likes.
    @Test func whatIsNotServedIsNotCounted() async throws {
        let server = try await ServerFixture.started()
        _ = try await server.send(.get, "/api/v1/namespaces/default/configmaps/a/nothing")
        _ = try await server.send(.get, "/apis/no.group/v1/things")
        #expect(try await lines(server).allSatisfy { !$0.contains("nothing") && !$0.contains("things") })
    }

    /// The form that Prometheus reads: a name, labels, and a number; each name told of once before.
    @Test func everyLineIsASample() async throws {
        let server = try await ServerFixture.started()
        var told: Set<Substring> = []
        for line in try await lines(server) {
            let words = line.split(separator: " ")
            if line.hasPrefix("#") {
                if words[1] == "TYPE" { #expect(told.insert(words[2]).inserted, "\(line)") }
                continue
            }
            let name = line.prefix { $0 != "{" && $0 != " " }
            let family = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { name.dropLast($0.count) }
            #expect(told.contains(name) || told.contains(family ?? ""), "\(line)")
            #expect(words.last.flatMap { Double($0) } != nil, "\(line)")
        }
        for wanted in ["process_resident_memory_bytes", "process_start_time_seconds", "kubernetes_build_info"] {
            #expect(told.contains(Substring(wanted)))
        }
    }
}
