import OCI
import TestSupport
import Testing

/// Docker's rules for the names of images.
@Suite struct ReferenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var whole: String
        var familiar: String
        var testDescription: String { text }
    }

    static let hex = String(repeating: "ab", count: 32)

    @Test(arguments: [
        Case(text: "busybox", whole: "docker.io/library/busybox:latest", familiar: "busybox:latest"),
        Case(text: "busybox:1.36", whole: "docker.io/library/busybox:1.36", familiar: "busybox:1.36"),
        Case(text: "bitnami/redis", whole: "docker.io/bitnami/redis:latest", familiar: "bitnami/redis:latest"),
        Case(text: "docker.io/nginx:1", whole: "docker.io/library/nginx:1", familiar: "nginx:1"),
        Case(text: "index.docker.io/a/b", whole: "docker.io/a/b:latest", familiar: "a/b:latest"),
        Case(text: "localhost/x", whole: "localhost/x:latest", familiar: "localhost/x:latest"),
        Case(text: "localhost:5000/x/y:t", whole: "localhost:5000/x/y:t", familiar: "localhost:5000/x/y:t"),
        Case(
            text: "registry.k8s.io/pause:3.9", whole: "registry.k8s.io/pause:3.9", familiar: "registry.k8s.io/pause:3.9"
        ),
        Case(text: "Host/x", whole: "Host/x:latest", familiar: "Host/x:latest"),
        Case(text: "a__b/c-d.e---f:T_1", whole: "docker.io/a__b/c-d.e---f:T_1", familiar: "a__b/c-d.e---f:T_1"),
        Case(text: "x@sha256:\(hex)", whole: "docker.io/library/x@sha256:\(hex)", familiar: "x@sha256:\(hex)"),
        Case(text: "x:1@sha256:\(hex)", whole: "docker.io/library/x:1@sha256:\(hex)", familiar: "x:1@sha256:\(hex)"),
    ])
    func isNormalised(_ reference: Case) throws {
        let parsed = try ImageReference(reference.text)
        #expect(parsed.description == reference.whole)
        #expect(parsed.familiar == reference.familiar)
        #expect(try ImageReference(parsed.description) == parsed)
    }

    @Test(arguments: [
        "", ":", "a:", ":b", "A", "a/B", "a//b", "/a", "a/", "a..b", "a___b", "-a", "a-", "a:b c", "a@b", "a b",
        "x@sha256:abc", "x@md5:\(hex)", "a:\(String(repeating: "t", count: 129))", "reg:port/x", "x:.t",
        String(repeating: "a", count: 256), "reg..io/x", "a\u{301}", "x:5000/y/",
    ])
    func isRefused(_ text: String) {
        #expect(throws: ImageError.self) { _ = try ImageReference(text) }
    }
}
