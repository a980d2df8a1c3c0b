import Document
import Template
import Testing

/// Errors in Helm's words, with their places.
struct ErrorTests {
    @Test(arguments: [
        ("{{ if }}", "parse error at (c/templates/out:1): missing value for if"),
        ("a\n{{ if 1 }}", "parse error at (c/templates/out:2): unexpected EOF"),
        ("{{ end }}", "parse error at (c/templates/out:1): unexpected {{end}}"),
        ("{{ $x }}", "parse error at (c/templates/out:1): undefined variable \"$x\""),
        ("{{ nope }}", "parse error at (c/templates/out:1): function \"nope\" not defined"),
        ("{{ \"open }}", "parse error at (c/templates/out:1): unterminated quoted string"),
        ("{{ (1 }}", "parse error at (c/templates/out:1): unclosed left paren"),
        ("{{ break }}", "parse error at (c/templates/out:1): {{break}} outside {{range}}"),
        ("{{/* open", "parse error at (c/templates/out:1): unclosed comment"),
        ("{{-\n/* x */ 1 }}", "parse error at (c/templates/out:2): comment ends before closing delimiter"),
        (
            "{{ $a := 1 }}{{ if $a }}{{ block \"b\" 1 }}{{ $a }}{{ end }}{{ end }}",
            "parse error at (c/templates/out:1): undefined variable \"$a\""
        ),
        ("{{ $b := 1 }}{{ with $c := 2 }}{{ block \"b\" 1 }}", "parse error at (c/templates/out:1): unexpected EOF"),
        ("{{ 08 }}", "parse error at (c/templates/out:1): \"08\""),
        (
            "{{ define \"a\" }}1{{ end }}{{ define \"a\" }}2{{ end }}",
            "parse error at (c/templates/out:1): multiple definition of template \"a\""
        ),
    ])
    func parseErrors(template: String, words: String) throws {
        #expect(try Rig.failure(template) == words)
    }

    @Test(arguments: [
        ("{{ fail \"stop\" }}", "execution error at (c/templates/out:1:3): stop"),
        ("\n  {{ required \"need it\" .Values.x }}", "execution error at (c/templates/out:2:5): need it"),
        (
            "{{ .Values.a.b.c }}",
            "c/templates/out:1:10\n  executing \"c/templates/out\" at <.Values.a.b.c>:\n"
                + "    nil pointer evaluating interface {}.b"
        ),
        (
            "{{ template \"none\" }}",
            "c/templates/out:1:12\n  executing \"c/templates/out\" at <{{template \"none\"}}>:\n"
                + "    template \"none\" not defined"
        ),
        (
            "{{ range .Values.i }}{{ end }}",
            "c/templates/out:1:16\n  executing \"c/templates/out\" at <.Values.i>:\n    range can't iterate over 3"
        ),
        (
            "{{ index (list 1 2) 3 }}",
            "template: c/templates/out:1:3: executing \"c/templates/out\" at <index (list 1 2) 3>: "
                + "error calling index: index out of range: 3"
        ),
        (
            "{{ eq .Values.i 3 }}",
            "template: c/templates/out:1:3: executing \"c/templates/out\" at <eq .Values.i 3>: "
                + "error calling eq: incompatible types for comparison: float64 and int"
        ),
        (
            "{{ mustMerge (dict \"a\" (semver \"1.0.0\")) (dict \"a\" (dict \"b\" 1)) }}",
            "template: c/templates/out:1:3: executing \"c/templates/out\" at "
                + "<mustMerge (dict \"a\" (semver \"1.0.0\")) (dict \"a\" (dict \"b\" 1))>: "
                + "error calling mustMerge: src and dst must be of same type"
        ),
        (
            "{{ merge (dict \"a\" (genCA \"a\" 1)) (dict \"a\" (dict \"b\" 1)) }}",
            "template: c/templates/out:1:3: executing \"c/templates/out\" at "
                + "<merge (dict \"a\" (genCA \"a\" 1)) (dict \"a\" (dict \"b\" 1))>: "
                + "error calling merge: reflect: call of reflect.Value.Field on map Value"
        ),
    ])
    func executionErrors(template: String, words: String) throws {
        #expect(try Rig.failure(template, values: ["i": 3]) == words)
    }

    @Test(arguments: [
        (".Values.PathValue \"a.b\"", "error calling PathValue: \"b\" is not a value"),
        (".Values.Table \"a.b\"", "error calling Table: \"a\" is not a table"),
        ("semverCompare \">=1.2 1.3 - 1.4\" \"1.3.0\"", "improper constraint: \">=1.2>= 1.3, <= 1.4 \""),
        ("urlParse \"https://g[h/x\"", "unable to parse url: parse \"https://g[h/x\": invalid IP-literal"),
        (".Values.Encode 1", "can't handle 1 for arg of type io.Writer"),
        ("range .Files.Glob \"*\" }}{{ .x }}{{ end", "can't evaluate field x in type []uint8"),
    ])
    func methodsFail(call: String, words: String) throws {
        let failure = try Rig.failure("{{ \(call) }}")
        #expect(failure.hasSuffix(words), "\(failure)")
    }

    @Test(arguments: [
        ("YQ,", "illegal base64 data at input byte 2"),
        ("YQ==", "runtime error: slice bounds out of range [:16] with capacity 3"),
        ("YWFhYWFhYWFhYWFhYWFhYQ==", "runtime error: index out of range [-1]"),
        ("YWFhYWFhYWFhYWFhYWFhYWFhYQ==", "crypto/cipher: input not full blocks"),
        ("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "runtime error: slice bounds out of range [:-36]"),
    ])
    func whatCannotBeDecrypted(text: String, words: String) throws {
        let failure = try Rig.failure("{{ decryptAES \"a\" \"\(text)\" }}")
        #expect(failure.hasSuffix("error calling decryptAES: \(words)"), "\(failure)")
    }

    @Test func thePlaceOfAnErrorIsStructured() throws {
        let failure = #expect(throws: RenderFailure.self) { try Rig.render("a\n {{ .Values.a.b }}") }
        guard case .execution(let error)? = failure, let place = error.place else {
            Issue.record("no place in \(String(describing: failure))")
            return
        }
        #expect(place.position == (2, 11) && place.context == ".Values.a.b" && error.code == .execution)
    }

    @Test func theChainOfIncludesIsKept() throws {
        let text = "{{ define \"a\" }}{{ .x.y.z }}{{ end }}{{ include \"a\" . }}"
        let failure = #expect(throws: RenderFailure.self) { try Rig.render(text) }
        guard case .execution(let error)? = failure else { return }
        #expect(error.chain.compactMap { $0.place?.template.string } == ["c/templates/out", "a"])
    }
}
