import Flags
import Testing

/// Words of a command line, and what a command then has, as pflag and cobra take them.
struct ParsingTests {
    /// What a command line came to: the command's values, or the words of the fault.
    private func outcome(_ line: [String]) -> String {
        do {
            guard case .command(let command, let warnings) = try SampleProgram.program.invocation(line) else {
                return "help"
            }
            if let secret = command as? SecretCommand { return secret.words.joined(separator: "|") }
            guard let made = command as? MakeCommand else { return "other" }
            return warnings.joined() + text(made)
        } catch {
            return "\(error)"
        }
    }

    /// What differs from the flags' own values.
    private func text(_ made: MakeCommand) -> String {
        var text = made.names.joined(separator: "|")
        if let space = made.common.space { text += " space=\(space)" }
        if made.common.debug { text += " debug" }
        if made.quiet { text += " quiet" }
        if made.count != 1 { text += " count=\(made.count)" }
        if made.size != 0 { text += " size=\(made.size)" }
        if let rate = made.rate { text += " rate=\(rate)" }
        if !made.sets.isEmpty { text += " sets=\(made.sets.joined(separator: "|"))" }
        if !made.files.items.isEmpty { text += " files=\(made.files.items.joined(separator: "|"))" }
        for pair in made.labels.pairs { text += " \(pair.key):\(pair.value)" }
        if made.wait != "none" { text += " wait=\(made.wait)" }
        if made.mode != "full" { text += " mode=\(made.mode)" }
        if made.old { text += " old" }
        return made.inner.isEmpty ? text : text + " inner=\(made.inner)"
    }

    @Test(arguments: [
        ("make a", "a"), ("mk a b", "a|b"), ("build a", "a"),
        ("make a --count 3", "a count=3"), ("make a --count=3", "a count=3"), ("make --count 3 a", "a count=3"),
        ("make a -c 3", "a count=3"), ("make a -c3", "a count=3"), ("make a -c=3", "a count=3"),
        ("make a -qc3", "a quiet count=3"), ("make a -qc 3", "a quiet count=3"), ("make a -qn=x", "a space=x quiet"),
        ("make a -n=", "a space=="),
        ("make a --quiet=false", "a"), ("make a --quiet=T", "a quiet"), ("make a -q=0", "a"),
        ("make a --quiet b", "a|b quiet"),
        ("make a -- --quiet", "a|--quiet"), ("make a -", "a|-"), ("make -- a", "a"),
        ("make a --set x=1,y --set -z", "a sets=x=1,y|-z"),
        ("make a --count 0x1F --size 0b11", "a count=31 size=3"), ("make a --count -7", "a count=-7"),
        ("make a --count 017", "a count=15"), ("make a --count 1_000", "a count=1000"),
        ("make a --rate 2.5", "a rate=2.5"),
        ("make a -f x,y -f z", "a files=x|y|z"), ("make a -f \"x,1\",y", "a files=x,1|y"),
        ("make a -f x,,y", "a files=x||y"),
        ("make a -f \"a\"\"b\"", "a files=a\"b"),
        ("make a -l k=v,w -l a=b,c=d=e", "a k:v,w a:b c:d=e"),
        ("make a --wait", "a wait=all"), ("make a --wait b", "a|b wait=all"), ("make a --wait=some", "a wait=some"),
        ("make a --mode", "a mode=plain"),
        ("make a --inner x", "a inner=x"),
        ("make a --old", "Flag --old has been deprecated, use --mode instead\na old"),
        ("-n s make a", "a space=s"), ("--debug --space=s make a", "a space=s debug"),
        ("--count 3 make a", "a count=3"),
        ("secret make --x -h", "make|--x|-h"),
        ("", "help"), ("-h", "help"), ("group", "help"), ("group -h", "help"), ("make --help", "help"),
        ("make a -qh", "help"),
        ("-n make", "help"),
    ])
    func isTaken(line: String, as expected: String) {
        #expect(outcome(line.split(separator: " ").map(String.init)) == expected)
    }

    @Test(arguments: [
        ("make a --nope", "unknown flag: --nope"), ("make a --nope=1", "unknown flag: --nope"),
        ("make --help --nope", "unknown flag: --nope"), ("--nope", "unknown flag: --nope"),
        ("--quiet=1 make a --nope", "unknown flag: --nope"),
        ("make a -x", "unknown shorthand flag: 'x' in -x"), ("make a -qxyz", "unknown shorthand flag: 'x' in -xyz"),
        ("make a --count", "flag needs an argument: --count"), ("make a -c", "flag needs an argument: 'c' in -c"),
        ("make a -qc", "flag needs an argument: 'c' in -c"),
        ("make a --=x", "bad flag syntax: --=x"), ("make a ---x", "bad flag syntax: ---x"),
        (
            "make a --count soon",
            "invalid argument \"soon\" for \"-c, --count\" flag: strconv.ParseInt: parsing \"soon\": invalid syntax"
        ),
        (
            "make a --count 9223372036854775808",
            "invalid argument \"9223372036854775808\" for \"-c, --count\" flag: strconv.ParseInt: parsing "
                + "\"9223372036854775808\": value out of range"
        ),
        (
            "make a --count 1__0",
            "invalid argument \"1__0\" for \"-c, --count\" flag: strconv.ParseInt: parsing \"1__0\": invalid syntax"
        ),
        (
            "make a --size -1",
            "invalid argument \"-1\" for \"--size\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax"
        ),
        (
            "make a --rate x",
            "invalid argument \"x\" for \"--rate\" flag: strconv.ParseFloat: parsing \"x\": invalid syntax"
        ),
        (
            "make a --quiet=maybe",
            "invalid argument \"maybe\" for \"-q, --quiet\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"
        ),
        (
            "make a -f x\"y",
            "invalid argument \"x\\\"y\" for \"-f, --files\" flag: parse error on line 1, column 2: "
                + "bare \" in non-quoted-field"
        ),
        ("make a -l x", "invalid argument \"x\" for \"-l, --labels\" flag: x must be formatted as key=value"),
        ("make", "\"sample make\" requires at least 1 argument\n\nUsage:  sample make NAME [PART] [flags]"),
        ("make a b c", "\"sample make\" accepts at most 2 arguments\n\nUsage:  sample make NAME [PART] [flags]"),
        ("group leaf x", "\"sample group leaf\" accepts no arguments\n\nUsage:  sample group leaf [flags]"),
        (
            "mkae",
            "unknown command \"mkae\" for \"sample\"\n\nDid you mean this?\n\tmake\n\nRun 'sample --help' for usage."
        ),
        (
            "group le",
            "unknown command \"le\" for \"sample group\"\n\nDid you mean this?\n\tleaf\n\n"
                + "Run 'sample group --help' for usage."
        ),
        ("zzzzzzzzz", "unknown command \"zzzzzzzzz\" for \"sample\"\nRun 'sample --help' for usage."),
        ("secre", "unknown command \"secre\" for \"sample\"\nRun 'sample --help' for usage."),
    ])
    func isRefused(line: String, with words: String) {
        #expect(outcome(line.split(separator: " ").map(String.init)) == words)
    }

    /// Each command has flags of its own, also of the same type.
    @Test func commandsDoNotShareValues() throws {
        #expect(outcome(["make", "a", "-q"]) == "a quiet")
        #expect(outcome(["make", "a"]) == "a")
        #expect(MakeCommand().count == 1 && MakeCommand().names.isEmpty && MakeCommand().part.isEmpty)
    }
}
