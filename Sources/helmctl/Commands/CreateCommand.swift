import ArgumentParser
import Chart

/// `helmctl create`: writes a new chart for its author to fill.
struct CreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a new chart with the given name.")

    @Argument(help: "The chart's name, with the folder to put it into.")
    var names: [String] = []

    @OptionGroup var connection: ConnectionFlags

    @Option(
        name: [.customShort("p"), .customLong("starter")], help: "the name or absolute path to Helm starter scaffold")
    var starter: String?

    @Option(name: .customLong("chart-api-version"), help: .hidden)
    var version = "v2"

    func run() throws {
        try ArgumentCount.exactly(1, names, "create", "NAME [flags]")
        if version != "v2" { throw CommandFailure("unsupported chart API version: \(version)") }
        let name = names[0]
        Console.print("Creating \(name)\n")
        let parts = name.split(separator: "/", omittingEmptySubsequences: true)
        guard let base = parts.last else { throw CommandFailure("a chart needs a name") }
        let path = (name.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
        let folder = path.isEmpty ? "." : path
        do {
            if let starter {
                let source = starter.hasPrefix("/") ? starter : "\(HelmFolders.starters)/\(starter)"
                return try Starter.create(String(base), in: folder, from: source)
            }
            _ = try Scaffold.create(String(base), in: folder) { path in
                Console.warn("WARNING: File \"\(path)\" already exists. Overwriting.\n")
            }
        } catch {
            throw CommandFailure(error.message)
        }
    }
}
