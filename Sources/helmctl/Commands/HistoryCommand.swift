import Flags
import Release

/// `helmctl history`: shows the revisions of a release.
struct HistoryCommand: Command {
    static let description = CommandDescription(
        "history RELEASE_NAME", "Fetch release history", aliases: ["hist"], arguments: .exactly(1))

    @Argument(0) var name: String

    let connection = ConnectionFlags()
    let output = OutputFlags()

    @Flag("max", "maximum number of revision to include in history")
    var maximum = 256

    func run() async throws {
        let format = try output.format()
        let revisions = try await connection.actions().history(name, maximum: maximum)
        Console.print(HistoryReport(revisions).text(format))
    }
}
