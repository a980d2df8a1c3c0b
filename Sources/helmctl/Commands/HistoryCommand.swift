import ArgumentParser
import Release

/// `helmctl history`: shows the revisions of a release.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Fetch release history.", aliases: ["hist"])

    @Argument(help: "RELEASE")
    var name: String

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var output: OutputFlags

    @Option(name: .customLong("max"), help: "maximum number of revision to include in history")
    var maximum = 256

    func run() async throws {
        let format = try output.format()
        let revisions = try await connection.actions().history(name, maximum: maximum)
        Console.print(HistoryReport(revisions).text(format))
    }
}
