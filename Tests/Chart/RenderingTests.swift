import Chart
import Document
import Template
import Testing

/// What becomes of rendered files: documents, order, hooks, notes.
struct RenderingTests {
    @Test func documentsAreCutAndSortedByKind() throws {
        let chart = try Charts.chart([
            "templates/a.yaml": "kind: Service\n---\n\n---\nkind: Namespace\n--- \nkind: Unknown\n",
            "templates/b.yaml": "kind: ConfigMap", "templates/_x.yaml": "kind: Hidden", "templates/empty.yaml": " \n",
        ])
        let kinds = try Charts.rendered(chart).split(separator: "\n").filter { $0.hasPrefix("kind") }
        #expect(kinds == ["kind: Namespace", "kind: ConfigMap", "kind: Service", "kind: Unknown"])
    }

    @Test func hooksStandApartAndUnknownOnesAreDropped() throws {
        func hook(_ name: String, _ event: String) -> String {
            "kind: Job\nmetadata: {name: \(name), annotations: {helm.sh/hook: \"\(event)\", helm.sh/hook-weight: \"3\"}}\n"
        }
        let chart = try Charts.chart([
            "templates/a.yaml": hook("a", "pre-install, POST-upgrade"), "templates/b.yaml": hook("b", "never"),
        ])
        let request = RenderRequest(
            chart: chart, values: ValueOptions(), release: ReleaseInfo(name: "demo", namespace: "ns"),
            capabilities: .helmDefault, host: Charts.host)
        let result = try ChartRenderer.render(request)
        #expect(result.manifests.isEmpty && result.hooks.map(\.name) == ["a"] && result.hooks[0].weight == 3)
        #expect(result.hooks[0].events == [.preInstall, .postUpgrade])
    }

    @Test(arguments: [
        ("templates/a.yaml", "a: b: c", "YAML parse error on c/templates/a.yaml: error converting YAML to JSON: "),
        ("templates/a.yaml", "- a", "YAML parse error on c/templates/a.yaml: error unmarshaling JSON: "),
        ("templates/a.yaml", "{{ fail \"no\" }}", "execution error at (c/templates/a.yaml:1:3): no"),
        ("values.yaml", "- a", "cannot load values.yaml: "),
        (
            "Chart.lock", "generated: 2020-01-02\ndependencies: 1",
            "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: parsing time \"2020-01-02\" as "
                + "\"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\""
        ),
        (
            "Chart.lock", "dependencies: [1]",
            "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go "
                + "struct field Lock.dependencies of type v2.Dependency"
        ),
        (
            "Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: <1.0.0\n",
            "chart requires kubeVersion: <1.0.0 which is incompatible with Kubernetes "
        ),
    ])
    func badChartsAreRefusedInHelmsWords(file: String, text: String, words: String) throws {
        var message = "rendered"
        do { _ = try Charts.rendered(try Charts.chart([file: text])) } catch { message = "\(error)" }
        #expect(message.hasPrefix(words), "\(message)")
    }

    @Test func librariesOnlyLendTheirHelpers() throws {
        let chart = try Charts.chart([
            "templates/a.yaml": "v: {{ include \"lib.x\" . }}",
            "charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
            "charts/lib/templates/_h.tpl": "{{ define \"lib.x\" }}lent{{ end }}",
            "charts/lib/templates/b.yaml": "never: yes",
        ])
        let text = try Charts.rendered(chart)
        #expect(text.contains("v: lent") && !text.contains("never"))
    }

    @Test func helloRendersWithEveryKind() throws {
        let text = try Charts.rendered(try ChartLoader.load(Charts.hello))
        for kind in ["ConfigMap", "Service", "Deployment", "Job", "Pod"] { #expect(text.contains("kind: \(kind)\n")) }
    }
}
