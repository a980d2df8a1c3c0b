import Flags
import Release

/// `helmctl get`: shows what is recorded of a release.
struct GetCommand: Command {
    static let description = CommandDescription(
        "get", "Download extended information of a named release",
        subcommands: [
            GetAllCommand.self, GetHooksCommand.self, GetManifestCommand.self, GetMetadataCommand.self,
            GetNotesCommand.self, GetValuesCommand.self,
        ])
    let connection = ConnectionFlags()
}

/// Which revision is asked for.
struct RevisionArguments {
    @Argument(0) var name: String

    @Flag("revision", "get the named release with revision")
    var number = 0

    let connection = ConnectionFlags()

    func revision() async throws -> Revision { try await connection.actions().revision(name, number) }
}
