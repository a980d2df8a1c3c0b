import Flags
import Release

/// `helmctl get metadata`: chart, versions and state of a revision.
struct GetMetadataCommand: Command {
    static let description = CommandDescription(
        "metadata RELEASE_NAME", "This command fetches metadata for a given release", arguments: .exactly(1))

    let wanted = RevisionArguments()
    let output = OutputFlags()

    func run() async throws {
        let format = try output.format()
        Console.print(MetadataReport(try await wanted.revision()).text(format))
    }
}
