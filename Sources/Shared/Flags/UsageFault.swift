/// What is wrong with a command line. Its words are pflag's, cobra's and Helm's.
public enum UsageFault: Error, CustomStringConvertible {
    case unknownFlag(String)
    /// The letter, and the group from it on.
    case unknownShorthand(Unicode.Scalar, String)
    case missingValue(String)
    case missingShorthandValue(Unicode.Scalar, String)
    case badSyntax(String)
    /// The value, the flag's names, and why it is none.
    case invalidValue(String, String, String)
    /// A name, the commands before it, and known names like it.
    case unknownCommand(String, of: String, near: [String])
    /// A command, what it takes, and its usage line.
    case argumentCount(String, String, String)

    public var description: String {
        switch self {
        case .unknownFlag(let name): "unknown flag: --\(name)"
        case .unknownShorthand(let letter, let group): "unknown shorthand flag: '\(letter)' in -\(group)"
        case .missingValue(let name): "flag needs an argument: --\(name)"
        case .missingShorthandValue(let letter, let group): "flag needs an argument: '\(letter)' in -\(group)"
        case .badSyntax(let word): "bad flag syntax: \(word)"
        case .invalidValue(let value, let title, let reason):
            "invalid argument \(GoNumber.quoted(value)) for \"\(title)\" flag: \(reason)"
        case .unknownCommand(let name, let path, let near):
            "unknown command \(GoNumber.quoted(name)) for \"\(path)\"\(Self.suggestion(near))\n"
                + "Run '\(path) --help' for usage."
        case .argumentCount(let path, let wanted, let usage): "\"\(path)\" \(wanted)\n\nUsage:  \(usage)"
        }
    }

    private static func suggestion(_ near: [String]) -> String {
        near.isEmpty ? "" : "\n\nDid you mean this?\n" + near.map { "\t\($0)\n" }.joined()
    }
}
