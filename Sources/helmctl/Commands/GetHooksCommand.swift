import ArgumentParser
import Release

/// `helmctl get hooks`: the hooks of a revision.
struct GetHooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hooks", abstract: "Download all hooks for a named release.")

    @OptionGroup var wanted: RevisionArguments

    func run() async throws { Console.print(HooksReport(try await wanted.revision()).text) }
}
