import ArgumentParser
import Chart

/// `helmctl create`: writes a new chart for its author to fill.
struct CreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a new chart with the given name.")

    @Argument(help: "The chart's name, with the folder to put it into.")
    var name: String

    @Option(
        name: [.customShort("p"), .customLong("starter")], help: "the name or absolute path to Helm starter scaffold")
    var starter: String?

    func run() throws {
        if starter != nil { throw CommandFailure("--starter is not supported yet") }
        Console.print("Creating \(name)\n")
        let parts = name.split(separator: "/", omittingEmptySubsequences: true)
        guard let base = parts.last else { throw CommandFailure("a chart needs a name") }
        let folder = (name.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
        do {
            _ = try Scaffold.create(String(base), in: folder.isEmpty ? "." : folder) { path in
                Console.warn("WARNING: File \"\(path)\" already exists. Overwriting.\n")
            }
        } catch {
            throw CommandFailure(error.message)
        }
    }
}
