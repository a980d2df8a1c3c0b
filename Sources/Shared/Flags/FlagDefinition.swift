/// How a flag stands with its users.
public enum FlagStanding: Sendable {
    case shown
    /// It works, and help is silent of it.
    case hidden
    /// As hidden; whoever gives it is told what to do instead.
    case deprecated(String)
}

/// What the parser and help know of a flag.
struct FlagDefinition: Sendable {
    let name: String
    let short: String
    let usage: String
    let kind: String
    let bare: String?
    let standing: FlagStanding
    let shownDefault: String
    /// Gives it a value from the command line.
    let take: @Sendable (String) throws(InvalidFlagValue) -> Void

    var isShown: Bool { if case .shown = standing { true } else { false } }

    /// Its names as pflag's errors have them.
    var title: String { short.isEmpty ? "--\(name)" : "-\(short), --\(name)" }
}
