import Client
import Testing

struct KubeconfigTests {
    static let first = """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {token: secret}}]
        contexts:
        - {name: one, context: {cluster: c, user: u, namespace: apps}}
        - {name: lost, context: {cluster: gone, user: u}}
        """
    static let second = """
        current-context: two
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:2"}}]
        contexts: [{name: two, context: {cluster: c}}]
        """

    private func load(_ files: [String: String], _ paths: [String], isExplicit: Bool = false) throws -> Kubeconfig {
        try Kubeconfig(paths, isExplicit: isExplicit) { files[$0].map { Array($0.utf8) } }
    }

    @Test func theFirstOfTwoFilesCounts() throws {
        let files = ["/a": KubeconfigTests.first, "/b": KubeconfigTests.second]
        let config = try load(files, ["/a", "/missing", "/b"])
        #expect(config.currentContext == "one")
        #expect(try config.namespace(.init()) == "apps")
        var overrides = Kubeconfig.Overrides()
        overrides.context = "two"
        #expect(try config.namespace(overrides) == "default")
        overrides.namespace = "mine"
        #expect(try config.namespace(overrides) == "mine")
    }

    @Test(arguments: [
        (["/x": "a: [1"], "kubeconfig /x: yaml: line 1: did not find expected ',' or ']'"),
        (["/x": "text"], "kubeconfig /x: not a kubeconfig: the top of the file is no mapping"),
        ([:], "kubeconfig /x: no such file"),
    ])
    func unreadableFiles(_ files: [String: String], _ message: String) {
        do {
            _ = try load(files, ["/x"], isExplicit: true)
            Issue.record("was read")
        } catch { #expect("\(error)" == message) }
    }

    @Test(arguments: [
        ("lost", "the context names cluster \"gone\", which the kubeconfig does not have"),
        ("none", "context \"none\" does not exist in the kubeconfig"),
    ])
    func missingEntries(_ context: String, _ message: String) throws {
        let config = try load(["/a": KubeconfigTests.first], ["/a"])
        var overrides = Kubeconfig.Overrides()
        overrides.context = context
        do {
            _ = try config.transport(overrides)
            Issue.record("was accepted")
        } catch { #expect("\(error)" == message) }
    }
}
