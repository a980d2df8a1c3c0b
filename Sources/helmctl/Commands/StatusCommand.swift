import Flags
import Release

/// `helmctl status`: shows a revision of a release and its live objects.
struct StatusCommand: Command {
    static let description = CommandDescription(
        "status RELEASE_NAME", "Display the status of the named release", arguments: .exactly(1))

    @Argument(0) var name: String

    let connection = ConnectionFlags()
    let output = OutputFlags()

    @Flag("revision", "if set, display the status of the named release with revision")
    var number = 0

    func run() async throws {
        let format = try output.format()
        let coloring = try connection.coloring()
        var revision = try await connection.actions().status(name, number, asTables: format == .table)
        revision.chart = nil
        var report = StatusReport(revision)
        report.coloring = coloring
        Console.print(report.text(format))
    }
}
