import Document
import Testing

/// The structure of the language: text, actions, trimming, control flow, variables, templates.
struct StatementTests {
    private static let values: Object = [
        "n": 3, "s": "text", "yes": true, "none": .null, "list": ["a", "b", "c"],
        "map": ["z": 1, "a": ["b": "deep"], "m": 2],
    ]

    @Test(arguments: [
        ("plain", "plain"),
        ("a {{ 1 }} b", "a 1 b"),
        ("a {{- 1 }} b", "a1 b"),
        ("a {{ 1 -}} b", "a 1b"),
        ("a \n\t{{- 1 -}}\n b", "a1b"),
        ("a{{/* comment */}}b", "ab"),
        ("a {{- /* comment */ -}} b", "ab"),
        ("{{ \"a\\n\\u00e9\" }}{{ `raw\\n` }}{{ 'x' }}", "a\n\u{e9}raw\\n120"),
        ("{{ 0x1F }} {{ 1_000 }} {{ 0b11 }} {{ 0o17 }} {{ 1e3 }} {{ .5 }}", "31 1000 3 15 1000 0.5"),
        ("{{ true }} {{ .Values.none | default 1 }}", "true 1"),
    ])
    func textAndActions(template: String, output: String) throws {
        #expect(try outcome(template) == output)
    }

    @Test(arguments: [
        ("{{ if .Values.yes }}a{{ else }}b{{ end }}", "a"),
        ("{{ if .Values.none }}a{{ else if eq .Values.s \"text\" }}b{{ else }}c{{ end }}", "b"),
        ("{{ if and .Values.yes (not .Values.none) }}a{{ end }}", "a"),
        ("{{ if or 0 \"\" nil false (list) (dict) }}a{{ else }}all false{{ end }}", "all false"),
        ("{{ with .Values.map.a }}{{ .b }}{{ else }}none{{ end }}", "deep"),
        ("{{ with .Values.none }}a{{ else with .Values.s }}{{ . }}{{ end }}", "text"),
        ("{{ with $x := .Values.s }}{{ $x }}{{ . }}{{ end }}", "texttext"),
    ])
    func conditions(template: String, output: String) throws {
        #expect(try outcome(template) == output)
    }

    @Test(arguments: [
        ("{{ range .Values.list }}{{ . }},{{ end }}", "a,b,c,"),
        ("{{ range $i, $e := .Values.list }}{{ $i }}{{ $e }}{{ end }}", "0a1b2c"),
        ("{{ range $k, $v := .Values.map }}{{ $k }} {{ end }}", "a m z "),
        ("{{ range 3 }}{{ . }}{{ end }}", "012"),
        ("{{ range .Values.none }}a{{ else }}empty{{ end }}", "empty"),
        ("{{ range .Values.list }}{{ if eq . \"b\" }}{{ break }}{{ end }}{{ . }}{{ end }}", "a"),
        ("{{ range .Values.list }}{{ if eq . \"b\" }}{{ continue }}{{ end }}{{ . }}{{ end }}", "ac"),
        ("{{ range until 2 }}{{ range until 9 }}{{ break }}{{ end }}{{ . }}{{ end }}", "01"),
        ("{{ range $k, $v := dict \"b\" 1 \"a\" 2 }}{{ $k }}{{ $v }}{{ end }}", "a2b1"),
    ])
    func ranges(template: String, output: String) throws {
        #expect(try outcome(template) == output)
    }

    @Test(arguments: [
        ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"),
        ("{{ $x := 1 }}{{ range until 3 }}{{ $x = add $x . }}{{ end }}{{ $x }}", "4"),
        ("{{ range .Values.list }}{{ $.Values.n }}{{ end }}", "333"),
        ("{{ $m := dict }}{{ $_ := set $m \"k\" 1 }}{{ $m.k }}", "1"),
        ("{{ define \"x\" }}<{{ . }}>{{ end }}{{ template \"x\" 5 }}{{ template \"x\" }}", "<5><>"),
        ("{{ block \"b\" .Values.s }}[{{ . }}]{{ end }}", "[text]"),
        ("{{ define \"x\" }}{{ . }}{{ end }}{{ include \"x\" 1 | printf \"%s!\" }}", "1!"),
        ("{{ tpl \"{{ .Values.s }}-{{ 1 }}\" . }}", "text-1"),
        ("{{ .Values.s | upper | quote }}", "\"TEXT\""),
        ("{{ (dict \"a\" (dict \"b\" 1)).a.b }}", "1"),
        ("{{ (index .Values.list 1) }}{{ index .Values.map \"a\" \"b\" }}", "bdeep"),
        ("{{ slice .Values.list 1 2 }}", "[b]"),
    ])
    func variablesAndTemplates(template: String, output: String) throws {
        #expect(try outcome(template) == output)
    }

    @Test(arguments: [
        ("{{ .Values.missing }}", ""),
        ("{{ .Values.missing | default \"d\" }}", "d"),
        ("{{ print .Values.missing }}", "<nil>"),
        ("{{ define \"h\" }}{{ .Values.missing }}{{ end }}{{ include \"h\" . | upper }}", "<NO VALUE>"),
        ("<no value>", ""),
        ("{{ (.Values.missing).x.y }}", ""),
    ])
    func missingValues(template: String, output: String) throws {
        #expect(try outcome(template) == output)
    }

    @Test func theHigherFileWinsAndPartialsPrintNothing() throws {
        let files = [
            "_a.tpl": "{{ define \"t\" }}a{{ end }}", "_z.tpl": "{{ define \"t\" }}z{{ end }}",
            "sub/_deep.tpl": "{{ define \"t\" }}deep{{ end }}",
        ]
        #expect(try Rig.render("{{ include \"t\" . }}", files: files) == "a")
    }

    @Test func whatOneFileSetsLaterOnesSee() throws {
        let files = ["sub/first": "{{ $_ := set .Values \"seen\" \"yes\" }}"]
        #expect(try Rig.render("{{ .Values.seen }}", files: files) == "yes")
    }

    private func outcome(_ template: String) throws -> String {
        try Rig.failure(template, values: Self.values).ifPrinted
    }
}

extension String {
    /// The output of a rendering that went well, the failure's words otherwise.
    var ifPrinted: String { hasPrefix("printed: ") ? String(dropFirst("printed: ".count)) : self }
}
