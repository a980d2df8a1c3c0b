import Document
import Testing

struct YAMLTests {
    @Test func whatIsNestedTooDeepIsRefusedSoon() {
        #expect {
            try YAML.parse(Array(("a: " + String(repeating: "[", count: 100_000)).utf8))
        } throws: {
            "\($0)".contains("exceeded max depth of 10000")
        }
    }

    /// YAML and the JSON that Helm makes of it.
    @Test(arguments: [
        ("", "null"), ("a: 1\nb: [x, ~]", #"{"a":1,"b":["x",null]}"#), ("a: {b: 1, c: {}}", #"{"a":{"b":1,"c":{}}}"#),
        ("017", "15"), ("0o17", "15"), ("08", "8"), ("1__0", "10"), ("0x1F", "31"), ("-0b11", "-3"), ("+1", "1"),
        ("0x1p3", #""0x1p3""#), ("1e", #""1e""#), ("1:30", #""1:30""#), ("2001-01-01", #""2001-01-01""#), (".5", "0.5"),
        ("1e20", "100000000000000000000"), ("18446744073709551615", "18446744073709551615"), ("oN", #""oN""#),
        ("[y, Yes, on, N, OFF]", "[true,true,true,false,false]"), ("yes: 1", #"{"true":1}"#), ("1.0: 1", #"{"1":1}"#),
        ("2.50: 1", #"{"2.5":1}"#), ("0x10: 1", #"{"16":1}"#), (".inf: 1", #"{".inf":1}"#), ("!foo 5", #""5""#),
        ("!!str 5", #""5""#), ("!!float 5", "5"), ("!!binary aGk=", #""hi""#), ("{b:1}", #"{"b:1":null}"#),
        ("a: &x {k: 1}\nb: *x", #"{"a":{"k":1},"b":{"k":1}}"#), ("a: 1\na: 2", #"{"a":2}"#),
        ("<<: {a: 1, b: 2}\nb: 3", #"{"a":1,"b":3}"#), ("<<: [{a: 1}, {a: 2, b: 2}]", #"{"a":1,"b":2}"#),
        ("\"<<\": 1", #"{"\u003c\u003c":1}"#), ("a: |\n  x\n  y\n", #"{"a":"x\ny\n"}"#),
        ("a: >-\n  x\n  y\n", #"{"a":"x y"}"#),
        ("a\n---\nb", #""a""#), ("'it''s'", #""it's""#), ("[0, 00, 9, 1a, -5, ~a]", #"[0,0,9,"1a",-5,"~a"]"#),
        ("999999999999999999", "999999999999999999"), ("9223372036854775807", "9223372036854775807"),
        ("[[a, [b]], {c: {d: [e]}, f: []}, []]", #"[["a",["b"]],{"c":{"d":["e"]},"f":[]},[]]"#),
        ("[]: 1", "[]"), ("3e40: 1", #"{".inf":1}"#),
        (#"{a: "it\'s \'q\'", b: 'C:\', c: \'x, d: "\\\'"}"#, #"{"a":"it's 'q'","b":"C:\\","c":"\\'x","d":"\\'"}"#),
    ])
    func reads(_ yaml: String, _ json: String) throws {
        #expect(JSON.text(try YAML.parse(Text(yaml)), .init(numbers: .literal)) == Text(json))
    }

    @Test(arguments: [
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("x: 1\na: b: c", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: 1\nb", "yaml: line 3: could not find expected ':'"),
        ("a\nb: 1", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: [.inf]", "json: unsupported value: +Inf"),
        ("~: .nan\nb: [", "yaml: line 2: did not find expected node content"),
        ("a: [1", "yaml: line 1: did not find expected ',' or ']'"), ("*x", "yaml: unknown anchor 'x' referenced"),
        ("&x [*x]", "yaml: anchor 'x' value contains itself"), ("!!int a", "yaml: cannot decode !!str `a` as a !!int"),
        ("{{ .x }}: 1", #"yaml: invalid map key: map[interface {}]interface {}{".x":interface {}(nil)}"#),
        ("~: 1", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1"),
        ("<<: 1", "yaml: map merge requires map or sequence of maps as the value"),
        ("a: \u{01}", "yaml: control characters are not allowed"),
        ("a:\n  b: c\n  {}\nd: 1", "yaml: line 2: did not find expected key"),
        ("a:\n  \u{e9}: c\n  [ # c\n\n ] x", "yaml: line 2: did not find expected key"),
        ("a:\n  b: c\n  {d}\n", "yaml: line 4: could not find expected ':'"),
        ("- a\n{}", "yaml: line 1: did not find expected '-' indicator"),
        ("x:\n- a\n{}", "yaml: line 2: did not find expected key"),
        ("a: 1\n{}: x", "yaml: line 1: did not find expected key"),
        ("a:\n  []: x", "yaml: line 1: did not find expected key"),
        ("- a\n- {}: x", "yaml: line 1: did not find expected '-' indicator"),
        ("a:\n- {}: x", "yaml: line 1: did not find expected key"),
        ("? {}\n: 1", "yaml: invalid map key: map[interface {}]interface {}{}"),
    ])
    func refuses(_ yaml: String, _ message: String) {
        do {
            let value = try YAML.parse(Text(yaml))
            Issue.record("read as \(value)")
        } catch { #expect(error.message == message) }
    }

    /// JSON and the YAML that go-yaml writes for it.
    @Test(arguments: [
        (#"{"b":{"x":[1,{"y":2,"z":[]}]},"a":null}"#, "a: null\nb:\n  x:\n  - 1\n  - \"y\": 2\n    z: []\n"),
        (#"[[1,2],[]]"#, "- - 1\n  - 2\n- []\n"), ("{}", "{}\n"), (#""""#, "\"\"\n"),
        (
            ##"["yes","1","1.5","null","~","a: b","- a","-a","#a","a#","a #b"," a","a ","'","it's","a:b","0x1","2001-01-01","1:30","=","<<",".","@a","{a","a{","?","? a","?a"]"##,
            "- \"yes\"\n- \"1\"\n- \"1.5\"\n- \"null\"\n- \"~\"\n- 'a: b'\n- '- a'\n- -a\n- '#a'\n- a#\n- 'a #b'\n- ' a'\n- 'a '\n- ''''\n- it's\n- a:b\n- \"0x1\"\n- \"2001-01-01\"\n- \"1:30\"\n- =\n- <<\n- .\n- '@a'\n- '{a'\n- a{\n- '?'\n- '? a'\n- ?a\n"
        ),
        (
            #"["a\nb","a\n","\na"," a\nb","a\n\n","\n","a \nb","\ta\nb","a\tb"]"#,
            "- |-\n  a\n  b\n- |\n  a\n- |2-\n\n  a\n- |2-\n   a\n  b\n- |+\n  a\n\n- |2+\n\n- \"a \\nb\"\n- \"\\ta\\nb\"\n- \"a\\tb\"\n"
        ),
        (
            #"{"-d":1,"_c":1,"1":1,"9":1,"10":1,"A":1,"a9":1,"a10":1,"b":1,"é":1}"#,
            "-d: 1\n_c: 1\n\"1\": 1\n\"9\": 1\n\"10\": 1\nA: 1\na9: 1\na10: 1\nb: 1\né: 1\n"
        ),
        (
            #"[1e20,1e6,0.00001,-0.0,9223372036854775808,1.5]"#,
            "- 1e+20\n- 1000000\n- 1e-05\n- 0\n- 9223372036854776000\n- 1.5\n"
        ),
        (#"["😀","\ufeff1","é\u00a0"]"#, "- \"\\U0001F600\"\n- \"\\uFEFF\\x31\"\n- é\u{A0}\n"),
    ])
    func writes(_ json: String, _ yaml: String) throws {
        #expect(YAML.text(try JSON.parse(Text(json))).string == yaml)
    }

    /// What is repeated, what ends it, the mark around it, and how much of it the first line holds.
    @Test(arguments: [("word", "", "", 16), ("word", ":", "'", 16), ("wort\t", "", "\"", 12)])
    func longTextFoldsAtSingleBlanks(_ word: String, _ end: String, _ mark: String, _ first: Int) {
        let words = Array(repeating: word, count: 20)
        let shown = words.map { $0.replacing("\t", with: "\\t") }
        let text = words.joined(separator: " ") + end
        let (head, tail) = (shown[..<first].joined(separator: " "), shown[first...].joined(separator: " "))
        #expect(YAML.text(["a": .string(text)]).string == "a: \(mark)\(head)\n  \(tail)\(end)\(mark)\n")
        let pretty = shown.joined(separator: " ") + end
        #expect(YAML.text(["a": .string(text)], dialect: .third).string == "a: \(mark)\(pretty)\(mark)\n")
        // No key that stands before its colon is broken, and where two blanks stand no line is.
        #expect(YAML.text([Text(text): 1] as Value).string == "\(mark)\(pretty)\(mark): 1\n")
        let wide = words.joined(separator: "  ") + "."
        #expect(end != "" || mark != "" || YAML.text(["a": .string(wide)]).string == "a: \(wide)\n")
    }

    @Test func longKeysStandApart() {
        let key = String(repeating: "k", count: 129)
        #expect(YAML.text([Text(key): ["a": [1]]] as Value).string == "? \(key)\n: a:\n  - 1\n")
    }

    @Test func placesAreKept() throws {
        let document = try YAML.locate(Array("b: 1\na:\n- x\n- z: 2\nb: 3\n".utf8))
        #expect(document.value == ["a": ["x", ["z": 2]], "b": 3])
        #expect(document.place.children.map(\.line) == [3, 5])
        #expect(document.place.children[0].children.map(\.column) == [3, 3])
        #expect(document.duplicates.map(\.line) == [5])
    }

    @Test func aliasBombsAreRefused() {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...8 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: YAML.Failure.self) { try YAML.parse(Text(text)) }
    }

    /// Whatever is written reads back as the same value, but for what go-yaml itself does not get back: a bare `<<`,
    /// and line breaks that only Unicode knows.
    @Test func roundTrips() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ab1:#-'\"\\ \n\t?{}[],&*!|>%@`~.=é😀0ey\r".unicodeScalars)
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            let value: Value = ["k": .string(text), "l": [.string(text)], Text(text): 1]
            let yaml = YAML.write(value)
            #expect(try YAML.parse(yaml) == value, "\(text.debugDescription) was written as \(Text(bytes: yaml))")
        }
    }
}
