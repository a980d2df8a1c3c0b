import Chart
import Document
import Template
import Testing

/// Values are held against their schemas while the templates are rendered already; nobody notices.
struct ValuesCheckTests {
    private static let schema = #"{"properties": {"size": {"type": "integer"}}, "required": ["a"]}"#
    private static let refusal = """
        values don't meet the specifications of the schema(s) in the following chart(s):
        c:
        - at '/size': got string, want integer\n
        """

    private func message(_ files: [String: String], _ limits: Limits = Limits()) throws -> String {
        var request = RenderRequest(
            chart: try Charts.chart(files), values: ValueOptions(),
            release: ReleaseInfo(name: "demo", namespace: "ns"), capabilities: .helmDefault, host: Charts.host)
        request.limits = limits
        do throws(RenderError) {
            return "rendered \(try ChartRenderer.render(request).manifests.count)"
        } catch { return error.description }
    }

    @Test(arguments: [
        // What fails meanwhile comes second: a template, the cluster's version, what is no manifest.
        ["templates/a.yaml": "{{ fail \"no\" }}"], ["templates/a.yaml": "a: b: c"], ["templates/a.yaml": "{{ if }}"],
        ["Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: <1.0.0\n"],
        // Templates that mend their values do so too late.
        ["templates/a.yaml": "{{ $_ := set .Values \"size\" 1 }}{{ $_ := unset .Values \"a\" }}kind: X"],
    ])
    func whatTheSchemaSaysComesFirst(files: [String: String]) throws {
        var files = files
        files["values.yaml"] = "a: 1\nsize: x\n"
        files["values.schema.json"] = ValuesCheckTests.schema
        let words = try message(files)
        #expect(words == ValuesCheckTests.refusal, "\(words.debugDescription)")
    }

    @Test func templatesMaySpoilTheirValues() throws {
        let spoiling = "{{ $_ := set .Values \"size\" \"x\" }}{{ $_ := unset .Values \"a\" }}kind: X"
        let files = ["values.yaml": "a: 1\n", "values.schema.json": ValuesCheckTests.schema]
        #expect(try message(files.merging(["templates/a.yaml": spoiling]) { $1 }) == "rendered 1")
    }

    /// Without the check's word the loop would end some centuries later. The schema is big enough for a second thread.
    @Test(.timeLimit(.minutes(5)))
    func aRenderingForNothingIsCalledOff() throws {
        let padding = String(repeating: " ", count: 32 << 10)
        var limits = Limits()
        (limits.time, limits.steps, limits.madeBytes) = (nil, .max, .max)
        let loop = "{{ range until 30000 }}{{ range until 30000 }}{{ range until 30000 }}{{ end }}{{ end }}{{ end }}"
        let files = [
            "values.yaml": "a: 1\nsize: x\n", "values.schema.json": ValuesCheckTests.schema + padding,
            "templates/a.yaml": "{{ range until 30000 }}\(loop){{ end }}",
        ]
        let words = try message(files, limits)
        #expect(words == ValuesCheckTests.refusal, "\(words.debugDescription)")
    }
}
