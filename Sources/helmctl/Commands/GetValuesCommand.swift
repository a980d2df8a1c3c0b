import ArgumentParser
import Release

/// `helmctl get values`: the values of a revision.
struct GetValuesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "values", abstract: "Download the values file for a named release.")

    @OptionGroup var wanted: RevisionArguments
    @OptionGroup var output: OutputFlags

    @Flag(name: [.customShort("a"), .customLong("all")], help: "dump all (computed) values")
    var showsAll = false

    func run() async throws {
        let format = try output.format()
        var report = ValuesReport(try await wanted.revision())
        report.showsAll = showsAll
        Console.print(report.text(format))
    }
}
