import Chart
import TestSupport
import Testing

/// The command line of what needs no cluster: flags, arguments, environment, and Helm's words for what is wrong.
struct CommandLineTests {
    /// A folder with a chart `app` that needs the chart `part` beside it.
    private func charts() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        let template = "kind: A\nmetadata: {name: {{ .Release.Name }}}\nvalue: {{ .Values.a | toJson }}\n"
        for (name, more) in [
            ("app", "dependencies: [{name: part, version: '>=1', repository: 'file://../part'}]\n"), ("part", ""),
        ] {
            try folder.write("apiVersion: v2\nname: \(name)\nversion: 1.2.3\n\(more)", to: "\(name)/Chart.yaml")
            try folder.write("a: {b: [1, {c: x}]}\n", to: "\(name)/values.yaml")
            try folder.write(template, to: "\(name)/templates/a.yaml")
        }
        return folder
    }

    private func run(_ arguments: [String], in folder: ScratchFolder, _ environment: [String: String] = [:]) throws
        -> Command.Outcome
    {
        try Command(Machine.helmctl, arguments, environment: environment, in: folder.path).run()
    }

    /// What Helm writes by Go's package log goes through slog there, which takes it for information (slog.SetDefault).
    @Test(arguments: [
        ["template", "x", "app"], ["show", "chart", "app"], ["dependency", "list", "app"], ["lint", "app"],
    ])
    func remarksOfOldFilesAreLogged(arguments: [String]) throws {
        let folder = try charts()
        try folder.write("dependencies: []\n", to: "app/requirements.yaml")
        try folder.write("apiVersion: v2\nname: part\nversion: 1.2.3\n", to: "app/charts/part/Chart.yaml")
        try folder.write("dependencies: []\n", to: "app/charts/part/requirements.lock")
        let log = try run(arguments, in: folder).errors.split(separator: "\n").filter { $0.contains(" since ") }
        let expected = [
            #"level=INFO msg="Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". "#
                + #"We recommend migrating dependencies to Chart.yaml.""#,
            #"level=INFO msg="Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". "#
                + #"We recommend migrating to Chart.lock.""#,
        ]
        #expect(log.map { String($0) } == (arguments[0] == "lint" ? expected + expected : expected))
    }

    @Test func coalescingIsLogged() throws {
        let folder = try charts()
        _ = try run(["dependency", "update", "app"], in: folder)
        let outcome = try run(["template", "x", "app", "--set", "part.a=1"], in: folder)
        #expect(outcome.errors.contains("level=INFO msg=\"warning: "), "\(outcome.errors)")
    }

    // MARK: - Every flag

    /// What a flag is given where its kind alone does not say.
    private static let values = [
        "-n, --namespace": "ns", "--color": "never", "--colour": "never", "-l, --labels": "a=b", "--timeout": "3s",
        "--wait": "watcher", "--dry-run": "client", "--server-side": "true", "--kube-version": "1.30.0",
        "-a, --api-versions": "v1/Odd", "--set": "a=1", "--set-string": "a=1", "--set-json": "a=1",
        "--set-literal": "a=1", "--set-file": "a=app/Chart.yaml", "-f, --values": "app/values.yaml",
        "-s, --show-only": "templates/a.yaml", "--output-dir": "written", "--name-template": "made",
        "--version": "1.2.3",
        "--jsonpath": "{.a.b[1].c}", "-d, --destination": "packed", "--chart-api-version": "v2",
    ]

    /// Flags that answer that they are not built yet, or that need what a test does not have.
    private static let open: Set<String> = [
        "--repo", "--verify", "--sign", "--post-renderer", "-p, --starter", "--validate",
    ]

    /// The commands, and the headings under which their flags are described.
    private static let commands = [
        ("template", "### helm template"), ("create", "### helm create"), ("package", "### helm package"),
        ("dependency build", "### helm dependency build"), ("dependency list", "### helm dependency list"),
        ("dependency update", "### helm dependency update"), ("show all", "### helm show"),
        ("show chart", "### helm show"), ("show crds", "### helm show"), ("show readme", "### helm show"),
        ("show values", "### helm show"), ("lint", "### helm lint"),
    ]

    @Test(.needsShared, arguments: commands)
    func everyFlagOfHelmIsTaken(command: String, heading: String) throws {
        guard let shared = Machine.shared else { return }
        let text = String(decoding: try readFile("\(shared)/helm/cli.md"), as: UTF8.self)
        let folder = try charts()
        _ = try run(["dependency", "update", "app"], in: folder)
        let flags = Self.flags(text, heading)
        #expect(!flags.isEmpty)
        // Those of all commands are one piece of code in each family.
        let isFirst = ["template", "create", "package", "dependency build", "show all", "lint"].contains(command)
        for flag in flags + (isFirst ? Self.flags(text, "## Global flags") : []) {
            let name = flag.names.split(separator: " ").last.map(String.init) ?? ""
            let value = Self.values[flag.names] ?? "1"
            // What may stand without a value takes one behind `=` only.
            let isBare = ["--dry-run", "--wait", "--server-side"].contains(name)
            let given = flag.isSwitch ? [name] : isBare ? ["\(name)=\(value)"] : [name, value]
            let makesName = ["--name-template", "--generate-name"].contains(name)
            let target =
                command == "create" ? ["new"] : command == "template" && !makesName ? ["demo", "app"] : ["app"]
            let outcome = try run(command.split(separator: " ").map(String.init) + target + given, in: folder)
            if Self.open.contains(flag.names) {
                #expect(outcome.status == 1 && !outcome.errors.contains("unknown"), "\(given): \(outcome.errors)")
            } else {
                #expect(outcome.status == 0, "\(given): \(outcome.errors)")
            }
        }
    }

    /// The flags in the table under a heading.
    private static func flags(_ text: String, _ heading: String) -> [(names: String, isSwitch: Bool)] {
        let rows = text.split(separator: "\n").drop { !$0.hasPrefix(heading) }.dropFirst().prefix { !$0.hasPrefix("#") }
        return rows.filter { $0.hasPrefix("| -") }.map { row in
            let cells = row.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
            return (cells[0], cells[1] == "Bool" && cells[0] != "--server-side")
        }
    }

    // MARK: - Words

    @Test(arguments: [
        (
            ["template"],
            "\"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]"
        ),
        (["template", "a", "b", "c"], "expected at most two arguments, unexpected arguments: c"),
        (["create"], "\"helm create\" requires 1 argument\n\nUsage:  helm create NAME [flags]"),
        (["template", "x", "app", "--nope"], "unknown flag: --nope"),
        (["template", "x", "app", "-x"], "unknown shorthand flag: 'x' in -x"),
        (["template", "x", "app", "-gxy"], "unknown shorthand flag: 'x' in -xy"),
        (["template", "x", "app", "--=x"], "bad flag syntax: --=x"),
        (
            ["install", "x", "app", "--server-side=maybe"],
            "invalid argument \"maybe\" for \"--server-side\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"
        ),
        (
            ["upgrade", "x", "app", "-l", "a"],
            "invalid argument \"a\" for \"-l, --labels\" flag: a must be formatted as key=value"
        ),
        (["upgrade", "x"], "\"helm upgrade\" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]"),
        (["list", "x"], "\"helm list\" accepts no arguments\n\nUsage:  helm list [flags]"),
        (["template", "x", "app", "--set"], "flag needs an argument: --set"),
        (["template", "x", "app", "-f"], "flag needs an argument: 'f' in -f"),
        (
            ["tmplate"],
            "unknown command \"tmplate\" for \"helm\"\n\nDid you mean this?\n\ttemplate\n\nRun 'helm --help' for usage."
        ),
        (
            ["template", "x", "app", "--timeout", "soon"],
            "invalid argument \"soon\" for \"--timeout\" flag: time: invalid duration \"soon\""
        ),
        (["template", "x", "./none"], "path \"./none\" not found"),
        (
            ["template", "x", "app"],
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to "
                + "fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: part"
        ),
        (
            ["template", "x", "app", "--post-renderer", "none"],
            "invalid argument \"none\" for \"--post-renderer\" flag: "
                + "plugin: {Name:none Type:postrenderer/v1} not found"
        ),
        // Values are read before the chart.
        (["template", "x", "app", "--set", "a[-1]=1"], "failed parsing --set data: negative -1 index not allowed"),
        (["template", "x", "app", "--kube-version", "2"], "illegal version string \"2\""),
        (["package"], "need at least one argument, the path to the chart"),
        (["package", "part", "--version", "1.2.3-01"], "version segment starts with 0"),
        (["create", String(repeating: "a", count: 251)], "chart name must be between 1 and 250 characters"),
        (["values", "explain", "part", "none"], "the chart has no value \"none\""),
    ])
    func whatIsWrongIsSaidAsHelmSaysIt(arguments: [String], words: String) throws {
        let outcome = try run(arguments, in: try charts())
        #expect(outcome.status == 1 && outcome.errors.hasPrefix("Error: \(words)\n"), "\(outcome.errors)")
    }

    @Test func theEnvironmentStandsForFlags() throws {
        let folder = try charts()
        try folder.write("v: {{ .Release.Namespace }}\n", to: "part/templates/a.yaml")
        #expect(try run(["template", "x", "part"], in: folder, ["HELM_NAMESPACE": "env"]).output.contains("v: env"))
        let both = try run(["template", "x", "part", "-n", "flag"], in: folder, ["HELM_NAMESPACE": "env"])
        #expect(both.output.contains("v: flag"))
    }

    // MARK: - Dependencies

    @Test func dependenciesAreListedUpdatedAndBuilt() throws {
        let folder = try charts()
        #expect(
            try run(["dependency", "list", "app"], in: folder).output
                == "NAME\tVERSION\tREPOSITORY    \tSTATUS \npart\t>=1    \tfile://../part\tmissing\n\n")
        let updated = try run(["dep", "up", "app"], in: folder)
        #expect(updated.output == "Saving 1 charts\nDeleting outdated charts\n", "\(updated.errors)")
        let lock = try readText("\(folder.path)/app/Chart.lock")
        #expect(
            lock.hasPrefix(
                "dependencies:\n- name: part\n  repository: file://../part\n  version: 1.2.3\ndigest: sha256:"))
        #expect(try run(["dependency", "list", "app"], in: folder).output.contains("\tok    "))
        #expect(try run(["dependency", "build", "app"], in: folder).status == 0)
        try folder.write(
            "apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies: [{name: part, version: '1', repository: 'file://../part'}]\n",
            to: "app/Chart.yaml")
        let stale = try run(["dependency", "build", "app"], in: folder)
        #expect(
            stale.errors.contains("the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml)"))
        let none = try run(["dependency", "list", "part"], in: folder)
        #expect(none.status == 0 && none.output == "WARNING: no dependencies at part/charts\n")
    }

    private func readText(_ path: String) throws -> String { String(decoding: try readFile(path), as: UTF8.self) }

    /// The digest is that of the JSON which Helm makes of the two lists (internal/resolver, HashReq), written down here.
    @Test func theLocksDigestIsOfBothLists() throws {
        let folder = try charts()
        _ = try run(["dependency", "update", "app"], in: folder)
        let lock = try readText("\(folder.path)/app/Chart.lock")
        let json =
            #"[[{"name":"part","version":"\u003e=1","repository":"file://../part"}],[{"name":"part","version":"1.2.3","repository":"file://../part"}]]"#
        let digest = try Command("sha256sum").run(input: json).output.prefix(64)
        #expect(lock.contains("digest: sha256:\(digest)\n"))
    }

    /// The locks that real Helm wrote into public charts fit their lists, and no longer do once they are changed.
    @Test(.needsShared) func locksOfPublicChartsFit() throws {
        let folder = try ScratchFolder()
        let find =
            "for f in $(find \(Machine.shared ?? "")/helm/charts -name '*.tgz'); do "
            + "if tar tzf $f | grep -qE '^[^/]+/Chart.lock$'; then n=$((n+1)); mkdir $n; tar xzf $f -C $n; fi; done; echo $n"
        let count = try #require(Int(try Command("sh", ["-c", find], in: folder.path).run().output.filter(\.isNumber)))
        #expect(count >= 20)
        for number in 1...count {
            let name = try Command("ls", ["\(number)"], in: folder.path).run().output.filter { $0 != "\n" }
            let fits = try run(["dependency", "build", "\(number)/\(name)"], in: folder)
            let isStale = try !lockHasWhatIsPinned("\(number)/\(name)", in: folder)
            #expect(fits.errors.contains("out of sync") == isStale, "\(name): \(fits.errors)")
            let spoil = "s/^digest: sha256:...../digest: sha256:00000/"
            _ = try Command("sed", ["-i", spoil, "\(number)/\(name)/Chart.lock"], in: folder.path).run()
            let stale = try run(["dependency", "build", "\(number)/\(name)"], in: folder)
            #expect(stale.errors.contains("is out of sync"), "\(name): \(stale.errors)")
        }
    }

    /// Some public charts were given other versions after they were locked: those that name one exactly tell it.
    private func lockHasWhatIsPinned(_ chart: String, in folder: ScratchFolder) throws -> Bool {
        let lock = try readText("\(folder.path)/\(chart)/Chart.lock")
        let list = try run(["dependency", "list", chart], in: folder).output
        let versions = list.split(separator: "\n").dropFirst().compactMap { row in
            row.split(separator: "\t").dropFirst().first.map { $0.filter { $0 != " " } }
        }
        let pinned = versions.filter {
            $0.split(separator: ".").count == 3 && $0.allSatisfy { $0.isNumber || $0 == "." }
        }
        return pinned.allSatisfy { lock.contains("version: \($0)\n") }
    }

    // MARK: - Others

    @Test(arguments: [
        ["-n", "space", "template", "one", "part"], ["--namespace=space", "--debug", "template", "one", "part"],
    ])
    func flagsMayStandBeforeTheCommand(_ words: [String]) throws {
        let folder = try charts()
        try folder.write("in: {{ .Release.Namespace }}\n", to: "part/templates/space.yaml")
        let rendered = try run(words, in: folder)
        #expect(rendered.status == 0, "\(rendered.errors)")
        #expect(rendered.output.contains("in: space"))
    }

    @Test func packagesAreTheSameAtTheSameTime() throws {
        let folder = try charts()
        for target in ["one", "two"] {
            let made = try run(
                ["package", "part", "-d", target, "--app-version", "9"], in: folder, ["SOURCE_DATE_EPOCH": "1000"])
            #expect(made.status == 0, "\(made.errors)")
        }
        let same = try Command("cmp", ["one/part-1.2.3.tgz", "two/part-1.2.3.tgz"], in: folder.path).run()
        #expect(same.status == 0, "\(same.output)")
    }

    @Test func aStarterIsFilledIn() throws {
        let folder = try charts()
        try folder.write("name: <CHARTNAME>\n", to: "data/starters/first/values.yaml")
        try folder.write("apiVersion: v2\nname: first\nversion: 9.9.9\n", to: "data/starters/first/Chart.yaml")
        try folder.write("a: <CHARTNAME>\n", to: "data/starters/first/templates/a.yaml")
        let made = try run(
            ["create", "mine", "-p", "first"], in: folder, ["HELM_DATA_HOME": "\(folder.path)/data"])
        #expect(made.status == 0, "\(made.errors)")
        #expect(try run(["template", "x", "mine"], in: folder).output.contains("a: mine"))
        #expect(try readText("\(folder.path)/mine/Chart.yaml").contains("version: 0.1.0"))
    }

    @Test func documentsPassThroughThePostRenderer() throws {
        let folder = try charts()
        try folder.write(
            "apiVersion: v1\ntype: postrenderer/v1\nname: loud\nversion: 1.0.0\nruntime: subprocess\nruntimeConfig:\n"
                + "  platformCommand: [{command: sed, args: ['s/kind: A/kind: B/']}]\n",
            to: "plugins/loud/plugin.yaml")
        let plain = try run(["template", "x", "part"], in: folder).output
        let outcome = try run(
            ["template", "x", "part", "--post-renderer", "loud"], in: folder, ["HELM_PLUGINS": "\(folder.path)/plugins"]
        )
        #expect(outcome.output.contains("kind: B") && outcome.output.contains("# Source: part/templates/a.yaml"))
        #expect(!outcome.output.contains("postrender") && plain.contains("kind: A"), "\(outcome.output)")
    }

    @Test(arguments: [
        ("--max-steps=5", "exceeded the limit of 5 steps"),
        ("--max-output=5", "exceeded the limit of 5 bytes of output"),
        ("--max-time=1ms", "exceeded the time limit"),
    ])
    func limitsEndWhatNeverEnds(flag: String, words: String) throws {
        let folder = try charts()
        try folder.write("{{ range 1000000 }}{{ . }}{{ end }}", to: "part/templates/a.yaml")
        let outcome = try run(["template", "x", "part", flag], in: folder)
        #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.errors.contains("part/templates/a.yaml:1:"))
    }

    /// Go follows such a map until its stack is full, but for `deepEqual`, which knows where it has been.
    @Test(arguments: ["$d", "deepCopy $d", "toYaml $d", "toJson $d", "merge (dict) $d", "deepEqual $d $e"])
    func mapsThatHoldThemselvesHaveAnEnd(_ action: String) throws {
        let folder = try charts()
        let cycles = #"{{ $d := dict }}{{ $_ := set $d "a" $d }}{{ $e := dict }}{{ $_ := set $e "a" $e }}"#
        try folder.write(cycles + "a: {{ \(action) | quote }}", to: "part/templates/a.yaml")
        let outcome = try run(["template", "x", "part"], in: folder)
        #expect(outcome.status == 0 || outcome.errors.hasPrefix("Error: "), "\(outcome.status): \(outcome.errors)")
        if action.hasPrefix("deepEqual") { #expect(outcome.output.contains(#"a: "true""#)) }
    }
}
