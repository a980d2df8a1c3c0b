import Flags
import Release

/// `helmctl get all`: everything that is recorded of a revision.
struct GetAllCommand: Command {
    static let description = CommandDescription(
        "all RELEASE_NAME", "Download all information for a named release", arguments: .exactly(1))

    let wanted = RevisionArguments()

    @Flag("template", "go template for formatting the output")
    var template: String?

    func run() async throws {
        if template != nil { throw CommandFailure("--template is not supported yet") }
        var report = StatusReport(try await wanted.revision())
        report.isVerbose = true
        report.showsChart = true
        Console.print(report.text(.table))
    }
}
