import API
import Client
import Document
import Testing

@testable import APIServer

/// Requests that are passed on to pods.
struct ProxyTests {
    /// A pod's web server that answers every request with the same bytes, a few at a time.
    struct Web: NodeConnection {
        let answer: String

        func log(of pod: Value, _ options: LogOptions) async throws -> AsyncThrowingStream<[UInt8], any Error> {
            throw Status.badRequest("no log")
        }

        func execute(
            _ program: [String], in container: String, of pod: Value, _ streams: ProcessStreams
        ) async throws -> Int32 { 0 }

        func attach(to container: String, of pod: Value, _ streams: ProcessStreams) async throws {}

        func forward(
            port: Int, at address: IPv4Address, of pod: Value, input: HandOver<[UInt8]>,
            output: @escaping @Sendable ([UInt8]) async throws -> Void
        ) async throws {
            guard port == 8080 else { throw Status.internalError("connection refused") }
            let request = await input.take() ?? []
            let bytes = Array(answer.utf8)
            if answer.isEmpty {
                let head = "HTTP/1.1 200 OK\r\nContent-Length: \(request.count)\r\n\r\n"
                return try await output(Array(head.utf8) + request)
            }
            for start in stride(from: 0, to: bytes.count, by: 5) {
                try await output(Array(bytes[start..<min(start + 5, bytes.count)]))
            }
        }
    }

    private static let pods = GroupVersionResource(group: "", version: "v1", resource: "pods")

    private func server(_ answer: String) async throws -> ServerFixture {
        let server = try ServerFixture(node: Web(answer: answer))
        try await Bootstrap(server.api).run()
        _ = try await server.client.create(
            GroupVersionResource(group: "", version: "v1", resource: "serviceaccounts"),
            ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default", "namespace": "default"]])
        _ = try await server.client.create(
            Self.pods,
            [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p", "namespace": "default"],
                "spec": ["containers": [["name": "c", "image": "i", "ports": [["containerPort": 8080]]]]],
            ])
        _ = try await server.send(
            .patch, "/api/v1/namespaces/default/pods/p/status", type: "application/merge-patch+json",
            body: .value(["status": ["podIP": "10.0.0.9"]]))
        return server
    }

    private func get(_ server: ServerFixture, _ path: String) async throws -> (text: String, failure: Status?) {
        let request = APIRequest(.get, "/api/v1/namespaces/default/\(path)", accept: "*/*")
        var bytes: [UInt8] = []
        do {
            for try await piece in try await server.client.transport.stream(request) { bytes += piece }
        } catch let status as Status {
            return ("", status)
        }
        return (String(decoding: bytes, as: UTF8.self), nil)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", "hello"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n",
                "hello"
            ),
            ("HTTP/1.0 200 OK\r\n\r\nhello", "hello"), ("HTTP/1.1 204 No Content\r\n\r\nnot read", ""),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
        ])
    func answersAreRead(answer: String, body: String) async throws {
        let got = try await get(try await server(answer), "pods/p/proxy/a")
        #expect(got.text == body && got.failure == nil, "\(got)")
    }

    @Test(
        arguments: [
            "nonsense", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n",
        ])
    func whatIsNoAnswerIsTold(answer: String) async throws {
        let got = try await get(try await server(answer), "pods/p/proxy/a")
        #expect(got.failure?.code == 503, "\(got)")
        #expect(got.failure?.message.hasPrefix("error trying to reach service: ") == true)
    }

    @Test func whatIsAskedIsPassedOnWithoutWhoAsks() async throws {
        let got = try await get(try await server(""), "pods/p:8080/proxy/a%20b/")
        #expect(got.text.hasPrefix("GET /a%20b/ HTTP/1.1\r\n"), "\(got)")
        #expect(!got.text.contains("Authorization"))
    }

    @Test(
        arguments: [
            ("pods/p:81/proxy/", 503), ("pods/none/proxy/", 404), ("services/none/proxy/", 404),
            ("pods/a:b:c:d/proxy/", 400), ("pods/p:no/proxy/", 400),
        ])
    func whatCannotBeReachedIsTold(path: String, code: Int) async throws {
        let got = try await get(try await server(""), path)
        #expect(got.failure?.code == code, "\(got)")
    }
}
