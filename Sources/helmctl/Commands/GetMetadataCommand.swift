import ArgumentParser
import Release

/// `helmctl get metadata`: chart, versions and state of a revision.
struct GetMetadataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metadata", abstract: "This command fetches metadata for a given release.")

    @OptionGroup var wanted: RevisionArguments
    @OptionGroup var output: OutputFlags

    func run() async throws {
        let format = try output.format()
        Console.print(MetadataReport(try await wanted.revision()).text(format))
    }
}
