import Chart
import Document
import Template
import TestSupport
import Testing

/// Values: files, settings, and how they are laid over each other.
struct ValuesTests {
    @Test(arguments: [
        ("a=1", "{\"a\":1}"), ("a=01", "{\"a\":\"01\"}"), ("a=true,b=null,c=x", "{\"a\":true,\"b\":null,\"c\":\"x\"}"),
        ("a.b.c=1", "{\"a\":{\"b\":{\"c\":1}}}"), ("a={1,x,}", "{\"a\":[1,\"x\",\"\"]}"),
        ("a[1]=x", "{\"a\":[null,\"x\"]}"),
        ("a[0].b=1,a[0].c=2", "{\"a\":[{\"b\":1,\"c\":2}]}"), ("a\\.b=c\\,d", "{\"a.b\":\"c,d\"}"),
        ("a=", "{\"a\":\"\"}"),
        ("a=10000000", "{\"a\":10000000}"), ("a[0][1]=x", "{\"a\":[[null,\"x\"]]}"), ("b=1,a[=1", "{\"b\":1}"),
        ("a={}", "{\"a\":[\"\"]}"),
    ])
    func settingsAreRead(text: String, json: String) throws {
        var options = ValueOptions()
        options.typed = [text]
        #expect(try Self.json(options) == json)
    }

    @Test(arguments: [
        ("a", "failed parsing --set data: key \"a\" has no value"),
        ("a=1,b", "failed parsing --set data: key \"b\" has no value"),
        ("a={1", "failed parsing --set data: list must terminate with '}'"),
        ("a[-1]=1", "failed parsing --set data: negative -1 index not allowed"),
        ("a[x]=1", "failed parsing --set data: error parsing index: strconv.Atoi: parsing \"x\": invalid syntax"),
        ("a[99999]=1", "failed parsing --set data: index of 99999 is greater than maximum supported index of 65536"),
        ("a.b.=1", "failed parsing --set data: key map \"b\" has no value"),
    ])
    func badSettingsAreRefused(text: String, words: String) {
        var options = ValueOptions()
        options.typed = [text]
        let failure = #expect(throws: ValueOptions.Failure.self) { try options.merged() }
        #expect(failure?.message == words)
    }

    @Test func laterKindsOfSettingsWin() throws {
        let folder = try ScratchFolder()
        var options = ValueOptions()
        options.files = [try folder.write("a: file\nb: {x: 1}\n---\nb: {z: 2}\n", to: "v.yaml")]
        options.json = ["{\"c\":[1]}", "d={\"e\":null}"]
        options.typed = ["a=set"]
        options.strings = ["n=1"]
        options.contents = ["f=\(try folder.write("text\n", to: "t"))"]
        options.literals = ["l=a,b={c}"]
        let want =
            "{\"a\":\"set\",\"b\":{\"x\":1,\"z\":2},\"c\":[1],\"d\":{\"e\":null},\"f\":\"text\\n\",\"l\":\"a,b={c}\",\"n\":\"1\"}"
        let found = try Self.json(options)
        #expect(found == want)
    }

    @Test(arguments: [
        ("a: 1\n", "", "{\"a\":1}"), ("a: 1\n", "a=null", "{}"), ("a: {b: 1, c: 2}\n", "a.b=null", "{\"a\":{\"c\":2}}"),
        ("a: {b: 1}\n", "a=x", "{\"a\":\"x\"}"), ("a: ~\nb: 1\n", "", "{\"b\":1}"),
        ("a: [1, 2]\n", "a={9}", "{\"a\":[9]}"),
    ])
    func theUsersValuesLieOverTheCharts(values: String, setting: String, json: String) throws {
        var options = ValueOptions()
        if !setting.isEmpty { options.typed = [setting] }
        let chart = try Charts.chart(["values.yaml": values, "templates/v.yaml": "v: {{ .Values | toJson }}"])
        #expect(try Charts.rendered(chart, options) == "---\n# Source: c/templates/v.yaml\nv: \(json)\n")
    }

    /// Where every dependency that Chart.yaml names is off, Helm merges nothing beforehand: nulls go their usual way.
    @Test(arguments: [
        ("s: null\ntags: {o: false}\n", "", "{\"s\":{\"global\":{},\"k\":{\"w\":1}},\"tags\":{\"o\":false}}"),
        (
            "tags: {o: false}\n", "s.z=1",
            "{\"s\":{\"global\":{},\"k\":{\"w\":1},\"z\":1},\"tags\":{\"o\":false}}"
        ),
    ])
    func disabledDependenciesImportNothing(values: String, setting: String, json: String) throws {
        let chart = try Charts.chart([
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"
                + "dependencies: [{name: t, version: '*', tags: [o], import-values: [data]}]\n",
            "values.yaml": values, "templates/v.yaml": "v: {{ .Values | toJson }}\n",
            "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 1.0.0\n",
            "charts/s/values.yaml": "k: {x: null, w: 1}\n",
            "charts/t/Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
        ])
        var options = ValueOptions()
        if !setting.isEmpty { options.typed = [setting] }
        let text = try Charts.rendered(chart, options)
        #expect(text.contains("v: \(json)\n"), "\(text)")
    }

    @Test func subchartsSeeTheirPartAndTheGlobals() throws {
        let chart = try Charts.chart([
            "values.yaml": "global: {g: 1}\nsub: {a: parent}\n",
            "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
            "charts/sub/values.yaml": "a: child\nb: child\nglobal: {g: 2, h: 3}\n",
            "charts/sub/templates/v.yaml": "v: {{ .Values | toJson }}",
        ])
        #expect(
            try Charts.rendered(chart).contains(
                "v: {\"a\":\"parent\",\"b\":\"child\",\"global\":{\"g\":1,\"h\":3}}"))
    }

    @Test(arguments: [
        ("", true), ("sub.on=false", false), ("sub.on=true,tags.t=false", true), ("tags.t=false", false),
    ])
    func conditionsAndTagsDecide(setting: String, isThere: Bool) throws {
        let chart = try Charts.chart([
            "Chart.yaml":
                "apiVersion: v2\nname: c\nversion: 1.0.0\n"
                + "dependencies: [{name: sub, version: 1.0.0, condition: sub.on, tags: [t]}]\n",
            "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
            "charts/sub/templates/v.yaml": "here: yes",
        ])
        var options = ValueOptions()
        if !setting.isEmpty { options.typed = [setting] }
        #expect(try Charts.rendered(chart, options).contains("here") == isThere)
    }

    @Test func valuesAreImportedFromAliasedSubcharts() throws {
        let chart = try Charts.chart([
            "Chart.yaml":
                "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: sub, version: 1.0.0, alias: al, "
                + "import-values: [data, {child: x.w, parent: z}]}]\n",
            "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
            "charts/sub/values.yaml": "exports: {data: {k: 1}}\nx: {w: {v: 2}}\n",
            "templates/v.yaml": "v: {{ list .Values.k .Values.z.v .Values.al.x.w.v | toJson }}",
        ])
        #expect(try Charts.rendered(chart).contains("v: [1,2,2]"))
    }

    private static func json(_ options: ValueOptions) throws -> String {
        String(decoding: JSON.write(.object(try options.merged().object ?? [:])), as: UTF8.self)
    }
}
