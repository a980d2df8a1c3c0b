import API
import Client
import Document
import Glibc
import NIOCore
import NIOEmbedded
import NIOHTTP1
import PKI
import Store
import TestSupport
import Testing

@testable import APIServer

/// The server on a real socket, asked by curl.
@Suite(.enabled(if: access("/usr/bin/curl", X_OK) == 0, "needs curl"))
struct HTTPTests {
    /// A listening server with its certificates in a folder.
    final class Listening: Sendable {
        let fixture: ServerFixture
        let server: HTTPSServer
        let folder: ScratchFolder
        let port: Int

        init(_ name: String = #function, inFlight: InFlight = InFlight()) async throws {
            folder = try ScratchFolder(name)
            let now = SystemTime().now.seconds
            let authority = try CertificateAuthority(name: "test", now: now)
            let leaf = try authority.server(name: "server", alternatives: ["127.0.0.1"], now: now)
            let admin = try authority.client(user: "admin", groups: ["system:masters"], now: now)
            let guest = try authority.client(user: "guest", groups: [], now: now)
            try folder.write(authority.credential.certificatePEM, to: "ca.crt")
            for (name, credential) in [("admin", admin), ("guest", guest)] {
                try folder.write(credential.certificatePEM + credential.keyPEM, to: "\(name).pem")
            }
            fixture = try await ServerFixture.started(inFlight: inFlight)
            server = try HTTPSServer(
                fixture.api, credential: leaf, authority: authority.credential.certificatePEM, threads: 2)
            port = try await server.listen(host: "127.0.0.1", port: 0)
        }

        /// Runs curl; its output ends in the status code and the protocol.
        func curl(_ path: String, _ further: [String] = [], as user: String? = "admin") throws -> String {
            var words = [
                "-s", "-m", "20", "-A", "tests", "--cacert", "\(folder.path)/ca.crt", "-w",
                "\n%{http_code} %{http_version}",
            ]
            if let user { words += ["--cert", "\(folder.path)/\(user).pem"] }
            return try Command("/usr/bin/curl", words + further + ["https://127.0.0.1:\(port)\(path)"]).run().output
        }

        deinit { Task { [server] in await server.shutdown() } }
    }

    @Test(arguments: [("--http1.1", "1.1"), ("--http2", "2")])
    func bothVersionsOfHTTP(flag: String, version: String) async throws {
        let listening = try await Listening()
        let answer = try listening.curl("/api/v1/namespaces/default", [flag])
        #expect(answer.hasSuffix("200 \(version)"))
        #expect(answer.contains("\"kind\":\"Namespace\""))
    }

