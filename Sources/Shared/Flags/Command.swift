/// A command: a type whose stored properties are its flags, arguments and groups of flags.
public protocol Command: SendableMetatype {
    /// Its names, and what help says of it.
    static var description: CommandDescription { get }

    /// Makes it with its flags; the parser writes their values afterwards.
    init()

    /// Does what the command is for. One that only has commands below it leaves this out, and is answered with its help.
    func run() async throws
}

extension Command {
    /// A command that only has commands below it does nothing by itself.
    public func run() async throws {}
}

/// The names of a command, and what help says of it.
public struct CommandDescription: Sendable {
    /// The word that names it.
    public let name: String
    let operands: String
    let summary: String
    let text: String
    let aliases: [String]
    let count: ArgumentCount
    let isHidden: Bool
    let parsesFlags: Bool
    let subcommands: [any Command.Type]

    /// - Parameters:
    ///   - usage: the name, and how its arguments are written, as `template [NAME] [CHART]`.
    ///   - summary: one line; help of the command above shows it.
    ///   - text: what the command's own help begins with; the summary where it is empty.
    ///   - arguments: how many there may be.
    ///   - parsesFlags: whether flags are looked for; without, all words are arguments.
    public init(
        _ usage: String, _ summary: String, text: String = "", aliases: [String] = [],
        arguments: ArgumentCount = .none, isHidden: Bool = false, parsesFlags: Bool = true,
        subcommands: [any Command.Type] = []
    ) {
        let space = usage.utf8.firstIndex(of: UInt8(ascii: " ")) ?? usage.endIndex
        name = String(usage[..<space])
        operands = String(usage[space...])
        self.summary = summary
        self.text = text
        self.aliases = aliases
        count = arguments
        self.isHidden = isHidden
        self.parsesFlags = parsesFlags
        self.subcommands = subcommands
    }

    func answers(to name: String) -> Bool { self.name == name || aliases.contains(name) }
}

/// How many arguments a command takes.
public enum ArgumentCount: Sendable {
    case any
    case none
    case exactly(Int)
    case atLeast(Int)
    case atMost(Int)
    case between(Int, Int)

    /// What to say of a number that does not fit, in the words of Helm's package require; nil where it fits.
    func refusal(of count: Int) -> String? {
        func plural(_ number: Int) -> String { "\(number) argument\(number == 1 ? "" : "s")" }
        switch self {
        case .none where count > 0: return "accepts no arguments"
        case .exactly(let wanted) where count != wanted: return "requires \(plural(wanted))"
        case .atLeast(let wanted) where count < wanted, .between(let wanted, _) where count < wanted:
            return "requires at least \(plural(wanted))"
        case .atMost(let wanted) where count > wanted, .between(_, let wanted) where count > wanted:
            return "accepts at most \(plural(wanted))"
        default: return nil
        }
    }
}
