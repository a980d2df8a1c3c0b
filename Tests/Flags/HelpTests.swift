import Flags
import TestSupport
import Testing

/// Help as cobra lays it out, and completion as it answers shells.
struct HelpTests {
    @Test func aCommandIsExplained() throws {
        #expect(
            try SampleProgram.program.help(for: ["make"]) == """
                Make a thing

                Usage:
                  sample make NAME [PART] [flags]

                Aliases:
                  make, mk, build

                Flags:
                  -c, --count int               how many (default 1)
                  -f, --files strings           files to read
                  -h, --help                    help for make
                  -l, --labels stringToString   labels to put on it
                      --mode string[="plain"]   how to do it (default "full")
                  -q, --quiet                   say nothing
                      --rate float              how fast
                      --set stringArray         set a value
                      --size uint               how large
                      --wait Wait[=all]         what to wait for (default none)

                Global Flags:
                      --debug          tell more
                  -n, --space string   where it happens

                """)
    }

    @Test func theProgramIsExplained() throws {
        let expected = """
            A sample of a program.

            Usage:
              sample [command]

            Available Commands:
              group       Hold further commands
              make        Make a thing

            Flags:
                  --debug          tell more
              -h, --help           help for sample
              -n, --space string   where it happens

            Use "sample [command] --help" for more information about a command.

            """
        #expect(try SampleProgram.program.help(for: []) == expected)
        guard case .help(let text) = try SampleProgram.program.invocation(["--help"]) else {
            Issue.record("no help")
            return
        }
        #expect(text == expected)
    }

    @Test func whatIsNotThereIsNotExplained() {
        #expect(throws: UsageFault.self) { try SampleProgram.program.help(for: ["none"]) }
    }

    @Test(arguments: [
        ([""], "group\tHold further commands\nmake\tMake a thing\n:4\n"),
        (["m"], "make\tMake a thing\n:4\n"), (["none", ""], ":4\n"), (["group", ""], "leaf\tDo nothing\n:4\n"),
        (["make", ""], ":0\n"), (["mk", "--co"], "--count\thow many\n:4\n"), (["make", "--inn"], ":0\n"),
        (["make", "--set", ""], ":0\n"), (["make", "-c", ""], ":0\n"), (["make", "--", "--co"], ":0\n"),
        (["make", "--count=x", "--si"], "--size\thow large\n:4\n"), (["-n", "x", "ma"], "make\tMake a thing\n:4\n"),
        (["--deb"], "--debug\ttell more\n:4\n"),
        (
            ["group", "leaf", "-"],
            "--debug\ttell more\n--help\thelp for leaf\n--space\twhere it happens\n-h\thelp for leaf\n-n\twhere it happens\n:4\n"
        ),
    ])
    func whatMayStandThereIsTold(words: [String], answer: String) {
        #expect(SampleProgram.program.completions(words) == answer)
    }

    @Test(arguments: [
        (["make", "--set", "x"], Program.Wanted.value(of: "set")), (["make", "-c", ""], .value(of: "count")),
        (["make", "--count="], .value(of: "count")), (["make", ""], .argument(of: ["make"], 0)),
        (["make", "one", "--count", "2", "t"], .argument(of: ["make"], 1)), (["group", ""], nil),
        (["make", "--c"], nil), (["make", "--", "--c"], .argument(of: ["make"], 0)), (["none", ""], nil),
    ])
    func whatIsWantedIsTold(words: [String], wanted: Program.Wanted?) {
        #expect(SampleProgram.program.wanted(words) == wanted)
    }

    @Test(arguments: [
        (["make", "--set", "o"], "one\tfirst\n:4\n"), (["make", "--set=t"], "--set=two\n:4\n"),
        (["make", ""], "one\tfirst\ntwo\n:4\n"),
    ])
    func whatIsKnownOfItIsOffered(words: [String], answer: String) {
        let known = [Program.Candidate("two"), Program.Candidate("one", "first")]
        #expect(SampleProgram.program.completions(words, known: known) == answer)
    }

    @Test func wordsMayGoWithoutTheirMeaning() {
        #expect(SampleProgram.program.completions(["m"], areDescribed: false) == "make\n:4\n")
    }

    /// The script is run by bash itself, with a program that tells what it was asked.
    @Test func bashAsksTheProgram() throws {
        let folder = try ScratchFolder()
        try folder.write(CompletionShell.bash.script("sample", command: "__complete"), to: "script")
        try folder.write("#!/bin/sh\necho \"$*\" >&3\nprintf 'one\\tfirst\\ntwo words\\n:4\\n'\n", to: "sample")
        let line =
            "chmod +x sample; . ./script; COMP_WORDS=(./sample a 'b c' ''); COMP_CWORD=3; exec 3>&1; _sample; "
            + "printf '%s|' \"${COMPREPLY[@]}\"; complete -p sample"
        let outcome = try TestSupport.Command("bash", ["-c", line], in: folder.path).run()
        #expect(outcome.output == "__complete a b c \none|two words|complete -F _sample sample\n", "\(outcome.errors)")
    }

    @Test(arguments: [CompletionShell.zsh, .fish, .powershell]) func othersAskItToo(shell: CompletionShell) {
        let script = shell.script("sample", command: "__complete")
        #expect(script.contains("__complete") && script.contains("sample") && !script.contains("program"))
    }
}