    /// What upstream says beside each answer: by what it is known, and to which flow it belonged.
    @Test func headersAreUpstreams() async throws {
        let listening = try await Listening()
        func head(_ path: String, _ further: [String] = [], as user: String? = "admin") throws -> [String: String] {
            let text = try listening.curl(path, ["--http1.1", "-D", "-", "-o", "/dev/null"] + further, as: user)
            let pairs = text.split(separator: "\r\n").compactMap { line -> (String, String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                return (String(line[..<colon]), String(line[colon...].dropFirst(2)))
            }
            return Dictionary(pairs) { first, _ in first }
        }
        let first = try head("/api/v1/namespaces/default")
        let flows = listening.fixture.api.objects("flowcontrol.apiserver.k8s.io", "v1", "flowschemas")
        func uid(_ name: String) -> String? { flows.first { $0.name == name }?.uid }
        #expect(first["X-Kubernetes-Pf-Flowschema-Uid"] == uid("exempt") && first["Audit-Id"]?.count == 36)
        #expect(first["X-Kubernetes-Pf-Prioritylevel-Uid"]?.count == 36)
        #expect(first["Date"] == "Mon, 21 Sep 2026 14:13:20 GMT")
        let guest = try head("/api/v1/namespaces", ["-H", "Audit-ID: mine"], as: "guest")
        #expect(guest["X-Kubernetes-Pf-Flowschema-Uid"] == uid("global-default") && guest["Audit-Id"] == "mine")
        #expect(guest["X-Content-Type-Options"] == "nosniff")
        let nobody = try head("/api", ["-H", "Authorization: Bearer nope"], as: nil)
        #expect(nobody["X-Kubernetes-Pf-Flowschema-Uid"] == nil && nobody["Audit-Id"] != nil)
        #expect(try head("/readyz", as: nil)["X-Kubernetes-Pf-Flowschema-Uid"] == uid("probes"))
        #expect(try head("/version")["Content-Type"] == "application/json")
        let words =
            "user.DefaultInfo{Name:\\\"\\\", UID:\\\"\\\", Groups:[]string{\\\"g\\\"}, "
            + "Extra:map[string][]string(nil)} without impersonating a user name"
        #expect(try listening.curl("/api/v1/pods", ["-H", "Impersonate-Group: g"]).contains(words))
    }

    @Test(arguments: [
        ("/api/v1/namespaces/default", ["-A", "curl/8"], "{\n  \"kind\": \"Namespace\",\n"),
        ("/api/v1/namespaces/default?pretty=true", [], "{\n  \"kind\": \"Namespace\",\n"),
        ("/api/v1/namespaces/default?pretty=0", ["-A", "curl/8"], "{\"kind\":\"Namespace\","),
        ("/api/v1/nopes", ["-H", "Accept: application/yaml"], "apiVersion: v1\n"),
        ("/api/v1/namespaces/nope", ["-H", "Accept: application/yaml"], "apiVersion: v1\n"),
        ("/version", [], "{\n  \""),
        ("/api/v1/nopes", [], "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"),
    ])
    func answersAreForWhoReadsThem(path: String, further: [String], start: String) async throws {
        #expect(try await Listening().curl(path, further).hasPrefix(start))
    }

    /// The index of OpenAPI leads to documents that never change; another hash leads to the one of today.
    @Test func documentsAreFoundByTheirHash() async throws {
        let listening = try await Listening()
        let path = "/openapi/v3/apis/apps/v1"
        let index = try JSON.parse(Text(try listening.curl("/openapi/v3", ["-w", ""])))
        let url = try #require(index["paths", "apis/apps/v1", "serverRelativeURL"]?.string)
        let tag = url.dropFirst("\(path)?hash=".count)
        #expect(url.hasPrefix("\(path)?hash=") && tag.count == 128)
        let head = ["-D", "-", "-o", "/dev/null", "--http1.1"]
        let whole = try listening.curl(url, head)
        for line in [
            "Cache-Control: public, immutable", "Etag: \"\(tag)\"", "Vary: Accept", "Expires: Tue, 21 Sep 2027",
        ] {
            #expect(whole.contains(line))
        }
        let messages = "application/com.github.proto-openapi.spec.v3"
        let encoded = try listening.curl(path, head + ["-H", "Accept: \(messages)@v1.0+protobuf"])
        #expect(encoded.contains("Content-Type: \(messages).v1.0+protobuf") && encoded.contains("Etag: \"\(tag)\""))
        let plain = try listening.curl(path, head)
        #expect(plain.contains("Etag: \"\(tag)\"") && plain.contains("Cache-Control: no-cache, private"))
        #expect(try listening.curl("\(path)?hash=X", head).contains("Location: \(url)\r\n"))
        for (url, tag) in [(url, tag), (path, tag)] {
            #expect(try listening.curl(url, head + ["-H", "If-None-Match: \"\(tag)\""]).contains("304 Not Modified"))
        }
    }

    /// Browsers watch over WebSocket: an event is a message.
    @Test func aWatchMayLeaveHTTP() async throws {
        let listening = try await Listening()
        let words =
            ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
            + ["Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Origin: https://here"]
        let path = "/api/v1/namespaces?watch=1&timeoutSeconds=3&fieldSelector=metadata.name%3Ddefault"
        let text = try listening.curl(
            path + "&allowWatchBookmarks=1", ["--http1.1", "-i", "-N", "-m", "5"] + words.flatMap { ["-H", $0] })
        #expect(text.contains("101 Switching Protocols") && text.contains("{\"object\":{\"apiVersion\":\"v1\""))
        #expect(text.contains("\"type\":\"ADDED\"}\n") && text.contains("\"type\":\"BOOKMARK\"}\n"))
        let refused = try listening.curl(
            path + "&resourceVersion=abc", ["--http1.1", "-i", "-m", "3"] + words.flatMap { ["-H", $0] })
        #expect(!refused.contains("101 Switching"))
    }

    @Test func whoShowsNothingSeesHealthAlone() async throws {
        let listening = try await Listening()
        listening.fixture.api.setReady(true)
        #expect(try listening.curl("/readyz", as: nil).hasPrefix("ok\n200"))
        #expect(try listening.curl("/api/v1/namespaces", as: nil).contains("403 "))
        #expect(try listening.curl("/api/v1/namespaces", as: "guest").contains("User \\\"guest\\\" cannot list"))
        #expect(try listening.curl("/api", ["-H", "Authorization: Bearer nope"], as: nil).contains("401 "))
    }

    @Test func oldTLSIsRefused() async throws {
        let listening = try await Listening()
        #expect(try listening.curl("/readyz", ["--tls-max", "1.1"]).contains("000 0"))
    }

    @Test func aBodyThatIsTooLongIsRefused() async throws {
        let listening = try await Listening()
        let file = try listening.folder.write(String(repeating: "x", count: 4 << 20), to: "body")
        let answer = try listening.curl(
            "/api/v1/namespaces/default/configmaps", ["--http1.1", "--data-binary", "@\(file)"])
        #expect(answer.contains("Request entity too large: limit is 3145728"))
    }

    @Test func whoAsksTooMuchAtOnceIsHeldUpButForAdministrators() async throws {
        let listening = try await Listening(inFlight: InFlight(mutating: 0, readOnly: 0))
        let refused = try listening.curl("/openapi/v2", ["-i"], as: "guest")
        #expect(refused.contains("retry-after: 1"))
        #expect(refused.contains("Too many requests, please try again later."))
        #expect(refused.contains("429 "))
        #expect(try listening.curl("/openapi/v2").hasSuffix("200 2"))
        #expect(try listening.curl("/version", as: "guest").hasSuffix("200 2"))
    }

    /// By HTTP/2 from the second request on: before the client has read what it may send, NIO takes 16 KB.
    @Test func headersMayBeLong() async throws {
        let listening = try await Listening()
        let file = try listening.folder.write("X-A: " + String(repeating: "x", count: 60_000), to: "header")
        let long = try listening.folder.write("X-A: " + String(repeating: "x", count: 90_000), to: "long")
        #expect(try listening.curl("/version", ["--http1.1", "-H", "@\(long)"]).hasSuffix("200 1.1"))
        let first = "https://127.0.0.1:\(listening.port)/livez"
        let identity = ["--cacert", "\(listening.folder.path)/ca.crt", "--cert", "\(listening.folder.path)/admin.pem"]
        let second = ["-s", "--http2", "-m", "20", "-w", "\n%{http_code} %{http_version}", "-H", "@\(file)"]
        let answer = try listening.curl("/healthz", ["--http2", first, "--next"] + identity + second)
        #expect(answer.hasSuffix("ok\n200 2"), "\(answer)")
    }

    @Test func aHeadThatIsTooLongIsRefused() throws {
        let channel = EmbeddedChannel(handler: Exchange())
        channel.pipeline.fireErrorCaught(HTTPParserError.headerOverflow)
        guard case .head(let head) = try channel.readOutbound(as: HTTPServerResponsePart.self) else {
            Issue.record("no answer")
            return
        }
        #expect(head.status == .requestHeaderFieldsTooLarge)
        #expect(throws: HTTPParserError.self) { try channel.throwIfErrorCaught() }
    }

    /// Without an end the client would wait for its answer until it loses patience, which curl tells by 28.
    @Test func aClientThatBreaksHTTP2IsLeft() async throws {
        let listening = try await Listening()
        let file = try listening.folder.write("X-A: " + String(repeating: "x", count: 500_000), to: "header")
        let words = ["-sk", "--http2", "-m", "20", "-H", "@\(file)", "https://127.0.0.1:\(listening.port)/version"]
        let result = try Command("/usr/bin/curl", words).run()
        #expect(result.status != 0 && result.status != 28, "\(result)")
    }

    @Test func aWatchStreamsAndEnds() async throws {
        let listening = try await Listening()
        let path = "/api/v1/namespaces/default/configmaps"
        let body = "{\"metadata\":{\"name\":\"a\"}}"
        _ = try listening.curl(path, ["-H", "Content-Type: application/json", "-d", body])
        for flag in ["--http1.1", "--http2"] {
            let answer = try listening.curl("\(path)?watch=1&timeoutSeconds=1&resourceVersion=0", [flag])
            #expect(answer.contains("{\"type\":\"ADDED\",\"object\":{\"kind\":\"ConfigMap\""))
        }
    }

    @Test func longAnswersAreCompressedForThoseWhoAsk() async throws {
        let listening = try await Listening()
        let text = String(repeating: "0123456789", count: 20_000)
        _ = try await listening.fixture.client.create(
            ServerFixture.configMaps, ServerFixture.configMap("long", data: ["k": .string(text)]))
        let path = "/api/v1/namespaces/default/configmaps"
        let size = ["-o", "/dev/null", "-w", "%{size_download}"]
        let plain = Int(try listening.curl(path, size)) ?? 0
        let packed = Int(try listening.curl(path, size + ["-H", "Accept-Encoding: gzip"])) ?? 0
        #expect(plain > 200_000 && packed > 0 && packed < 20_000)
    }

    /// Collections are packed piece by piece, single objects at once; both are the same when they are unpacked.
    @Test(arguments: ["--http1.1", "--http2"]) func whatIsCompressedIsWhole(flag: String) async throws {
        let listening = try await Listening()
        for index in 0..<12 {
            // What does not repeat itself is not packed well, so that there are several pieces.
            let text = (0..<15_000).map { _ in String(UInt32.random(in: 0 ... .max), radix: 36) }.joined()
            _ = try await listening.fixture.client.create(
                ServerFixture.configMaps, ServerFixture.configMap("long-\(index)", data: ["k": .string(Text(text))]))
        }
        let maps = "/api/v1/namespaces/default/configmaps"
        for path in [maps, "\(maps)?limit=9", "/openapi/v2"] {
            let plain = try listening.curl(path, [flag])
            #expect(plain.utf8.count > 200_000)
            #expect(try listening.curl(path, [flag, "--compressed"]) == plain)
            // Upstream's router knows no HEAD.
            let code = path.hasPrefix("/api") ? " 405 " : " 200 "
            #expect(try listening.curl(path, [flag, "--compressed", "-I"]).contains(code))
        }
    }

    /// What is made of many objects is made elsewhere than on the loop, and comes in the order of the requests.
    @Test(arguments: ["--http1.1", "--http2"]) func manyObjectsComeInEachForm(flag: String) async throws {
        let listening = try await Listening()
        for index in 100..<160 {
            _ = try await listening.fixture.client.create(
                ServerFixture.configMaps, ServerFixture.configMap("map-\(index)"))
        }
        let maps = "/api/v1/namespaces/default/configmaps"
        let small = "https://127.0.0.1:\(listening.port)\(maps)?limit=1"
        for accept in [
            "application/json;as=Table;g=meta.k8s.io;v=v1", "application/yaml", "application/vnd.kubernetes.protobuf",
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        ] {
            let answer = try listening.curl(maps, [flag, "-H", "Accept: \(accept)", "--no-progress-meter", small])
            #expect((100..<160).allSatisfy { answer.contains("map-\($0)") }, "\(accept)")
            let ends = answer.ranges(of: "200 \(flag == "--http2" ? "2" : "1.1")")
            let last = try #require(answer.firstRange(of: "map-159"))
            #expect(ends.count == 2 && ends[0].upperBound < last.lowerBound)
        }
    }

    /// A definition may come within the second in which a client was told of the documents.
    @Test func theIndexOfDocumentsIsAlwaysSent() async throws {
        let listening = try await Listening()
        let head = try listening.curl("/openapi/v3", ["--http1.1", "-I"])
        let line = try #require(head.split(whereSeparator: \.isNewline).first { $0.hasPrefix("Last-Modified: ") })
        let condition = "If-Modified-Since: \(line.dropFirst("Last-Modified: ".count))"
        #expect(try listening.curl("/openapi/v3", ["--http1.1", "-H", condition]).hasSuffix("200 1.1"))
    }

    @Test func aPortInUseIsTold() async throws {
        let listening = try await Listening()
        await #expect {
            _ = try await listening.server.listen(host: "127.0.0.1", port: listening.port)
        } throws: {
            "\($0)" == "cannot listen on 127.0.0.1:\(listening.port): Address already in use"
        }
    }
}
