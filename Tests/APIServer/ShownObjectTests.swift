import API
import Client
import Document
import Testing

@testable import APIServer

/// Objects by which the server shows itself: its parts, the addresses that Services hold, what it notes of others'.
struct ShownObjectTests {
    private static let table = "application/json;as=Table;v=v1;g=meta.k8s.io"

    @Test func checksComeInUpstreamsOrder() async throws {
        let server = try await ServerFixture.started()
        let answer = try await server.send(.get, "/livez", query: [("verbose", "")])
        #expect(
            answer.body.string?.hasPrefix(
                "[+]ping ok\n[+]log ok\n[+]loopback-serving-certificate ok\n[+]etcd ok\n[+]poststarthook/") == true)
    }
}
