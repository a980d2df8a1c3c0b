import Chart
import Document
import Template
import TestSupport
import Testing

/// Where failures and values come from.
struct OriginTests {
    private func places(_ files: [String: String]) throws -> [FailurePlace] {
        let request = RenderRequest(
            chart: try Charts.chart(files), values: ValueOptions(), release: ReleaseInfo(name: "demo", namespace: "ns"),
            capabilities: .helmDefault, host: Charts.host)
        do throws(RenderError) { _ = try ChartRenderer.render(request) } catch { return error.places }
        return []
    }

    @Test func valuesThatASchemaRefusesHaveTheirPlaces() throws {
        let files = [
            "values.yaml": "a: 1\nb:\n  - x\n  - é: 2\n",
            "values.schema.json": """
            {"required": ["must"], "properties": {"a": {"type": "string"}, "b": {"items": {"type": "string"}}, \
            "s": {"properties": {"t": {"enum": [1]}}}}}
            """,
            "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
            "charts/s/values.yaml": "# t\nt: 5\n",
        ]
        let found = try places(files)
        let places = ["c/values.yaml:1:0", "c/values.yaml:1:3", "c/values.yaml:4:4", "c/charts/s/values.yaml:2:3"]
        #expect(Set(found.map(\.location)) == Set(places), "\(found.map(\.text))")
        let note = "got number, want string (asked for by c/values.schema.json#/properties/a)"
        #expect(found.contains { $0.note == note && $0.excerpt == "a: 1" })
    }

    @Test(arguments: [
        ("a: 1\nb: {\nc: [}\n", "v.yaml:3:4"), ("a: 1\n---\n- x\n", "v.yaml:3:0"), ("a: 1\n--- x\n", "v.yaml:2:0"),
    ])
    func valuesThatAreNoYAMLHaveAPlace(text: String, location: String) throws {
        let folder = try ScratchFolder()
        var values = ValueOptions()
        values.files = [try folder.write(text, to: "v.yaml")]
        do throws(ValueOptions.Failure) {
            _ = try values.merged()
            Issue.record("these are no values")
        } catch { #expect(error.place?.location.hasSuffix(location) == true, "\(error.place?.text ?? "")") }
        do throws(LoadFailure) {
            _ = try ChartLoader.load(files: Charts.chartFiles(["values.yaml": text]))
            Issue.record("these are no values")
        } catch { #expect(error.place?.location == "c/" + location.replacing("v.yaml", with: "values.yaml")) }
    }

    @Test func aLibraryChartNamesItsType() throws {
        let chart = try Charts.chart(["Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ntype: library\n"])
        #expect(chart.place(of: "type", note: "")?.location == "c/Chart.yaml:4:6")
    }

    @Test func aFailureNamesItsPlaceItsCallersAndTheKeyThatWasMeant() throws {
        let found = try places([
            "values.yaml": "image: {pul: 1}\n",
            "templates/_h.tpl": "{{ define \"h\" }}\n x: {{ .Values.image.pull.policy }}{{ end }}",
            "templates/a.yaml": "a: 1\nb: {{ include \"h\" . }}\n",
        ])
        #expect(found.map(\.location) == ["c/templates/_h.tpl:2:14", "c/templates/a.yaml:2:6"])
        #expect(found.first?.note.contains(".Values.image has no \"pull\"; it has \"pul\"") == true)
        let text = found.first?.text ?? ""
        #expect(text.contains("2 |  x: {{ .Values.image.pull.policy }}{{ end }}\n  |               ^^^^^^"), "\(text)")
    }

    @Test(arguments: [
        ("a: 1\nb: {{ \"x: y: z\" }}\n", "c/templates/a.yaml:2:0"), ("a: 1\n\tb: 2\n", "c/templates/a.yaml:2:0"),
        ("a: 1\nb: {{ if }}\n", "c/templates/a.yaml:2:9"), ("{{ fail \"no\" }}", "c/templates/a.yaml:1:3"),
        ("a: 1\n{{ \"b: c: d\" }}\n", "c/templates/a.yaml:2:3"),
    ])
    func everyKindOfFailureHasAPlace(template: String, location: String) throws {
        #expect(try places(["templates/a.yaml": template]).first?.location == location)
    }

    @Test func everyValueKnowsItsWriter() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("image: {tag: '2', pull: no}\nsub: {k: 5}\nglobal: {g: 1}\n", to: "v.yaml")
        let chart = try Charts.chart([
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"
                + "dependencies: [{name: sub, version: '*', import-values: [data]}]\n",
            "values.yaml": "image: {name: x, tag: '1'}\n",
            "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
            "charts/sub/values.yaml": "k: 1\nm: 2\nexports: {data: {port: 80}}\n",
        ])
        var values = ValueOptions()
        values.files = [file]
        values.typed = ["image.tag=3"]
        let request = RenderRequest(
            chart: chart, values: values, release: ReleaseInfo(name: "demo", namespace: "ns"),
            capabilities: .helmDefault, host: Charts.host)
        let leaves = try ValueOrigins(request).leaves
        func names(_ path: String) -> [String] {
            leaves.first { $0.dotted == path }.map { ([$0.winner].compactMap { $0 } + $0.losers).map(\.name) } ?? []
        }
        #expect(names("image.tag") == ["--set image.tag=3", file, "c/values.yaml"])
        #expect(names("image.name") == ["c/values.yaml"] && names("image.pull") == [file])
        #expect(names("sub.k") == [file, "c/charts/sub/values.yaml"] && names("sub.global.g") == [file])
        #expect(names("port") == ["import-values of c from sub"])
        #expect(leaves.first { $0.dotted == "image.tag" }?.losers.first?.line == 1)
    }

    @Test func whitespaceInChartsIsMadePlainAndRequirementsFillIn() throws {
        let chart = try Charts.chart([
            "Chart.yaml": "apiVersion: v1\nname: \"a\\tb\"\nversion: 1.0.0\ndependencies: [{name: s, alias: t}]\n",
            "requirements.yaml": "description: more\ndependencies: [{name: s, condition: s.on}]\n",
        ])
        #expect(chart.name == "a b" && chart.metadata.description == "more")
        #expect(chart.metadata.dependencies?.first??.alias == "t")
        #expect(chart.metadata.dependencies?.first??.condition == "s.on")
    }

    @Test(arguments: [
        ("{.a.b[1]}", "2"), ("{.a.b}", "[1,2]"), ("x {.a['c']} y", "x s y"), ("{range .a.b}{@},{end}", "1,2,"),
        ("{.a.b[-1:]}", "2"), ("{..c}", "s"), ("{.a.none}", "! none is not found"), ("{.a", "! unclosed action"),
    ])
    func jsonPathsAreAnsweredAsKubectlDoes(template: String, answer: String) throws {
        let value: Value = ["a": ["b": [1, 2], "c": "s"]]
        do throws(JSONPath.Failure) {
            #expect(try JSONPathTemplate(template).text(of: value) == answer)
        } catch { #expect("! \(error.message)" == answer) }
    }
}
