import ArgumentParser
import Release

/// `helmctl rollback`: goes back to an earlier revision of a release.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Roll back a release to a previous revision.")

    @Argument(help: "RELEASE [REVISION]")
    var arguments: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var change: ChangeFlags
    @OptionGroup var revisions: RevisionFlags

    func run() async throws {
        guard let name = arguments.first else {
            throw CommandFailure(
                "\"helmctl rollback\" requires at least 1 argument\n\n"
                    + "Usage:  helmctl rollback <RELEASE> [REVISION] [flags]")
        }
        var rollback = Rollback(name: name)
        if arguments.count > 1 {
            guard let number = Int(arguments[1]) else {
                throw CommandFailure(
                    "could not convert revision to a number: strconv.Atoi: parsing \"\(arguments[1])\": invalid syntax")
            }
            rollback.number = number
        }
        rollback.options = try change.options()
        rollback.serverSide = try revisions.serverSide()
        rollback.cleansUp = revisions.cleansUp
        rollback.maximumHistory = revisions.maximumHistory
        let (ready, actions) = (rollback, try connection.actions())
        try await Interruption.cancelling("Release \(name) has been cancelled.") { try await ready.run(in: actions) }
        Console.print("Rollback was a success! Happy Helming!\n")
    }
}
