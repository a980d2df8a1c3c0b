import API
import Document
import PKI
import Testing

@testable import APIServer

/// What paths, queries and headers mean.
struct RequestTests {
    @Test(
        arguments: [
            ("/api/v1/pods", ["", "v1", "pods", "", "", ""]),
            ("/api/v1/namespaces", ["", "v1", "namespaces", "", "", ""]),
            ("/api/v1/namespaces/a", ["", "v1", "namespaces", "", "a", ""]),
            ("/api/v1/namespaces/a/status", ["", "v1", "namespaces", "a", "a", "status"]),
            ("/api/v1/namespaces/a/pods", ["", "v1", "pods", "a", "", ""]),
            ("/api/v1/namespaces/a/pods/p/log", ["", "v1", "pods", "a", "p", "log"]),
            ("/apis/apps/v1/namespaces/a/deployments/d", ["apps", "v1", "deployments", "a", "d", ""]),
            ("/apis/apps/v1/watch/namespaces/a/deployments", ["apps", "v1", "deployments", "a", "", ""]),
            ("/api/v1/nodes/n%2Fx", ["", "v1", "nodes", "", "n/x", ""]),
        ] as [(String, [String])])
    func routes(path: String, expected: [String]) throws {
        let route = try #require(Route(path))
        #expect(
            [route.group, route.version, route.resource, route.namespace, route.name, route.subresource] == expected)
        #expect(route.isWatch == path.contains("/watch/"))
    }

    @Test(arguments: ["/", "/api", "/api/v1", "/apis/apps", "/apis/apps/v1", "/version", "/openapi/v2"])
    func pathsThatAreNoResources(path: String) { #expect(Route(path) == nil) }

    @Test func queries() {
        let query = Query("labelSelector=a%3Db%2Cc+in+%28d%29&watch&limit=5&dryRun=All&dryRun=x&flag=false")
        #expect(query["labelSelector"] == "a=b,c in (d)")
        #expect(query.flag("watch") && !query.flag("flag") && !query.flag("nope"))
        #expect(query.all("dryRun") == ["All", "x"])
    }

    @Test(
        arguments: [
            ("", Form.json), ("*/*", .json), ("application/yaml", Form(encoding: .yaml)),
            (
                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
                Form(encoding: .json, shape: .table(version: "v1"))
            ),
            ("text/html;q=0.9, application/json;q=0.5", .json), ("text/html", nil), ("application/cbor", nil),
            (
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
                Form(encoding: .json, shape: .metadata(version: "v1", isList: true))
            ),
            ("*/*, application/yaml", Form(encoding: .yaml)), ("application/json;as=Table", nil),
            ("application/json;stream=watch", .json), ("application/yaml;stream=watch", nil),
            ("application/json;pretty=1", Form(encoding: .json, isPretty: true)),
            ("application/vnd.kubernetes.protobuf", Form(encoding: .protobuf)),
            ("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io", nil),
            (
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
                Form(encoding: .protobuf, shape: .metadata(version: "v1", isList: false))
            ),
        ] as [(String, Form?)])
    func negotiation(header: String, expected: Form?) {
        #expect(Form.negotiate(header, hasProtobuf: true) { _ in true } == expected)
    }

    @Test func tokenFiles() throws {
        let tokens = try TokenFile.parse("t1,alice,u1,\"dev,ops\"\n\n t2 , bob,u2\n")
        #expect(tokens["t1"]?.groups == ["dev", "ops", "system:authenticated"])
        #expect(tokens["t2"]?.name == "bob" && tokens["t2"]?.uid == "u2")
        #expect(throws: TokenFile.Failure.self) { try TokenFile.parse("a,b") }
    }

    @Test func continueTokensAreUpstreams() throws {
        let token = try ContinueToken("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6Nzc2LCJzdGFydCI6Ii9ib3RoXHUwMDAwIn0")
        #expect(token == ContinueToken(revision: 776, start: "both"))
        #expect(try ContinueToken(token.text) == token)
        #expect(throws: Status.self) { try ContinueToken("zzz") }
    }

    @Test func webTokensHoldOnlyWhatWasSigned() throws {
        let key = try SigningKey(.es256)
        let now = Time(seconds: 1000)
        let claims: Value = [
            "iss": .string(WebToken.issuer), "aud": ["a"], "exp": 2000, "nbf": 900, "sub": "s",
        ]
        let text = try WebToken(claims: claims).signed(with: key)
        let token = try #require(WebToken(text, key: key))
        #expect(token.holds(at: now, audiences: ["a"]))
        #expect(!token.holds(at: now, audiences: ["b"]))
        #expect(!token.holds(at: Time(seconds: 2000), audiences: ["a"]))
        #expect(!token.holds(at: Time(seconds: 800), audiences: ["a"]))
        #expect(WebToken(text, key: try SigningKey(.es256)) == nil)
        var parts = text.split(separator: ".").map(String.init)
        parts[1] = Base64URL.text(JSON.write(["iss": .string(WebToken.issuer), "aud": ["a"], "exp": 99999]))
        #expect(WebToken(parts.joined(separator: "."), key: key) == nil)
        parts[0] = Base64URL.text(JSON.write(["alg": "none"]))
        #expect(WebToken(parts.joined(separator: "."), key: key) == nil)
    }
}
