import API
import Client
import Document
import PKI
import Testing

@testable import APIServer

/// Tokens that service accounts ask for (TokenRequest of authentication.k8s.io/v1).
struct TokenTests {
    private static let accounts = GroupVersionResource(group: "", version: "v1", resource: "serviceaccounts")

    private func server() async throws -> ServerFixture {
        let server = try ServerFixture(
            keyring: SigningKeyring { () throws(PKIFailure) in try SigningKey(.es256) })
        try await Bootstrap(server.api).run()
        let account: Value = ["metadata": ["name": "sa", "namespace": "default"]]
        _ = try await server.client.create(TokenTests.accounts, account)
        return server
    }

    private func request(_ spec: Value, _ server: ServerFixture) async throws -> (code: Int, body: Value) {
        let path = "/api/v1/namespaces/default/serviceaccounts/sa/token"
        let answer = try await server.send(.post, path, body: .value(["spec": spec]))
        return (answer.code, answer.body)
    }

    /// The lifetime is the client's own, given or not; the audience is the server's.
    @Test(arguments: [(nil, 3600), (600, 600)] as [(Int?, Int)])
    func aTokenLivesAnHourUnlessAnotherTimeIsAsked(asked: Int?, seconds: Int) async throws {
        let server = try await server()
        let (code, body) = try await request(asked.map { ["expirationSeconds": .int($0)] } ?? [:], server)
        #expect(code == 201 && body["spec", "expirationSeconds"]?.int == seconds)
        #expect(body["spec", "audiences"]?.array?.count == 1)
        let end = Time(seconds: server.clock.now.seconds + Int64(seconds)).description
        #expect(body["status", "expirationTimestamp"]?.string == end)
        let managed = try #require(body["metadata", "managedFields"]?.array)
        #expect(managed.count == 1 && managed[0]["manager"] == "tester" && managed[0]["subresource"] == "token")
        #expect(managed[0]["fieldsV1"] == ["f:spec": ["f:expirationSeconds": [:]]])
    }

    @Test(arguments: [
        (599, "may not specify a duration less than 10 minutes"),
        ((1 << 32) + 1, "may not specify a duration larger than 2^32 seconds"),
    ])
    func lifetimesHaveTheirBounds(seconds: Int, words: String) async throws {
        let (code, body) = try await request(["expirationSeconds": .int(seconds)], try await server())
        #expect(code == 422 && body["message"]?.string?.contains("spec.expirationSeconds") == true)
        #expect(body["message"]?.string?.hasSuffix(words) == true)
    }

    @Test func aRequestNamesItsOwnAccount() async throws {
        let server = try await server()
        let path = "/api/v1/namespaces/default/serviceaccounts/sa/token"
        let answer = try await server.send(.post, path, body: .value(["metadata": ["name": "other"]]))
        #expect(
            answer.body["message"]?.string == "TokenRequest.authentication.k8s.io \"sa\" is invalid: metadata.name: "
                + "Invalid value: \"other\": must match the service account name if specified")
    }

    @Test func aTokenIsBoundToPodsOfItsAccountAlone() async throws {
        let server = try await server()
        _ = try await server.client.create(
            TokenTests.accounts, ["metadata": ["name": "other", "namespace": "default"]])
        let pods = GroupVersionResource(group: "", version: "v1", resource: "pods")
        for (name, account) in [("p", "other"), ("q", "sa")] as [(Value, Value)] {
            let pod: Value = [
                "metadata": ["name": name, "namespace": "default"],
                "spec": ["serviceAccountName": account, "containers": [["name": "c", "image": "i"]]],
            ]
            _ = try await server.client.create(pods, pod)
            let bound: Value = ["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": name]]
            let (code, body) = try await request(bound, server)
            #expect(code == (account == "sa" ? 201 : 400))
            let words = "cannot bind token for serviceaccount \"sa\" to pod running with different serviceaccount name."
            #expect(account == "sa" || body["message"]?.string == words)
        }
    }

    /// Of the audiences that are asked for, those are answered that the token is for; else what is wrong with it is told.
    @Test func aReviewIsForAudiences() async throws {
        let server = try await server()
        let token = try #require(
            try await request(["audiences": ["a", "b"]], server).body["status", "token"]?.string)
        func review(_ audiences: Value) async throws -> Value? {
            let body: Value = ["spec": ["token": .string(Text(token)), "audiences": audiences]]
            let path = "/apis/authentication.k8s.io/v1/tokenreviews"
            return try await server.send(.post, path, body: .value(body)).body["status"]
        }
        #expect(try await review(["c", "b"])?["audiences"] == ["b"])
        let words = "[invalid bearer token, token audiences [\"a\" \"b\"] is invalid for the target audiences [\"c\"]]"
        #expect(try await review(["c"]) == ["user": [:], "error": .string(Text(words))])
        server.clock.advance(by: .seconds(3601))
        #expect(
            try await review(["b"])?["error"] == "[invalid bearer token, service account token has expired]")
    }

    @Test func aTokenSpeaksForItsAccount() async throws {
        let server = try await server()
        let token = try #require(try await request([:], server).body["status", "token"]?.string)
        let review: Value = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": ["token": .string(Text(token))],
        ]
        let path = "/apis/authentication.k8s.io/v1/tokenreviews"
        func isKnown(_ server: ServerFixture) async throws -> Bool {
            try await server.send(.post, path, body: .value(review)).body["status", "authenticated"]?.bool == true
        }
        #expect(try await isKnown(server))
        server.clock.advance(by: .seconds(3601))
        #expect(try await !isKnown(server))
    }
}
