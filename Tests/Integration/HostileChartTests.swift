import Glibc
import TestSupport
import Testing

/// Charts, archives and values that someone made to do harm: each ends in one clear error, soon and in little memory.
struct HostileChartTests {
    /// Runs the binary for at most ten seconds and within three gigabytes of addresses, of which the stack that
    /// templates run on reserves one.
    private func run(_ words: [String], in folder: ScratchFolder) throws -> Command.Outcome {
        try Command(
            "timeout", ["-s", "KILL", "10", "prlimit", "--as=3221225472", Machine.helmctl] + words, in: folder.path
        ).run()
    }

    /// One error and exit status 1, or success where that is right.
    private func expectEnd(_ outcome: Command.Outcome, maySucceed: Bool = false, _ what: String) {
        let errors = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
        let isError = outcome.status == 1 && errors.count == 1
        #expect(
            isError || maySucceed && outcome.status == 0, "\(what): \(outcome.status) \(outcome.errors.suffix(400))")
        #expect(outcome.errors.utf8.count < 1 << 18, "\(what): \(outcome.errors.utf8.count) bytes of errors")
    }

    /// A folder with the chart `c`, of which one file is `text`.
    private func chart(_ name: String, _ text: String) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("apiVersion: v2\nname: c\nversion: 1.0.0\n", to: "c/Chart.yaml")
        try folder.write("a: 1\n", to: "c/values.yaml")
        try folder.write("a: {{ .Values.a | toJson | trunc 9 | quote }}\n", to: "c/templates/a.yaml")
        try folder.write(text, to: "c/\(name)")
        return folder
    }

    // MARK: - Archives

    /// The scaffold, packed.
    private func packed(_ folder: ScratchFolder) throws -> [UInt8] {
        try #require(try run(["create", "s"], in: folder).status == 0)
        try #require(try run(["package", "s"], in: folder).status == 0)
        return try readFile("\(folder.path)/s-0.1.0.tgz")
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let stream = try #require(fopen(path, "w"))
        defer { fclose(stream) }
        #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
    }

    @Test func archivesThatAreCutOff() throws {
        let folder = try ScratchFolder()
        let whole = try packed(folder)
        let lengths = Array(stride(from: 0, to: whole.count, by: 101)) + (1...12).map { whole.count - $0 }
        for length in lengths {
            try write(Array(whole.prefix(length)), to: "\(folder.path)/cut.tgz")
            // Behind the end of the tar stream nothing is read, as Helm reads nothing there.
            let maySucceed = length + 12 >= whole.count
            expectEnd(
                try run(["template", "x", "cut.tgz"], in: folder), maySucceed: maySucceed, "cut to \(length) bytes")
        }
    }

    /// Of flipped bits the checksum tells, but for those of gzip's own header.
    @Test func archivesWithFlippedBits() throws {
        let folder = try ScratchFolder()
        let whole = try packed(folder)
        var dice: UInt64 = 42
        func roll(_ limit: Int) -> Int {
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(dice >> 33) % limit
        }
        var refused = 0
        for turn in 0..<180 {
            var bytes = whole
            var places: [Int] = []
            for _ in 0...(turn % 3) {
                let place = roll(turn % 4 == 0 ? 40 : whole.count)
                bytes[place] ^= 1 << UInt8(roll(8))
                places.append(place)
            }
            try write(bytes, to: "\(folder.path)/flipped.tgz")
            let words = turn % 4 == 1 ? ["template", "x", "flipped.tgz"] : ["show", "all", "flipped.tgz"]
            let outcome = try run(words, in: folder)
            if outcome.status != 0 { refused += 1 }
            expectEnd(outcome, maySucceed: true, "flipped at \(places)")
        }
        #expect(refused > 110)
    }

    /// A file of a gigabyte, in an archive of some kilobytes: a stream of many members is one to gzip.
    @Test(arguments: ["template x bomb.tgz", "show chart bomb.tgz", "template x outer", "lint bomb.tgz"])
    func archivesThatUnpackToAGigabyte(words: String) throws {
        let folder = try ScratchFolder()
        try folder.write("apiVersion: v2\nname: d\nversion: 1.0.0\n", to: "d/Chart.yaml")
        try folder.write("apiVersion: v2\nname: outer\nversion: 1.0.0\n", to: "outer/Chart.yaml")
        let made = try Command(
            "sh",
            [
                "-c",
                """
                truncate -s 1G d/big && tar -cf - d/Chart.yaml d/big 2>/dev/null | head -c 1536 | gzip > bomb.tgz
                head -c 16777216 /dev/zero | gzip > member
                for i in $(seq 64); do cat member; done >> bomb.tgz
                mkdir outer/charts && cp bomb.tgz outer/charts/d-1.0.0.tgz
                """,
            ], in: folder.path
        ).run()
        try #require(made.status == 0, "\(made.errors)")
        let outcome = try run(words.split(separator: " ").map(String.init), in: folder)
        if words.hasPrefix("lint") { return #expect(outcome.status == 1) }
        expectEnd(outcome, words)
        #expect(outcome.errors.contains("maximum size"), "\(outcome.errors)")
    }

    // MARK: - Depth

    private static let nested = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    private static let mapped =
        String(repeating: "{\"a\":", count: 10_000) + "1" + String(repeating: "}", count: 10_000)
    private static let indented = (0..<5_000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")

    @Test(arguments: [
        ("values.yaml", "a: \(nested)\n"), ("values.yaml", "a: \(mapped)\n"), ("values.yaml", indented),
        ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\nannotations: \(nested)\n"),
        ("templates/b.yaml", "a: {{ repeat 10000 \"[\" }}"),
        ("templates/b.yaml", "{{ fromYaml (printf \"a: %s\" (repeat 10000 \"[\")) | toYaml }}"),
        ("templates/b.yaml", "{{ \(String(repeating: "(", count: 10_000))1\(String(repeating: ")", count: 10_000)) }}"),
        ("templates/b.yaml", String(repeating: "{{ if 1 }}", count: 100_000)),
        (
            "values.schema.json",
            String(repeating: "{\"not\":", count: 10_000) + "{}" + String(repeating: "}", count: 10_000)
        ),
        ("values.schema.json", nested), ("values.schema.json", "{\"$ref\": \"#\"}"),
    ])
    func filesThatNestTenThousandDeep(name: String, text: String) throws {
        let outcome = try run(["template", "x", "c"], in: try chart(name, text))
        // What is printed of a tree may be written as it came.
        expectEnd(outcome, maySucceed: text.hasPrefix("{{ fromYaml") || text == Self.indented, name)
    }

    @Test(arguments: [
        ["--set", "a.\(String(repeating: "b.", count: 10_000))c=1"],
        ["--set", "a\(String(repeating: "[0]", count: 10_000))=1"], ["--set", "a[100000000]=1"],
        ["--set", "a=\(String(repeating: "{", count: 10_000))"],
        ["--set-literal", "a.\(String(repeating: "b.", count: 10_000))c=1"],
        ["--set-json", "a=\(nested)"], ["--set-json", "a=\(mapped)"], ["--set-json", mapped],
        ["--set-json", "a=\(String(repeating: "[", count: 100_000))"],
    ])
    func flagsThatNestTenThousandDeep(words: [String]) throws {
        let outcome = try run(["template", "x", "c"] + words, in: try chart("none", ""))
        expectEnd(outcome, maySucceed: words[0] == "--set-json" || words[1].hasPrefix("a[0]"), words[1].prefix(30) + "")
    }

    // MARK: - Templates

    /// By their defaults, for what they cost is counted; bare loops get less than a minute here.
    @Test(arguments: [
        ("500ms", "{{ range until 1000 }}{{ $x := genPrivateKey \"rsa\" }}{{ end }}"),
        ("", "{{ range until 1000000 }}{{ $x := genPrivateKey \"ecdsa\" }}{{ end }}"),
        ("", "{{ $s := \"0123456789\" }}{{ range until 64 }}{{ $s = print $s $s }}{{ end }}"),
        ("", "{{ $l := list 1 }}{{ range until 64 }}{{ $l = list $l $l }}{{ end }}{{ $l }}"),
        ("", "{{ $d := dict }}{{ range until 64 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}{{ toYaml $d }}"),
        ("", "{{ range until 1000 }}{{ $x := repeat 10000000 \"x\" }}{{ end }}"),
        ("", "{{ $x := untilStep 0 1000000000 1 }}"), ("", "{{ $x := uniq (until 100000) }}"),
        ("", "{{ $x := randAlphaNum 1000000000 }}"), ("", "{{ nindent 100000000 \"x\" }}"),
        ("", "{{ printf \"%1000000d\" (until 100000) }}"),
        ("", "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}"),
        ("", "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}"),
        ("", "{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t \"Template\" .Template) }}"),
        ("", "{{ $d := dict }}{{ $_ := set $d \"a\" $d }}{{ $d }}"),
        (
            "",
            "a: &a [1,1,1,1,1,1,1,1,1]\n"
                + (0..<9).map {
                    "x\($0): &\($0 + 1) [*\($0 == 0 ? "a" : "\($0)")"
                        + String(repeating: ",*\($0 == 0 ? "a" : "\($0)")", count: 8) + "]\n"
                }.joined()
        ),
        ("500ms", "{{ range 9223372036854775807 }}{{ end }}"),
        ("500ms", "{{ range until 1000000 }}{{ $_ := set $.Values \"x\" (dict \"x\" $.Values.x) }}{{ end }}"),
        ("500ms", "{{ range until 100000 }}{{ $x := derivePassword 1 \"long\" \"a\" \"b\" \"c\" }}{{ end }}"),
        (
            "500ms",
            "{{ define \"0\" }}x{{ end }}"
                + (1...60).map {
                    "{{ define \"\($0)\" }}{{ include \"\($0 - 1)\" . }}{{ include \"\($0 - 1)\" . }}{{ end }}"
                }
                .joined() + "{{ include \"60\" . }}"
        ),
        (
            "500ms",
            "{{ $s := repeat 100000 \"a b\\n\" }}{{ range until 100000 }}{{ $x := regexReplaceAll \"a\" $s \"b\" }}"
                + "{{ $x = nindent 8 $s }}{{ $x = upper $s }}{{ $x = toYaml (list $s) }}{{ end }}"
        ),
    ])
    func templatesThatNeverEnd(time: String, text: String) throws {
        let words = ["template", "x", "c"] + (time.isEmpty ? [] : ["--max-time=\(time)"])
        let outcome = try run(words, in: try chart("templates/b.yaml", text))
        expectEnd(outcome, "\(text.prefix(80))")
        #expect(outcome.errors.contains("c/templates/b.yaml"), "\(outcome.errors.prefix(400))")
    }
}
