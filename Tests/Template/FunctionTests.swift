import Document
import Testing

/// The functions by family, as real Helm answers.
struct FunctionTests {
    @Test(arguments: [
        ("trim \"  a \"", "a"), ("trimAll \"$\" \"$5$\"", "5"), ("trimSuffix \"-\" \"a-\"", "a"),
        ("title \"hello world\"", "Hello World"), ("untitle \"HelloWorld Foo\"", "helloWorld foo"),
        ("repeat 3 \"ab\"", "ababab"), ("substr 1 3 \"hello\"", "el"),
        ("trunc 2 \"\u{e9}\u{65e5}\"", "\u{e9}"),
        ("trunc -2 \"hello\"", "lo"), ("contains \"b\" \"abc\"", "true"), ("nospace \"a b\"", "ab"),
        ("camelcase \"HTTPServer\"", "Httpserver"), ("snakecase \"XMLHttpRequest2go\"", "xml_http_request_2go"),
        ("kebabcase \"FirstName\"", "first-name"), ("initials \"First Try\"", "FT"), ("wrap 3 \"ab cd\"", "ab\ncd"),
        ("indent 2 \"a\\n\\nb\"", "  a\n  \n  b"), ("nindent 1 \"a\"", "\n a"), ("quote 1 nil \"a\"", "\"1\" \"a\""),
        ("squote \"a\"", "'a'"), ("cat 1 \"a\" nil", "1 a"), ("plural \"one\" \"many\" 2", "many"),
        ("replace \"a\" \"b\" \"aa\"", "bb"), ("join \"-\" (list 1 2)", "1-2"), ("splitList \",\" \"a,b\"", "[a b]"),
        ("(split \",\" \"a,b\")._1", "b"), ("sortAlpha (list \"b\" \"a\")", "[a b]"), ("toString 1.5", "1.5"),
        ("nospace \"stra\u{df}e\"", "stra\u{df}e"), ("swapcase \"h\u{e9}llo\"", "H\u{c9}LLO"),
        ("printf \"%.0x|%#w\" 1.5 \"a\"", "0x1p+01|%!w(string=\"a\")"),
        ("printf \"%*d\" -9223372036854775808 5", "%!(BADWIDTH)5"),
        ("b32dec \"MFRGG\"", "illegal base32 data at input byte 0"),
        ("b32dec \"ME=====\"", "illegal base32 data at input byte 7"), ("b32dec \"MFRA====\"", "ab"),
        ("decryptAES \"k\" \"\"", ""), ("camelcase \"-__\"", "-___"), ("duration \"9223372036854775808\"", "-1s"),
        ("b64dec \"YQ=a\"", "illegal base64 data at input byte 2"),
        ("toDate \"MST\" \"ABCD\"", "0001-01-01 00:00:00 +0000 UTC"),
        ("toDate \"MST\" \"ChST\"", "0000-01-01 00:00:00 +0000 ChST"),
        ("toDate \"MST\" \"WITA\"", "0000-01-01 00:00:00 +0000 WITA"),
        ("regexReplaceAll \".\" \"\\xffa\" \"x\"", "xx"),
        ("regexReplaceAll \"(.)\" \"\\xffa\" \"<$1>\" | b64enc", "PP8+PGE+"),
        ("printf \"%1.\" 1", "%!.(int=1)"), ("printf \"%x\" 2.5e-310", "0x1.702ae4d1fb6p-1029"),
        ("printf \"%d\" (toDate \"2006\" \"2020\").Month", "1"), ("printf \"%t\" true", "true"),
        (
            "printf \"%#v\" (semver \"8.2.3-a\")",
            "&semver.Version{major:0x8, minor:0x2, patch:0x3, pre:\"a\", metadata:\"\", original:\"8.2.3-a\"}"
        ),
        ("printf \"%f\" (list (semver \"1.0.0\"))", "[%!f(*semver.Version=&{1 0 0   1.0.0})]"),
        ("printf \"%5t\" (duration \"9\")", "%!t(string=   9s)"),
        ("printf \"%o\" (semver \"8.2.3\")", "&{10 2 3 %!o(string=) %!o(string=) %!o(string=8.2.3)}"),
    ])
    func strings(call: String, output: String) throws { #expect(try outcome(call) == output) }

    @Test(arguments: [
        (
            "a = {b = {c = 1.}}",
            "1 (last key \"a.b.c\"): Invalid float \"1.\": '.' must be followed by one or more digits"
        ),
        ("[x.'y z']\na = 0xZ", "2 (last key \"x.\\\"y z\\\".a\"): not a hexadecimal number: '0xZ'"),
        ("[]", "1: unexpected end of table name (table names cannot be empty)"),
        ("a = 24:00:00", "1 (last key \"a\"): invalid datetime: \"24:00:00\""),
        ("a = 1\na.b = 2", "2 (last key \"a.b\"): Key 'a' has already been defined."),
        ("a = +0x1", "1 (last key \"a\"): cannot use sign with non-decimal numbers: '+0x'"),
        ("a = 'x\u{1}'", "1 (last key \"a\"): TOML files cannot contain control characters: '0x01'"),
        ("a = '''x''''''", "1 (last key \"a\"): unexpected \"''''''\""),
        ("a = 1\n[[a]]", "2: Key 'a' was already created and cannot be used as an array."),
    ])
    func malformedTOML(text: String, words: String) throws {
        #expect(try outcome("fromToml `\(text)`") == "map[Error:toml: line \(words)]")
    }

    @Test(arguments: [
        ("add 1 2 3", "6"), ("sub 5 2", "3"), ("mul 2 3 4", "24"), ("div 7 2", "3"), ("mod 7 4", "3"),
        ("max 1 5 3", "5"), ("min 4 2", "2"), ("floor 1.9", "1"), ("ceil 1.1", "2"), ("round 2.675 2", "2.68"),
        ("subf 0.3 0.1", "0.2"), ("addf 1 1.5", "2.5"), ("int \"08\"", "0"), ("int64 \"0x10\"", "16"),
        ("float64 \"1e3\"", "1000"), ("toDecimal 17", "15"), ("add \"0x1F\" \"010\"", "39"), ("seq 3", "1 2 3"),
        ("atoi \"9223372036854775808\"", "9223372036854775807"), ("until 3", "[0 1 2]"), ("untilStep 0 10 5", "[0 5]"),
        ("seq 9223372036854775805 9223372036854775806", "9223372036854775805 9223372036854775806"),
        ("seq 9223372036854775806 9223372036854775807", ""), ("len (untilStep 15 65536 9223372036854775807)", "17"),
        ("float64 ((toDate \"2006-01-02\" \"2024-02-29\").Month)", "2"),
        ("date \"2006-01-02\" (int64 9223372036854775807)", "292277026596-12-04"),
        ("(toDate \"2006\" \"x\").Before (toDate \"2006\" \"2020\")", "true"),
        ("(toDate \"2006\" \"x\").Sub (toDate \"2006\" \"2020\")", "-2562047h47m16.854775808s"),
        ("minf 1 0 -0.0", "-0"), ("toDate \"2006 15 MST\" \"2020 11 GMT+3\"", "2020-01-01 14:00:00 +0300 GMT+3"),
        ("(toDate \"15:04:05\" \"01:02:03\").Truncate 60000000000", "0000-01-01 01:02:00 +0000 UTC"),
        ("add1 1", "2"), ("atoi \"12\"", "12"),
    ])
    func numbers(call: String, output: String) throws { #expect(try outcome(call) == output) }

    @Test(arguments: [
        ("list 1 2 | first", "1"), ("rest (list 1 2 3)", "[2 3]"), ("last (list 1 2)", "2"),
        ("initial (list 1 2)", "[1]"),
        ("append (list 1) 2", "[1 2]"), ("prepend (list 1) 2", "[2 1]"), ("concat (list 1) (list 2)", "[1 2]"),
        ("reverse (list 1 2)", "[2 1]"), ("uniq (list 1 1 2)", "[1 2]"), ("without (list 1 2) 1", "[2]"),
        ("has 1 (list 1)", "true"), ("compact (list 0 1 \"\")", "[1]"), ("chunk 2 (list 1 2 3)", "[[1 2] [3]]"),
        ("keys (dict \"a\" 1)", "[a]"), ("values (dict \"a\" 1)", "[1]"),
        ("pick (dict \"a\" 1 \"b\" 2) \"a\"", "map[a:1]"),
        ("omit (dict \"a\" 1 \"b\" 2) \"a\"", "map[b:2]"), ("hasKey (dict \"a\" 1) \"a\"", "true"),
        ("dig \"a\" \"b\" \"d\" (dict \"a\" (dict \"b\" 1))", "1"), ("dig \"x\" \"d\" (dict \"a\" 1)", "d"),
        ("merge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3)", "map[a:1 b:3]"),
        ("mergeOverwrite (dict \"a\" 1) (dict \"a\" 2)", "map[a:2]"), ("get (dict \"a\" 1) \"a\"", "1"),
        ("merge (dict \"a\" (semver \"1.0.0\")) (dict \"a\" (dict \"b\" 1))", ""),
        ("mergeOverwrite (dict \"a\" (semver \"1.0.0\")) (dict \"a\" (dict \"b\" 1))", "map[a:map[b:1]]"),
        ("mustMerge (dict \"a\" (semver \"1.0.0\")) (dict \"a\" (semver \"2.0.0\"))", "map[a:1.0.0]"),
        ("unset (dict \"a\" 1) \"a\"", "map[]"), ("pluck \"a\" (dict \"a\" 1) (dict \"a\" 2)", "[1 2]"),
        ("tuple 1 \"a\"", "[1 a]"), ("deepEqual (list 1) (list 1)", "true"), ("kindOf (list)", "slice"),
        ("typeOf 1", "int"), ("kindIs \"map\" (dict)", "true"), ("ternary 1 2 true", "1"), ("coalesce 0 \"\" 3", "3"),
        ("concat (list) (list) | toJson", "null"), ("dig \"a\" \"b\" 1 (merge .Values (dict))", "1"),
        ("(.Table \"Values\").AsMap | typeOf", "map[string]interface {}"),
        ("typeOf (set .Values \"a\" 1)", "map[string]interface {}"),
        ("default 1 .Capabilities.KubeVersion", "{v1.36.0 v1.36.0 1 36}"),
        ("or .Capabilities.KubeVersion 1", "v1.36.0"),
        ("typeOf (slice .Capabilities.APIVersions 1)", "common.VersionSet"),
        ("slice (until 5) 3 8", "[3 4 0 0 0]"), ("slice (append (list 1 2 3) 4) 3 6", "[4 <nil> <nil>]"),
        ("slice (fromYamlArray \"[1, 2, 3]\") 2 4", "[3 <nil>]"),
        ("slice (regexFindAll \"a\" \"a\" -1) 0 10 | len", "10"),
        ("slice (regexSplit \",\" \"a,b,c\" -1) 2 4 | toJson", "[\"c\",\"\"]"),
        ("empty (list)", "true"), ("all 1 0", "false"), ("any 1 0", "true"), ("default 1 \"\"", "1"),
    ])
    func collections(call: String, output: String) throws { #expect(try outcome(call) == output) }

    @Test(arguments: [
        ("toYaml (dict \"b\" 1 \"a\" (list 1 \"x\"))", "a:\n- 1\n- x\nb: 1"),
        ("toYamlPretty (dict \"a\" (list 1000000.0))", "a:\n  - 1e+06"), ("toYaml \"\\u007f\"", ""),
        ("toYaml \"a\\u0085b\"", "a b"),
        ("fromYaml \"a: .inf\"", "map[Error:error converting YAML to JSON: json: unsupported value: +Inf]"),
        ("toToml (dict \"b\" 1.0 \"a\" (dict \"c\" (list 1 \"x\")))", "b = 1.0\n\n[a]\n  c = [1, \"x\"]\n"),
        ("toToml (dict \"d\" (list (list 1) (dict \"a\" 1 \"b\" nil)))", "d = [[1], {a = 1, }]\n"),
        ("fromYaml \"a: {~: 1}\\na: .nan\\na: 2\"", "map[a:2]"),
        (
            "fromYaml \"~: 1\\n{b: 1}: 2\"",
            "map[Error:error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{\"b\":1}]"
        ),
        ("toToml (dict \"x\" (list (dict \"a\" 1) (dict \"a\" 2)))", "[[x]]\n  a = 1\n\n[[x]]\n  a = 2\n"),
        ("toToml (list nil)", "toml: cannot encode array with nil element"),
        (
            "fromToml \"[t]\\na.b = 1\\n[[l]]\\nd = 2020-01-02\" | toToml",
            "[[l]]\n  d = 2020-01-02\n\n[t]\n  [t.a]\n    b = 1\n"
        ),
        ("fromToml \"a = '''x''''\"", "map[a:x']"), ("fromToml \"a = {\\n b = 1, # x\\n}\"", "map[a:map[b:1]]"),
        ("fromToml \"# \\xff\"", "map[Error:toml: line 1: invalid UTF-8 byte: 0xff]"),
        ("fromToml \"a 1\"", "map[Error:toml: line 1: expected '.' or '=', but got '1' instead]"),
        ("fromToml \"a = 1\\na = 2\"", "map[Error:toml: line 2 (last key \"a\"): Key 'a' has already been defined.]"),
        ("toJson (dict \"a\" \"<\")", "{\"a\":\"\\u003c\"}"),
        ("toRawJson (dict \"a\" \"<\")", "{\"a\":\"<\"}"), ("(fromYaml \"a: 1\").a", "1"),
        ("(fromJson \"{\\\"a\\\":1}\").a", "1"),
        ("fromYamlArray \"- 1\"", "[1]"), ("(fromYaml \"- 1\").Error | contains \"cannot unmarshal array\"", "true"),
        ("b64enc \"hi\"", "aGk="), ("b64dec \"aGk=\"", "hi"), ("b32enc \"hi\"", "NBUQ===="),
        ("sha256sum \"\" | trunc 8", "e3b0c442"),
        ("sha1sum \"\" | trunc 8", "da39a3ee"), ("adler32sum \"abc\"", "38600999"), ("urlquery \"a b&\"", "a+b%26"),
        ("html \"<a>\"", "&lt;a&gt;"), ("js \"'\"", "\\'"), ("(urlParse \"http://h:1/p?q=1\").host", "h:1"),
        ("base \"a/b.txt\"", "b.txt"), ("dir \"a/b\"", "a"), ("ext \"b.txt\"", ".txt"), ("clean \"a/../b\"", "b"),
        ("isAbs \"/a\"", "true"),
        ("regexMatch \"^a+$\" \"aa\"", "true"), ("regexFind \"a.\" \"xab\"", "ab"),
        ("regexReplaceAll \"a(.)\" \"ab\" \"$1\"", "b"),
        ("regexReplaceAll \"b*\" \"abc\" \"-\"", "-a-c-"), ("regexSplit \",\" \"a,b\" -1", "[a b]"),
        ("regexQuoteMeta \"a.b\"", "a\\.b"),
        ("semverCompare \"1.2 - 1.4 || 2\" \"1.3.0\"", "true"),
        ("semverCompare \"^1.2\" \"1.5.0\"", "true"), ("semverCompare \">1.2 <2 || 3.x\" \"3.1\"", "true"),
        ("(semver \"1.2.3-rc1\").Major", "1"),
    ])
    func encodings(call: String, output: String) throws { #expect(try outcome(call) == output) }

    @Test(arguments: [
        ("date \"2006-01-02 15:04\" 0", "1970-01-01 00:00"), ("dateInZone \"15:04 MST\" 0 \"UTC\"", "00:00 UTC"),
        ("dateInZone \"2006-01-02T15:04:05Z07:00\" 1700000000 \"America/New_York\"", "2023-11-14T17:13:20-05:00"),
        ("htmlDate 0", "1970-01-01"), ("duration \"95\"", "1m35s"), ("durationRound \"2400h10m5s\"", "3mo"),
        ("now | unixEpoch", "1700000000"), ("toDate \"2006-01-02\" \"2020-02-29\" | date \"Jan 2\"", "Feb 29"),
        ("dateModify \"24h\" (toDate \"2006-01-02\" \"2020-02-29\") | date \"Jan 2\"", "Mar 1"),
        ("ago (now)", "0s"),
    ])
    func times(call: String, output: String) throws { #expect(try outcome(call) == output) }

    @Test(arguments: [
        ("printf \"%05.2f|%-4d|%+d|%x|%q|%v|%T\" 3.14159 7 7 255 \"a\" (list 1) 1", "03.14|7   |+7|ff|\"a\"|[1]|int"),
        ("printf \"%s\" 1", "%!s(int=1)"), ("printf \"%d\" \"a\"", "%!d(string=a)"), ("printf \"%d\"", "%!d(MISSING)"),
        ("printf \"a\" 1", "a%!(EXTRA int=1)"), ("printf \"%[2]d %[1]d\" 1 2", "2 1"), ("printf \"%*d\" 4 1", "   1"),
        ("printf \"%t %c %U %e %g %b %o %%\" true 65 65 1.5 1e21 5 8", "true A U+0041 1.500000e+00 1e+21 101 10 %"),
        ("print 1 2 \"a\" \"b\" 3", "1 2ab3"), ("println 1 \"a\"", "1 a\n"), ("printf \"%v\" nil", "<nil>"),
    ])
    func printing(call: String, output: String) throws { #expect(try outcome(call) == output) }

    @Test(arguments: [
        ("randAlphaNum 8 | len", "8"), ("randNumeric 5 | regexMatch \"^[0-9]{5}$\"", "true"), ("uuidv4 | len", "36"),
        ("genPrivateKey \"ecdsa\" | contains \"BEGIN EC PRIVATE KEY\"", "true"),
        ("(genCA \"ca\" 365).Cert | contains \"BEGIN CERTIFICATE\"", "true"),
        ("htpasswd \"u\" \"p\" | regexMatch \"^u:\\\\$2a\\\\$10\\\\$\"", "true"),
        ("derivePassword 1 \"long\" \"password\" \"user\" \"example.com\"", "ZedaFaxcZaso9*"),
        ("encryptAES \"k\" \"plain\" | decryptAES \"k\"", "plain"),
    ])
    func randomness(call: String, output: String) throws { #expect(try outcome(call) == output) }

    private func outcome(_ call: String) throws -> String { try Rig.failure("{{ \(call) }}").ifPrinted }
}
