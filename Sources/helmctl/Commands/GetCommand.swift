import ArgumentParser
import Release

/// `helmctl get`: shows what is recorded of a release.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Download extended information of a named release.",
        subcommands: [
            GetAllCommand.self, GetHooksCommand.self, GetManifestCommand.self, GetMetadataCommand.self,
            GetNotesCommand.self, GetValuesCommand.self,
        ])
}

/// Which revision is asked for.
struct RevisionArguments: ParsableArguments {
    @Argument(help: "RELEASE")
    var name: String

    @Option(name: .customLong("revision"), help: "get the named release with revision")
    var number = 0

    @OptionGroup var connection: ConnectionFlags

    func revision() async throws -> Revision { try await connection.actions().revision(name, number) }
}
