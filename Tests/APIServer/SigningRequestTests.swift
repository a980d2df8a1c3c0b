import API
import Client
import Document
import Testing

@testable import APIServer

/// What the parts of a request for a certificate may change.
struct SigningRequestTests {
    private static let path = "/apis/certificates.k8s.io/v1/certificatesigningrequests/jane"
    /// A PEM request of a P-256 key, in base64.
    private static let request =
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISk1IRUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWFtRnVaVEJa"
        + "TUJNR0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSApBMElBQkJ6UDZRQTIrSi9GK25NWmJxbXI2Z3FFZUMyVkJDOHdRTjIzZHFl"
        + "QXhyN3BXTU9JQzRaM2d2Z1cxcnlhCjk1WjNXemlReWRRTTUzUHBTU0llMk1PcEl3NmdBREFLQmdncWhrak9QUVFEQWdOSUFE"
        + "QkZBaUF3VWRoSFJqblcKOVRWQ1JkWVQ2Si9zQ09SSlJuQmZFZEw2Y2FvQzZBWVc4Z0loQUpMMUhaWWRQYTc4c01naTE4Q1g3"
        + "cklqUkxlMgp1Rk1sNTQyS1B5WU1WSExVCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo="

    private func server() async throws -> ServerFixture {
        let server = try await ServerFixture.started()
        _ = try await server.client.create(
            GroupVersionResource(group: "certificates.k8s.io", version: "v1", resource: "certificatesigningrequests"),
            [
                "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
                "metadata": ["name": "jane"],
                "spec": [
                    "request": .string(Text(Self.request)), "signerName": "example.com/signer",
                    "usages": ["client auth"],
                ],
            ])
        return server
    }

    private func patched(_ server: ServerFixture, _ part: String, _ change: Value) async throws -> Value {
        let answer = try await server.send(
            .patch, "\(Self.path)/\(part)", type: "application/merge-patch+json", body: .value(change))
        #expect(answer.code == 200, "\(answer.body)")
        return answer.body
    }

    private static func conditions(_ type: Value) -> Value {
        ["conditions": [["type": type, "status": "True", "reason": "Test"]]]
    }

    @Test func anApprovalGetsItsTimesAndChangesNothingElse() async throws {
        let server = try await server()
        let change: Value = [
            "spec": ["signerName": "kubernetes.io/kube-apiserver-client"],
            "status": ["certificate": "AAAA", "conditions": Self.conditions("Approved")["conditions"] ?? .null],
        ]
        let approved = try await patched(server, "approval", change)
        let condition = try #require(approved["status", "conditions"]?.array?.first)
        #expect(condition["lastUpdateTime"] == "2026-09-21T14:13:20Z")
        #expect(condition["lastTransitionTime"] == "2026-09-21T14:13:20Z")
        #expect(approved["spec", "signerName"] == "example.com/signer")
        #expect(approved["status", "certificate"] == nil)
    }

    @Test(arguments: ["Approved", "Denied"] as [Value])
    func theStatusDecidesNothing(decision: Value) async throws {
        let server = try await server()
        let reported = try await patched(server, "status", ["status": Self.conditions(decision)])
        #expect(reported["status", "conditions"]?.array?.isEmpty ?? true, "\(reported)")
        let decided = try await patched(server, "approval", ["status": Self.conditions(decision)])
        let failed = try await patched(server, "status", ["status": Self.conditions("Failed")])
        #expect(failed["status", "conditions"]?.array?.compactMap { $0["type"] } == ["Failed", decision])
        #expect(failed["status", "conditions"]?.array?.last == decided["status", "conditions"]?.array?.first)
    }
}
