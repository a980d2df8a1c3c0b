import Chart
import Flags

/// `helmctl create`: writes a new chart for its author to fill.
struct CreateCommand: Command {
    static let description = CommandDescription(
        "create NAME", "Create a new chart with the given name", arguments: .exactly(1))

    @Argument(0) var name: String

    let connection = ConnectionFlags()

    @Flag("starter", short: "p", "the name or absolute path to Helm starter scaffold")
    var starter: String?

    @Flag("chart-api-version", "the version of the chart's format", .hidden)
    var version = "v2"

    func run() throws {
        if version != "v2" { throw CommandFailure("unsupported chart API version: \(version)") }
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
