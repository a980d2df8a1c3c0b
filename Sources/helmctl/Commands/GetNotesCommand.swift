import ArgumentParser
import Document
import Release

/// `helmctl get notes`: the notes of a revision.
struct GetNotesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes", abstract: "Download the notes for a named release.")

    @OptionGroup var wanted: RevisionArguments

    func run() async throws {
        let notes = try await wanted.revision().info.notes
        if !notes.isEmpty { Console.print("NOTES:\n" + notes + "\n") }
    }
}
