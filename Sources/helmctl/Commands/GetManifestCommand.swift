import ArgumentParser
import Document
import Release

/// `helmctl get manifest`: the manifest of a revision.
struct GetManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Download the manifest for a named release.")

    @OptionGroup var wanted: RevisionArguments

    func run() async throws { Console.print(try await wanted.revision().manifest + "\n") }
}
