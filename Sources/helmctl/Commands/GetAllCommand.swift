import ArgumentParser
import Release

/// `helmctl get all`: everything that is recorded of a revision.
struct GetAllCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Download all information for a named release.")

    @OptionGroup var wanted: RevisionArguments

    @Option(name: .customLong("template"), help: "go template for formatting the output")
    var template: String?

    func run() async throws {
        if template != nil { throw CommandFailure("--template is not supported yet") }
        var report = StatusReport(try await wanted.revision())
        report.isVerbose = true
        report.showsChart = true
        Console.print(report.text(.table))
    }
}
