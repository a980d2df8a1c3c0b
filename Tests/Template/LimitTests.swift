import Document
import Template
import Testing

/// Whatever a template does, it ends: by what it has done, by what it has made, or by the time that it took.
struct LimitTests {
    /// A tree of a few maps that stand in many places has no end in practice.
    @Test(arguments: [
        "toYaml $d", "mustToYaml $d", "toYamlPretty $d", "toJson $d", "toPrettyJson $d", "toRawJson $d", "toToml $d",
        "deepCopy $d", "merge (dict) $d", "mergeOverwrite $e $d", "join \",\" (list $d)", "$d", "print $d",
        "printf \"%v\" $d", "quote $d", "squote $d", "cat $d 1", "toString $d", "html $d", "js $d", "dict (list $d) 1",
        "sortAlpha (list $d)", "toStrings (list $d)", "eq $l $l",
    ])
    func treesOfManyPlacesAreRefused(call: String) throws {
        let shared =
            "{{ $d := dict \"x\" 1 }}{{ $e := dict \"x\" 1 }}{{ $l := list 1 }}{{ range until 64 }}"
            + "{{ $d = dict \"a\" $d \"b\" $d }}{{ $e = dict \"a\" $e \"b\" $e }}{{ $l = list $l $l }}{{ end }}"
        let failure = try Rig.failure("\(shared){{ \(call) }}")
        #expect(failure.contains("bytes, its parts counted wherever they stand"), "\(failure.prefix(300))")
    }

    /// Two lists that hold each other's equals in many places.
    @Test(arguments: ["deepEqual $l $m", "has $l (list $m)", "uniq (list $l $m)", "without (list $m) $l"])
    func comparisonsHaveAnEnd(call: String) throws {
        let lists =
            "{{ $l := list 1 }}{{ $m := list 1 }}{{ range 64 }}{{ $l = list $l $l }}{{ $m = list $m $m }}{{ end }}"
        let failure = try Rig.failure("\(lists){{ \(call) }}")
        #expect(failure.contains("1048576 values within others are to be compared"), "\(failure.prefix(300))")
    }

    @Test(arguments: ["$d", "toYamlPretty $d", "printf \"%v\" $d", "deepCopy $d", "quote $d"])
    func mapsThatHoldThemselvesAreRefused(call: String) throws {
        let failure = try Rig.failure("{{ $d := dict }}{{ $_ := set $d \"a\" $d }}{{ \(call) }}")
        #expect(failure.contains("a value nests deeper than 10000"), "\(failure.prefix(300))")
    }

    @Test(arguments: [
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t \"Template\" .Template) }}",
        "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}",
        "{{ range until 1000000 }}{{ repeat 10000 \"x\" }}{{ end }}",
        "{{ join (repeat 100000 \"b\") (splitList \"\" (repeat 100000 \"a\")) }}",
    ])
    func hostileTemplatesEnd(template: String) throws {
        var limits = Limits()
        limits.steps = 1_000_000
        limits.outputBytes = 1 << 20
        limits.madeBytes = 1 << 22
        limits.templateDepth = 1000
        #expect(try !Rig.failure(template, limits: limits).hasPrefix("printed"))
    }

    /// What is slow counts as many nodes as could be evaluated meanwhile, and is not begun where so many are not left.
    @Test(arguments: [
        "genPrivateKey \"rsa\"", "genCA \"a\" 1", "genSelfSignedCert \"a\" nil nil 1", "bcrypt \"a\"",
        "htpasswd \"a\" \"b\"", "derivePassword 1 \"long\" \"a\" \"b\" \"c\"", "randAlphaNum 1000000",
        "sha256sum $s", "regexReplaceAll \"x\" $s \"y\"", "nindent 2 $s", "upper $s", "contains \"y\" $s", "quote $s",
        "toYaml (list $s)", "fromYaml $s", "tpl $s .", "splitList \"y\" $s", "uniq (until 5000)",
        "lookup \"v1\" \"A\" \"\" \"\"",
        "getHostByName \"a\"", "shuffle $s", "b64enc $s", "trunc 5 $s", "eq $s \"a\"", "sortAlpha (until 200000)",
    ])
    func slowFunctionsCountAsManySteps(call: String) throws {
        var limits = Limits()
        limits.steps = 19_000
        let failure = try Rig.failure(
            "{{ range 100 }}{{ $s := repeat 200000 \"x\" }}{{ $x := \(call) }}{{ end }}", limits: limits)
        #expect(failure.contains("exceeded the limit of 19000 steps"), "\(failure.prefix(300))")
    }

    /// What is made counts whether it stays or not: a text that doubles, lists and maps within each other, reading.
    @Test(arguments: [
        "{{ $s := \"0123456789\" }}{{ range 64 }}{{ $s = print $s $s }}{{ end }}",
        "{{ $l := list 1 }}{{ range 1000000 }}{{ $l = list $l }}{{ end }}",
        "{{ $d := dict }}{{ range 1000000 }}{{ $d = dict \"a\" $d }}{{ end }}",
        "{{ range 1000 }}{{ $x := deepCopy (list (until 1000)) }}{{ end }}",
        "{{ range 1000 }}{{ $x := repeat 100000 \"x\" }}{{ end }}", "{{ range 1000 }}{{ $x := until 10000 }}{{ end }}",
        "{{ range 1000 }}{{ $x := fromYaml (repeat 10000 \"a: 1\\n\") }}{{ end }}",
        "{{ range 1000 }}{{ $x := tpl (printf \"%d%s\" . (repeat 10000 \"x\")) $ }}{{ end }}",
    ])
    func whatIsMadeCounts(template: String) throws {
        var limits = Limits()
        limits.madeBytes = 1 << 22
        let failure = try Rig.failure(template, limits: limits)
        #expect(failure.contains("functions made more than 4194304 bytes") || failure.contains("4194304 bytes, its"))
    }

    /// What one call would make is bounded, whatever else the rendering may do.
    @Test(arguments: [
        "repeat 100000000 \"x\"", "indent 100000000 \"x\"", "replace \"\" (repeat 10000 \"x\") (repeat 10000 \"y\")",
        "until 100000000", "untilStep 0 100000000 1", "seq 1 100000000", "printf \"%1000000d\" (until 1000)",
        "printf (repeat 100 \"%[1]*[1]d\") 1000000", "randAlphaNum 100000000", "randBytes 100000000",
        "regexReplaceAllLiteral \"\" (repeat 10000 \"x\") (repeat 10000 \"y\")",
        "splitList \"\" (repeat 1100000 \"x\")",
        "regexFindAll \"\" (repeat 1100000 \"x\") -1",
    ])
    func noCallMakesTooMuch(call: String) throws {
        let failure = try Rig.failure("{{ $x := \(call) }}")
        #expect(failure.contains("error calling"), "\(failure.prefix(300))")
    }

    @Test func starsBehindEachOtherAreGivenUp() {
        let path = Text(String(repeating: "a", count: 100))
        #expect(GlobPattern(Text(String(repeating: "*a", count: 30) + "b"))?.matches(path) == .some(nil))
        #expect(GlobPattern("a*a")?.matches(path) == true)
    }

    /// The clock is looked at while nodes are evaluated.
    @Test func timeHasAnEnd() throws {
        var limits = Limits()
        limits.time = .milliseconds(50)
        let failure = try Rig.failure("{{ range 9223372036854775807 }}{{ end }}", limits: limits)
        #expect(failure.contains("exceeded the time limit of 0.05 seconds"))
    }
}
