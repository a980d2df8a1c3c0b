import TestSupport
import Testing

/// What the flags of the offline commands do, one by one.
struct FlagTests {
    /// A folder with the chart `app`, its subchart `part`, a hook, a test, definitions, notes and two values files.
    private static let files = [
        "app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: '4'\nicon: http://a/b.png\n"
            + "dependencies: [{name: part, version: '*', repository: 'file://../part', import-values: [1]}]\n",
        "app/values.yaml": "a: 1\nt: {u: x}\n", "app/README.md": "read me",
        "app/values.schema.json": #"{"properties": {"a": {"type": "number"}}}"#,
        "app/crds/d.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
        "app/crds/e.YML":
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: second}\n",
        "app/templates/a.yaml": """
        kind: A
        metadata: {name: a}
        at: {{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.IsUpgrade }} {{ .Capabilities.KubeVersion.Version }}
        of: '{{ .Values.a | toJson }} {{ .Values.t | toJson }} {{ .Capabilities.APIVersions.Has "odd/v1" }}'

        """,
        "app/templates/b.yaml": """
        kind: B
        metadata: {name: b}
        json: '{{ list .Capabilities.KubeVersion | toJson }}'
        yaml: '{{ .Capabilities.HelmVersion | toYamlPretty | replace "\\n" "|" }}'
        nil: {{ eq .Chart.Annotations .Chart.Annotations }} {{ eq .Chart.Annotations nil }}
        open: {{ range $path, $_ := .Files.Glob "READ{ME.md" }}{{ $path }}{{ end }}

        """,
        "app/templates/NOTES.txt": "note",
        "app/templates/h.yaml": "kind: H\nmetadata: {name: h, annotations: {helm.sh/hook: pre-install}}\n",
        "app/templates/t.yaml": "kind: T\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n",
        "app/charts/part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n",
        "app/charts/part/templates/p.yaml": "kind: P\nmetadata: {name: p}\n",
        "app/charts/part/templates/NOTES.txt": "inner",
        "part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n",
        "marked/Chart.yaml": "apiVersion: v2\nname: marked\nversion: 0.1.0\n",
        "marked/templates/0.yaml": "  \r\n a: b\r\n", "marked/templates/a.yaml": "---\nkind: A\nb: \"[",
        "bad/Chart.yaml": "apiVersion: v2\nname: bad\nversion: 0.1.0\n",
        "bad/charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 0.1.0\n", "bad/charts/s/values.schema.json": "{",
        "one.yaml": "a: 7\n", "two.yaml": "a: 8\n", "text": "of a file",
    ]

    /// What is run; what its output has, and what it has not.
    private static let rows: [(words: String, has: [String], hasNot: [String])] = [
        (
            "template demo app", ["at: demo default false v1.36", "of: '1 {\"u\":\"x\"} false", "kind: H"],
            ["kind: Custom"]
        ),
        ("template demo app -n space", ["at: demo space"], []),
        ("template demo app --namespace=space", ["demo space"], []),
        ("template demo app --is-upgrade", ["default true"], []),
        ("template demo app --kube-version 1.30.4", ["false v1.30.4"], []),
        ("template demo app -a odd/v1", [" true'\n"], []),
        ("template demo app --api-versions x/v1,odd/v1", [" true'\n"], []),
        ("template demo app --include-crds", ["kind: CustomResourceDefinition", "name: second"], []),
        ("template demo app --include-crds --skip-crds", [], ["kind: CustomResourceDefinition"]),
        ("template demo app --no-hooks", ["kind: A"], ["kind: H", "kind: T"]),
        ("template demo app --skip-tests", ["kind: H"], ["kind: T"]),
        ("template demo app -s templates/b.yaml", ["kind: B"], ["kind: A"]),
        (
            "template demo app -s templates/b.yaml",
            [
                "json: '[{\"Version\":\"v1.36.0\",\"Major\":\"1\",\"Minor\":\"36\"}]'",
                "yaml: 'version: v4.2|gitcommit: ",
                "nil: true true\n", "open: README.md\n",
            ], []
        ),
        ("template demo app --show-only templates/[ab].yaml", ["kind: A", "kind: B"], ["kind: P"]),
        ("template app --name-template n-{{1}}", ["at: n-1 "], []), ("template app -g", ["at: app-"], []),
        ("template app", ["at: release-name "], []), ("template demo app --set a=5", ["of: '5 "], []),
        ("template demo app --set t.u=1,t.v=true", ["{\"u\":1,\"v\":true}"], []),
        ("template demo app --set-string t.u=1", ["{\"u\":\"1\"}"], []),
        ("template demo app --set-json t=[1]", ["of: '1 [1]"], []),
        ("template demo app --set-literal t.w[0]", ["{\"u\":\"x\",\"w\":[]}"], []),
        ("template demo app --set-literal t.u=a,b", ["{\"u\":\"a,b\"}"], []),
        ("template demo app --set-file t.u=text", ["{\"u\":\"of a file\"}"], []),
        ("template demo app -f one.yaml", ["of: '7 "], []), ("template demo app -f one.yaml,two.yaml", ["of: '8 "], []),
        ("template demo app -f two.yaml --values one.yaml", ["of: '7 "], []),
        ("template demo app --set-string a=x --skip-schema-validation", ["of: '\"x\" "], []),
        ("template demo app --output-dir out", ["wrote out/app/templates/a.yaml\n"], ["kind"]),
        ("template demo app --output-dir out --release-name", ["wrote out/demo/app/templates/a.yaml\n"], []),
        ("lint app", ["1 chart(s) linted, 0 chart(s) failed"], ["part"]),
        ("lint app --with-subcharts", ["==> Linting app/charts/part\n", "2 chart(s) linted"], []),
        ("lint ./app/ --with-subcharts", ["==> Linting app/charts/part\n"], []),
        ("lint app --quiet", [], ["Linting app\n", "INFO"]),
        ("lint part --quiet", ["[WARNING] templates/: directory does not exist"], ["INFO"]),
        ("lint app --skip-schema-validation --set a=x", ["0 chart(s) failed"], []),
        ("show chart app", ["name: app\n", "- import-values:\n  - 1\n"], ["read me"]),
        ("show readme app", ["read me"], ["name: app"]),
        ("show crds app", ["---\napiVersion: apiextensions.k8s.io/v1\n"], []),
        ("show values app", ["a: 1\nt: {u: x}\n"], []),
        ("show values app --jsonpath {.t.u}", ["x"], ["a: 1"]),
        ("show all app", ["name: app", "a: 1", "read me", "kind: Custom"], []),
        ("package app -d packed", ["saved it to: packed/app-1.2.3.tgz\n"], []),
        ("package app --destination packed --version 9.0.0", ["packed/app-9.0.0.tgz\n"], []),
        ("create new", ["Creating new\n"], []),
        ("dependency list app", ["part\t*      \tfile://../part\t"], []),
        ("dependency list app --max-col-width 4", ["f..."], ["file://../part"]),
        ("dependency update app --skip-refresh", ["Saving 1 charts\nDeleting outdated charts\n"], []),
        ("dependency build app", ["Saving 1 charts\n"], []),
    ]

    private func folder() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for (path, text) in Self.files { try folder.write(text, to: path) }
        return folder
    }

    @Test func flagsDoWhatTheySay() throws {
        let folder = try folder()
        for row in Self.rows {
            let words = row.words.split(separator: " ").map(String.init)
            let outcome = try Command(Machine.helmctl, words, in: folder.path).run()
            #expect(outcome.status == 0, "\(row.words): \(outcome.errors)")
            for text in row.has { #expect(outcome.output.contains(text), "\(row.words): \(outcome.output)") }
            for text in row.hasNot { #expect(!outcome.output.contains(text), "\(row.words): \(outcome.output)") }
        }
    }

    @Test(arguments: [
        ("lint part --strict", "1 chart(s) linted, 1 chart(s) failed"),
        ("lint marked", "yaml: line 4: found unexpected end of stream"),
        ("lint marked", "illegal indent: \" a: b\","),
        ("template demo app --set-string a=x", "values don't meet the specifications of the schema(s)"),
        ("template demo app -s templates/none.yaml", "could not find template templates/none.yaml in chart"),
        ("template demo app -g", "cannot set --generate-name and also specify a name"),
        ("package bad", "failed to save: invalid JSON in values.schema.json"),
        ("package app --version one", "invalid semantic version"), ("show chart none", ""),
    ])
    func someAreRefused(words: String, text: String) throws {
        let folder = try folder()
        let arguments = words.split(separator: " ").map(String.init)
        let outcome = try Command(Machine.helmctl, arguments, in: folder.path).run()
        let isTold = outcome.errors.hasPrefix("Error: \(text)") || outcome.output.contains(text)
        #expect(outcome.status == 1 && isTold, "\(outcome.errors)")
    }
}
