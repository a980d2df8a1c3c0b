import ArgumentParser
import Document
import Template

/// What is wrong with a command line, in cobra's words.
///
/// The parser tells that something is wrong, not what; the arguments are then looked at once more, beside the parser's
/// own description of the commands.
struct UsageFault {
    private var command: Value
    private var path = ["helm"]
    private var positionals: [String] = []

    private init(_ root: Value) { command = root }

    /// The words for a wrong command line; nil where nothing is known of it.
    static func words(_ arguments: [String], help: String) -> String? {
        guard let root = try? JSON.parse(Text(help))["command"] else { return nil }
        var fault = UsageFault(root)
        return fault.find(arguments)
    }

    private mutating func find(_ arguments: [String]) -> String? {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                positionals += rest
                break
            }
            if argument.hasPrefix("--") {
                if let words = long(argument, &rest) { return words }
            } else if argument.hasPrefix("-"), argument != "-" {
                if let words = short(argument, &rest) { return words }
            } else if let commands = command["subcommands"]?.array, !commands.isEmpty {
                guard let next = commands.first(where: { UsageFault.names(of: $0).contains(argument) }) else {
                    return unknown(argument, commands)
                }
                command = next
                path.append(next["commandName"]?.string ?? argument)
            } else {
                positionals.append(argument)
            }
        }
        return count()
    }

    // MARK: - Commands and arguments

    private static func names(of command: Value) -> [String] {
        [command["commandName"]?.string ?? ""] + (command["aliases"]?.array ?? []).compactMap(\.string)
    }

    private var line: String { path.joined(separator: " ") }

    private func unknown(_ name: String, _ commands: [Value]) -> String {
        var words = "unknown command \(GoQuote.quote(Text(name)).string) for \"\(line)\""
        let all = commands.compactMap { $0["commandName"]?.string }
        let wanted = Array(name.lowercased().utf8)
        let near = all.filter {
            EditDistance.between(wanted, Array($0.lowercased().utf8)) <= 2 || $0.hasPrefix(name.lowercased())
        }
        if !near.isEmpty { words += "\n\nDid you mean this?\n" + near.map { "\t\($0)\n" }.joined() }
        return words + "\nRun '\(line) --help' for usage."
    }

    /// Too many arguments, or too few.
    private func count() -> String? {
        let wanted = (command["arguments"]?.array ?? []).filter { $0["kind"]?.string == "positional" }
        if wanted.contains(where: { $0["isRepeating"]?.bool == true }) { return nil }
        if positionals.count == wanted.count { return nil }
        let number = wanted.count
        let words = number == 0 ? "accepts no arguments" : "requires \(number) argument\(number == 1 ? "" : "s")"
        let names = wanted.compactMap { $0["valueName"]?.string?.uppercased() } + ["[flags]"]
        return "\"\(line)\" \(words)\n\nUsage:  \(line) \(names.joined(separator: " "))"
    }

    // MARK: - Flags

    private func flag(_ kind: String, _ name: String) -> Value? {
        (command["arguments"]?.array ?? []).first { argument in
            (argument["names"]?.array ?? []).contains { $0["kind"]?.string == kind && $0["name"]?.string == name }
        }
    }

    private func long(_ argument: String, _ rest: inout ArraySlice<String>) -> String? {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let flag = flag("long", name) else { return "unknown flag: --\(name)" }
        guard flag["kind"]?.string == "option" else { return nil }
        if parts.count > 1 { return fault(of: String(parts[1]), name) }
        guard let value = rest.popFirst() else { return "flag needs an argument: --\(name)" }
        return fault(of: value, name)
    }

    private func short(_ argument: String, _ rest: inout ArraySlice<String>) -> String? {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            guard let flag = flag("short", String(letter)) else {
                return "unknown shorthand flag: '\(letter)' in \(argument)"
            }
            guard flag["kind"]?.string == "option" else { continue }
            if letters.isEmpty, rest.popFirst() == nil { return "flag needs an argument: '\(letter)' in \(argument)" }
            return nil
        }
        return nil
    }

    /// What Go's strconv says of a value that is none of the flag's type.
    private func fault(of value: String, _ name: String) -> String? {
        let quoted = GoQuote.quote(Text(value)).string
        let reason: String
        switch name {
        case "timeout", "max-time":
            if GoDuration(argument: value) != nil { return nil }
            reason = "time: invalid duration \(quoted)"
        case "revision", "max", "history-max", "burst-limit", "offset":
            if Int(value) != nil { return nil }
            reason = "strconv.ParseInt: parsing \(quoted): invalid syntax"
        case "max-col-width":
            if UInt(value) != nil { return nil }
            reason = "strconv.ParseUint: parsing \(quoted): invalid syntax"
        case "qps":
            if Double(value) != nil { return nil }
            reason = "strconv.ParseFloat: parsing \(quoted): invalid syntax"
        default: return nil
        }
        return "invalid argument \(quoted) for \"--\(name)\" flag: \(reason)"
    }
}
