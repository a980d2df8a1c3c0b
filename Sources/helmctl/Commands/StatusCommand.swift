import ArgumentParser
import Release

/// `helmctl status`: shows a revision of a release and its live objects.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Display the status of the named release.")

    @Argument(help: "RELEASE")
    var name: String

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var output: OutputFlags

    @Option(name: .customLong("revision"), help: "if set, display the status of the named release with revision")
    var number = 0

    func run() async throws {
        let format = try output.format()
        var revision = try await connection.actions().status(name, number, asTables: format == .table)
        revision.chart = nil
        Console.print(StatusReport(revision).text(format))
    }
}
