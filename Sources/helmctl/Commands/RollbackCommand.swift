import Flags
import Release

/// `helmctl rollback`: goes back to an earlier revision of a release.
struct RollbackCommand: Command {
    static let description = CommandDescription(
        "rollback <RELEASE> [REVISION]", "Roll back a release to a previous revision", arguments: .atLeast(1))

    @Arguments var arguments: [String]

    let connection = ConnectionFlags()
    let change = ChangeFlags()
    let revisions = RevisionFlags()

    func run() async throws {
        let name = arguments[0]
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
