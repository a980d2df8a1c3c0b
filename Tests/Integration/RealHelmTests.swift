import API
import Client
import Document
import TestSupport
import Testing

/// Real Helm and helmctl on one cluster: each reads, changes and removes what the other installed.
@Suite(.needsOracle, .serialized)
struct RealHelmTests {
    private let cluster: TestCluster

    init() throws { cluster = try TestCluster("helm", ["--no-node"]) }

    /// Runs real Helm, which prints JSON.
    private func helm(_ words: String, namespace: String = "default") throws -> Value {
        let run = try Oracle.run(
            "helm_live.py",
            ["--kubeconfig", cluster.kubeconfig, "-n", namespace] + words.split(separator: " ").map(String.init))
        #expect(run.status == 0, "helm \(words): \(run.errors)")
        return run.status == 0 ? try JSON.parse(Array(run.output.utf8)) : .null
    }

    @discardableResult
    private func helmctl(_ words: String) throws -> String {
        let run = try cluster.helmctl(words.split(separator: " ").map(String.init))
        #expect(run.status == 0, "helmctl \(words): \(run.errors)")
        return run.output
    }

    private func scaffold() throws -> String {
        try helmctl("create \(cluster.folder.path)/web")
        return "\(cluster.folder.path)/web"
    }

    private func statuses(_ history: Value) -> [String] {
        (history.array ?? []).map { "\($0["revision"]?.int ?? 0) \($0["status"]?.string ?? "")" }
    }

    @Test func weChangeWhatHelmInstalled() throws {
        let chart = try scaffold()
        _ = try helm("install theirs \(chart)")
        #expect(try helmctl("list -q") == "theirs\n")
        #expect(try helmctl("status theirs").contains("STATUS: deployed"))
        try helmctl("upgrade theirs \(chart) --set replicaCount=2 --force-conflicts")
        #expect(try statuses(helm("history theirs")) == ["1 superseded", "2 deployed"])
        try helmctl("rollback theirs 1 --force-conflicts")
        #expect(try statuses(helm("history theirs")) == ["1 superseded", "2 superseded", "3 deployed"])
        try helmctl("uninstall theirs")
        #expect(try helm("list").array?.isEmpty ?? true)
    }

    @Test func helmChangesWhatWeInstalled() throws {
        let chart = try scaffold()
        try helmctl("install ours \(chart) --set fullnameOverride=x")
        #expect(try helm("list").array?.map { $0["name"]?.string } == ["ours"])
        #expect(try helm("values ours") == ["fullnameOverride": "x"])
        _ = try helm("upgrade ours \(chart)")
        _ = try helm("rollback ours 1")
        let history = try helmctl("history ours -o json")
        #expect(
            try statuses(JSON.parse(Array(history.utf8))) == ["1 superseded", "2 superseded", "3 deployed"])
        _ = try helm("uninstall ours")
        #expect(try helmctl("list -q") == "")
    }

    /// The same chart leaves the same record, but for the times.
    @Test(
        .needsKubectl,
        arguments: ["falcosecurity__charts__falco", "bitnami__charts__memcached"])
    func recordsAreHelms(_ name: String) throws {
        let chart = "\(try #require(Machine.shared))/helm/charts/\(name).tgz"
        _ = try helm("install web \(chart)", namespace: "apps")
        let theirs = try record(in: "apps")
        try helmctl("uninstall web -n apps")
        try helmctl("install web \(chart) -n apps")
        #expect(try record(in: "apps") == theirs)
    }

    /// What the Secret holds, as text, with `T` for the times.
    private func record(in namespace: String) throws -> String {
        let secret = try cluster.kubectl([
            "get", "secret", "-n", namespace, "sh.helm.release.v1.web.v1", "-o", "json", "--show-managed-fields",
        ]).output
        let script = """
            import base64, gzip, json, sys
            secret = json.load(sys.stdin)
            packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
            release, labels = json.loads(gzip.decompress(packed)), secret["metadata"]["labels"]
            release["info"]["first_deployed"] = release["info"]["last_deployed"] = labels["modifiedAt"] = "T"
            managers = [entry["manager"] + " " + entry["operation"] for entry in secret["metadata"]["managedFields"]]
            print(json.dumps([secret["type"], labels, managers, release], indent=1))
            """
        let run = try Command("python3", ["-c", script]).run(input: secret)
        #expect(run.status == 0, "\(run.errors)")
        return run.output
    }

    /// Public charts that need no running pod to be installed; hooks that wait for one are turned off.
    static let charts: [(name: String, values: String)] = [
        (
            "prometheus-community__helm-charts__kube-prometheus-stack",
            "{prometheusOperator: {admissionWebhooks: {enabled: false}, tls: {enabled: false}}}"
        ),
        ("kubernetes__ingress-nginx__ingress-nginx", "{controller: {admissionWebhooks: {enabled: false}}}"),
        ("bitnami__charts__airflow", "{setupDBJob: {enabled: false}}"), ("bitnami__charts__postgresql", "{}"),
        ("stefanprodan__podinfo__podinfo", "{}"), ("hashicorp__vault-helm__vault-helm", "{}"),
        ("crossplane__crossplane__crossplane", "{}"), ("dapr__dapr__dapr", "{}"),
        ("falcosecurity__charts__falco", "{}"), ("fluent__helm-charts__fluent-bit", "{}"),
    ]

    @Test(arguments: charts)
    func helmLivesWithOurServer(chart: String, values: String) throws {
        let archive = "\(try #require(Machine.shared))/helm/charts/\(chart).tgz"
        let file = "\(cluster.folder.path)/values.yaml"
        _ = try Command("tee", [file]).run(input: values)
        _ = try helm("install r \(archive) -f \(file)", namespace: "apps")
        _ = try helm("upgrade r \(archive) -f \(file)", namespace: "apps")
        _ = try helm("rollback r 1", namespace: "apps")
        #expect(try statuses(helm("history r", namespace: "apps")) == ["1 superseded", "2 superseded", "3 deployed"])
        _ = try helm("uninstall r", namespace: "apps")
    }
}
