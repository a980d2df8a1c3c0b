import Flags

/// A small program: a root with a flag of all, a command with one of each kind, and a group.
struct SampleProgram: Flags.Command {
    static let description = CommandDescription(
        "sample", "A sample", text: "A sample of a program.",
        subcommands: [MakeCommand.self, GroupCommand.self, SecretCommand.self])
    let common = CommonFlags()

    static var program: Program {
        Program(SampleProgram.self, faultName: "sample") { left, right in
            abs(left.count - right.count) + zip(left, right).filter { $0 != $1 }.count
        }
    }
}

struct CommonFlags {
    @Flag("space", short: "n", "where it happens") var space: String?
    @Flag("debug", "tell more") var debug = false
}

struct MakeCommand: Flags.Command {
    static let description = CommandDescription(
        "make NAME [PART]", "Make a thing", aliases: ["mk", "build"], arguments: .between(1, 2))
    let common = CommonFlags()

    @Arguments var names: [String]
    @Argument(1) var part: String
    @Flag("quiet", short: "q", "say nothing") var quiet = false
    @Flag("count", short: "c", "how many") var count = 1
    @Flag("size", "how large") var size: UInt = 0
    @Flag("rate", "how fast") var rate: Double?
    @Flag("set", "set a value") var sets: [String] = []
    @Flag("files", short: "f", "files to read") var files = StringSlice()
    @Flag("labels", short: "l", "labels to put on it") var labels = StringToString()
    @Flag("wait", "what to wait for", kind: "Wait", bare: "all") var wait = "none"
    @Flag("mode", "how to do it", bare: "plain") var mode = "full"
    @Flag("old", "an old way", .deprecated("use --mode instead")) var old = false
    @Flag("inner", "for us alone", .hidden) var inner = ""
}

struct GroupCommand: Flags.Command {
    static let description = CommandDescription("group", "Hold further commands", subcommands: [LeafCommand.self])
    let common = CommonFlags()
}

struct LeafCommand: Flags.Command {
    static let description = CommandDescription("leaf", "Do nothing")
    let common = CommonFlags()
}

struct SecretCommand: Flags.Command {
    static let description = CommandDescription(
        "secret", "Echo words", arguments: .any, isHidden: true, parsesFlags: false)
    @Arguments var words: [String]
}
