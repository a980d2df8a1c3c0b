import Glibc
import Testing
import TestSupport

@testable import PKI

/// The authority and what it issues, as OpenSSL reads them.
struct AuthorityTests {
    private static let now: Int64 = 1_790_000_000
    private let authority: CertificateAuthority

    init() throws { authority = try CertificateAuthority(name: "helmctl-test", now: Self.now) }

    @Test func aServerNamesWhatItIsReachedBy() throws {
        let names = ["kubernetes", "kubernetes.default.svc", "127.0.0.1", "10.96.0.1", "fe80::1"]
        let leaf = try authority.server(name: "kube-apiserver", alternatives: names, now: Self.now)
        let facts = try CertificateFacts(pem: leaf.certificatePEM)
        #expect(facts.commonName == "kube-apiserver")
        #expect(facts.alternatives == names)
        #expect(facts.notAfter == Self.now + CertificateAuthority.leafLifetime)
        #expect(facts.notBefore < Self.now)
    }

    @Test func aClientIsUserAndGroups() throws {
        let leaf = try authority.client(user: "kubernetes-admin", groups: ["system:masters", "b"], now: Self.now)
        let facts = try CertificateFacts(pem: leaf.certificatePEM)
        #expect(facts.commonName == "kubernetes-admin")
        #expect(facts.organizations == ["system:masters", "b"])
    }

    @Test(.enabled(if: access("/usr/bin/openssl", X_OK) == 0, "needs openssl"), arguments: ["sslserver", "sslclient"])
    func opensslBelievesTheChain(purpose: String) throws {
        let folder = try ScratchFolder()
        let again = try CertificateAuthority(authority.credential)
        let leaf =
            purpose == "sslserver"
            ? try again.server(name: "s", alternatives: ["localhost"], now: Self.now)
            : try again.client(user: "u", groups: ["g"], now: Self.now)
        let run = try Command(
            "/usr/bin/openssl",
            [
                "verify", "-attime", "\(Self.now + 60)", "-purpose", purpose, "-x509_strict", "-CAfile",
                try folder.write(authority.credential.certificatePEM, to: "ca.crt"),
                try folder.write(leaf.certificatePEM, to: "leaf.crt"),
            ]
        ).run()
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    @Test(.enabled(if: access("/usr/bin/openssl", X_OK) == 0, "needs openssl"))
    func theFingerprintIsOpenSSLs() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(authority.credential.certificatePEM, to: "ca.crt")
        let run = try Command("/usr/bin/openssl", ["x509", "-in", file, "-noout", "-fingerprint", "-sha256"]).run()
        let text = run.output.split(separator: "=").last?.filter(\.isHexDigit).lowercased()
        #expect(try CertificateFacts(pem: authority.credential.certificatePEM).fingerprint == text)
    }

    @Test func anotherKeyIsNotTaken() throws {
        let other = try CertificateAuthority(name: "other", now: Self.now)
        let mixed = Credential(
            certificatePEM: authority.credential.certificatePEM, keyPEM: other.credential.keyPEM)
        #expect(throws: PKIFailure.self) { try CertificateAuthority(mixed) }
    }

    @Test(arguments: [
        (0, ["a"], false), (328, ["a"], false), (330, ["a"], true), (366, ["a"], true), (-1, ["a"], true),
        (0, ["a", "10.0.0.1"], false), (0, ["a", "10.0.0.2"], true), (0, ["0:0:0:0:0:0:0:1"], false),
    ])
    func renewal(day: Int64, wanted: [String], expected: Bool) throws {
        let leaf = try authority.server(name: "s", alternatives: ["a", "10.0.0.1", "::1"], now: Self.now)
        let facts = try CertificateFacts(pem: leaf.certificatePEM)
        #expect(facts.needsRenewal(at: Self.now + day * 86400, wanted: wanted) == expected)
    }
}

/// Keys that sign tokens.
struct SigningKeyTests {
    @Test(arguments: [SigningKey.Algorithm.rs256, .es256])
    func signaturesHoldAfterTheKeyWasStored(algorithm: SigningKey.Algorithm) throws {
        let key = try SigningKey(algorithm)
        let again = try SigningKey(pem: key.pem)
        #expect(again.algorithm == algorithm)
        #expect(again.identifier == key.identifier)
        let signature = try key.signature(for: [1, 2, 3])
        #expect(again.isValid(signature: signature, for: [1, 2, 3]))
        #expect(!again.isValid(signature: signature, for: [1, 2, 4]))
    }

    @Test(.enabled(if: access("/usr/bin/openssl", X_OK) == 0, "needs openssl"))
    func theIdentifierIsUpstreams() throws {
        let folder = try ScratchFolder()
        let key = try SigningKey(.rs256)
        let file = try folder.write(key.pem, to: "sa.key")
        let run = try Command(
            "/bin/sh",
            [
                "-c",
                "openssl pkey -in \(file) -pubout -outform DER | openssl dgst -sha256 -binary | base64 | tr -d '=\\n' | tr '+/' '-_'",
            ]
        ).run()
        #expect(run.output == key.identifier)
        #expect(key.publicJWK.map(\.name) == ["use", "kty", "kid", "alg", "n", "e"])
        #expect(key.publicJWK.last?.value == "AQAB")
    }
}

/// The small parts.
struct FormTests {
    @Test(
        arguments: [
            ([], ""), ([0], "AA"), ([255, 254], "__4"), ([1, 2, 3], "AQID"), (Array("hello?>".utf8), "aGVsbG8_Pg"),
        ] as [([UInt8], String)])
    func base64url(bytes: [UInt8], text: String) {
        #expect(Base64URL.text(bytes) == text)
        #expect(Base64URL.bytes(text) == bytes)
    }

    @Test func anotherAlphabetIsRefused() {
        #expect(Base64URL.bytes("a+b/") == nil)
        #expect(Base64URL.bytes("A") == nil)
    }

    @Test func secretsAreTheirOwners() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/key"
        #expect(try PrivateFile.read(path) == nil)
        try PrivateFile.write("one", to: path)
        try PrivateFile.write("two", to: path)
        #expect(try PrivateFile.read(path) == "two")
        var facts = stat()
        #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        #expect { try PrivateFile.write("x", to: "\(folder.path)/no/key") } throws: {
            "\($0)" == "cannot write \(folder.path)/no/key: No such file or directory"
        }
    }
}
