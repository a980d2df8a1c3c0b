import Flags
import Release

/// `helmctl get hooks`: the hooks of a revision.
struct GetHooksCommand: Command {
    static let description = CommandDescription(
        "hooks RELEASE_NAME", "Download all hooks for a named release", arguments: .exactly(1))

    let wanted = RevisionArguments()

    func run() async throws { Console.print(HooksReport(try await wanted.revision()).text) }
}
