import Flags

/// `helmctl help`: the help of any command.
struct HelpCommand: Command {
    static let description = CommandDescription("help [command]", "Help about any command", arguments: .any)

    @Arguments var names: [String]
    let connection = ConnectionFlags()

    func run() throws {
        do {
            Console.print(try Helmctl.program.help(for: names))
        } catch {
            let topic = names.map { "`\($0)`" }.joined(separator: " ")
            throw CommandFailure("unknown help topic [\(topic)]: run 'helmctl --help' for the commands there are")
        }
    }
}
