import Document
import Flags
import Release

/// `helmctl get manifest`: the manifest of a revision.
struct GetManifestCommand: Command {
    static let description = CommandDescription(
        "manifest RELEASE_NAME", "Download the manifest for a named release", arguments: .exactly(1))

    let wanted = RevisionArguments()

    func run() async throws { Console.print(try await wanted.revision().manifest + "\n") }
}
