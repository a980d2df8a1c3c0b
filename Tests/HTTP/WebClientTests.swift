import HTTP
import PKI
import TestSupport
import Testing

/// The client against a real server on loopback.
struct WebClientTests {
    private static let now: Int64 = 1_790_000_000

    @Test func requestsAreAnswered() async throws {
        let server = try await LoopbackServer()
        let client = try WebClient()
        let request = WebRequest(
            "POST", "http://127.0.0.1:\(server.port)/echo", headers: [("X-Asked", "yes")], body: Array("hi".utf8))
        let answer = try await client.send(request)
        #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == "POST hi")
        #expect(answer.values(of: "x-seen") == ["yes"])
        try await server.stop()
    }

    @Test(arguments: [("/none", 404), ("/moved", 302)])
    func everyStatusIsHandedOver(path: String, status: Int) async throws {
        let server = try await LoopbackServer()
        let answer = try await WebClient().send(WebRequest("GET", "http://127.0.0.1:\(server.port)\(path)"))
        #expect(answer.status == status)
        try await server.stop()
    }

    @Test func streamsArriveWhole() async throws {
        let server = try await LoopbackServer()
        let client = try WebClient()
        let stream = try await client.stream(WebRequest("GET", "http://127.0.0.1:\(server.port)/large"))
        var count = 0
        for try await piece in stream.body { count += piece.count }
        #expect(stream.status == 200 && count == 1 << 20)
        withExtendedLifetime(client) {}
        try await server.stop()
    }

    @Test func answersBeyondTheLimitAreRefused() async throws {
        let server = try await LoopbackServer()
        let client = try WebClient()
        await #expect(throws: WebFailure.self) {
            try await client.send(WebRequest("GET", "http://127.0.0.1:\(server.port)/large"), limit: 1000)
        }
        try await server.stop()
    }

    @Test func silenceEndsInTime() async throws {
        let server = try await LoopbackServer()
        var settings = WebClient.Settings()
        settings.requestTimeout = .milliseconds(200)
        let client = try WebClient(settings)
        let failure = await #expect(throws: WebFailure.self) {
            try await client.send(WebRequest("GET", "http://127.0.0.1:\(server.port)/silent"))
        }
        #expect(failure?.kind == .timeout && failure?.neverArrived == false)
        try await server.stop()
    }

    @Test(arguments: ["http", "https"])
    func aRefusedConnectionIsToldInPlainWords(scheme: String) async throws {
        let port = try Ports.free()
        let client = try WebClient()
        let failure = await #expect(throws: WebFailure.self) {
            try await client.send(WebRequest("GET", "\(scheme)://127.0.0.1:\(port)/"))
        }
        #expect(failure?.kind == .refused && failure?.neverArrived == true)
        #expect(failure?.description == "connection refused", "\(String(describing: failure))")
    }

    @Test func anUnknownHostIsTold() async throws {
        let client = try WebClient()
        let failure = await #expect(throws: WebFailure.self) {
            try await client.send(WebRequest("GET", "http://nowhere.invalid:1/"))
        }
        #expect(failure?.kind == .unknownHost, "\(String(describing: failure))")
    }

    @Test func onlyTrustedServersAreBelieved() async throws {
        let authority = try CertificateAuthority(name: "test", now: Self.now)
        let leaf = try authority.server(name: "s", alternatives: ["127.0.0.1"], now: Self.now)
        let server = try await LoopbackServer(identity: (leaf.certificatePEM, leaf.keyPEM))
        let request = WebRequest("GET", "https://127.0.0.1:\(server.port)/echo")
        var settings = WebClient.Settings()
        settings.trustedCertificates = Array(authority.credential.certificatePEM.utf8)
        #expect(try await WebClient(settings).send(request).status == 200)
        let stranger = try WebClient()
        let failure = await #expect(throws: WebFailure.self) { try await stranger.send(request) }
        #expect(failure?.kind == .untrusted, "\(String(describing: failure))")
        settings = WebClient.Settings()
        settings.skipsVerification = true
        #expect(try await WebClient(settings).send(request).status == 200)
        try await server.stop()
    }

    @Test func badCertificatesAreRefusedWhenTheClientIsMade() {
        var settings = WebClient.Settings()
        settings.trustedCertificates = Array("no pem".utf8)
        let failure = #expect(throws: WebFailure.self) { try WebClient(settings) }
        #expect(failure?.kind == .badCertificate)
    }
}
