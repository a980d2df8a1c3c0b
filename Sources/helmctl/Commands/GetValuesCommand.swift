import Flags
import Release

/// `helmctl get values`: the values of a revision.
struct GetValuesCommand: Command {
    static let description = CommandDescription(
        "values RELEASE_NAME", "Download the values file for a named release", arguments: .exactly(1))

    let wanted = RevisionArguments()
    let output = OutputFlags()

    @Flag("all", short: "a", "dump all (computed) values")
    var showsAll = false

    func run() async throws {
        let format = try output.format()
        var report = ValuesReport(try await wanted.revision())
        report.showsAll = showsAll
        Console.print(report.text(format))
    }
}
