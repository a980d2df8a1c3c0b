import Document
import Flags
import Release

/// `helmctl get notes`: the notes of a revision.
struct GetNotesCommand: Command {
    static let description = CommandDescription(
        "notes RELEASE_NAME", "Download the notes for a named release", arguments: .exactly(1))

    let wanted = RevisionArguments()

    func run() async throws {
        let notes = try await wanted.revision().info.notes
        if !notes.isEmpty { Console.print("NOTES:\n" + notes + "\n") }
    }
}
