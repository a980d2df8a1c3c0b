import TestSupport
import Testing

/// The flags of helmctl itself, beside those of Helm.
struct HelmctlTests {
    private typealias Run = TestSupport.Command

    /// Helm's commands that we do not have yet.
    private static let open: Set<String> = [
        "env", "plugin", "pull", "push", "registry", "repo", "search", "verify",
    ]

    /// A command with the flags that its table shows.
    struct Row: CustomStringConvertible {
        let command: [String]
        var words: [String] = []

        var description: String { command.joined(separator: " ") }
    }

    /// The commands of Helm's command line as it was written down, with a value for every flag.
    private static func rows() throws -> [Row] {
        guard let shared = Machine.shared else { return [] }
        let text = String(decoding: try readFile("\(shared)/helm/cli.md"), as: UTF8.self)
        var rows: [Row] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## Global") { rows.append(Row(command: [])) }
            if line.hasPrefix("### helm ") { rows.append(Row(command: Self.command(line.dropFirst(9)))) }
            if line.hasPrefix("| -"), !rows.isEmpty { rows[rows.count - 1].words += Self.flag(line) }
        }
        return rows
    }

    /// `show all|chart VALUES…` is the first of its kind: they share their flags.
    private static func command(_ heading: Substring) -> [String] {
        heading.split(separator: " ").prefix { $0.allSatisfy { $0.isLowercase || $0 == "|" } }
            .compactMap { $0.split(separator: "|").first.map(String.init) }
    }

    /// A flag in each of the ways in which it can be given.
    private static func flag(_ row: Substring) -> [String] {
        let cells = row.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        let names = cells[0].split(separator: ", ").map(String.init)
        let values = [
            "Bool": "true", "Int": "1", "Uint": "1", "Float32": "1", "Duration": "1s", "StringToString": "a=b",
        ]
        let isColor = names.contains("--color") || names.contains("--colour")
        let value = isColor ? "never" : values[cells[1]] ?? "x"
        return names.map { "\($0)=\(value)" } + (cells[1] == "Bool" ? names : [])
    }

    /// Flags are read before help is given, so that nothing runs.
    @Test(.needsShared) func everyFlagOfHelmIsKnown() throws {
        let rows = try Self.rows()
        #expect(rows.count > 30)
        let global = try #require(rows.first { $0.command.isEmpty })
        for row in rows {
            let run = try Run(Machine.helmctl, row.command + row.words + ["--help"]).run()
            if Self.open.contains(row.command.first ?? "") {
                #expect(run.errors.contains("unknown command"), "\(row) is there: it is no longer open")
                continue
            }
            #expect(run.status == 0, "\(row): \(run.errors)")
            let everywhere = try Run(Machine.helmctl, row.command + global.words + ["--help"]).run()
            #expect(everywhere.status == 0, "\(row): \(everywhere.errors)")
        }
    }

    /// Two flags of one name would hide each other.
    @Test(arguments: ["template", "install", "upgrade", "package", "list", "cluster up", "lint", "show values"])
    func noFlagIsThereTwice(command: String) throws {
        let help = try Run(Machine.helmctl, ["help"] + command.split(separator: " ").map(String.init)).run().output
        let words = help.split(separator: "\n").flatMap { line -> [String] in
            let names = line.drop { $0 == " " }.prefix { $0 != " " || line.isEmpty }
            guard line.hasPrefix("  "), names.hasPrefix("-") else { return [] }
            return line.split(separator: " ").prefix(2).filter { $0.hasPrefix("-") }.map { $0.filter { $0 != "," } }
        }
        #expect(words.count > 5 && Set(words).count == words.count, "\(words.sorted())")
    }

    @Test func bashCompletesCommandsAndFlags() throws {
        let folder = try ScratchFolder()
        let script = try Run(Machine.helmctl, ["completion", "bash"]).run()
        try folder.write(script.output, to: "script")
        func completed(_ words: [String]) throws -> String {
            let quoted = ([Machine.helmctl] + words).map { "'\($0)'" }.joined(separator: " ")
            let line =
                ". ./script; COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count); _helmctl; echo \"${COMPREPLY[@]}\""
            return try Run("bash", ["-c", line], in: folder.path).run().output
        }
        #expect(try completed(["templ"]) == "template\n")
        #expect(try completed(["-n", "space", "dep", ""]) == "build list update\n")
        #expect(try completed(["template", "x", "--show"]) == "--show-only\n")
        #expect(try completed(["template", "x", "--kubeconfig", ""]) == "\n")
    }

    @Test func everyShellHasAScript() throws {
        for shell in ["bash", "zsh", "fish", "powershell"] {
            let plain = try Run(Machine.helmctl, ["completion", shell, "--no-descriptions"]).run()
            #expect(plain.status == 0 && plain.output.contains("__completeNoDesc"), "\(plain.errors)")
        }
        #expect(try Run(Machine.helmctl, ["__completeNoDesc", "versi"]).run().output == "version\n:4\n")
    }

    @Test(arguments: [
        (["status", "x", "-o", ""], "json\ntable\nyaml\n:4\n"), (["list", "--output=j"], "--output=json\n:4\n"),
        (["template", "--color", "a"], "always\nauto\n:4\n"), (["lint", "--kube-context", ""], "far\nnear\n:4\n"),
        (["lint", "--kubeconfig", ""], ":0\n"), (["status", ""], ":4\n"), (["lint", "-n", ""], ":4\n"),
    ])
    func valuesOfFlagsAreCompleted(words: [String], answer: String) throws {
        let folder = try ScratchFolder()
        try folder.write(
            "{contexts: [{name: near, context: {cluster: c}}, {name: far, context: {cluster: d}}]}", to: "kubeconfig")
        let asked = Run(
            Machine.helmctl, ["__completeNoDesc"] + words,
            environment: ["KUBECONFIG": "\(folder.path)/kubeconfig"], in: folder.path)
        #expect(try asked.run().output == answer)
    }

    @Test(arguments: [
        ["version", "--color", "pink"], ["create", "x", "--colour=pink"], ["template", "--help", "--color", "pink"],
        ["--color", "pink", "none"],
    ])
    func noCommandTakesAnotherColorMode(_ words: [String]) throws {
        let run = try Run(Machine.helmctl, words).run()
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors == "Error: invalid color mode \"pink\": must be one of: never, auto, always\n")
        #expect(try Run(Machine.helmctl, ["version", "--color", "never", "--colour=always"]).run().status == 0)
    }

    @Test(arguments: [
        ["help", "get", "values"], ["get", "values", "-h"], ["-n", "x", "get", "values", "demo", "--help"],
    ])
    func helpIsOneText(_ words: [String]) throws {
        let help = try Run(Machine.helmctl, words).run()
        #expect(help.status == 0 && help.errors.isEmpty)
        #expect(help.output.hasPrefix("Download the values file for a named release\n\nUsage:\n  helmctl get values "))
        #expect(help.output.contains("\n  -a, --all             dump all (computed) values\n"), "\(help.output)")
        #expect(help.output.contains("\nGlobal Flags:\n"))
    }
}
