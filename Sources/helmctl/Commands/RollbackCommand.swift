import ArgumentParser
import Release

/// `helmctl rollback`: goes back to an earlier revision of a release.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Roll back a release to a previous revision.")

    @Argument(help: "RELEASE [REVISION]")
    var arguments: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var wait: WaitFlags
    @OptionGroup var dryRun: DryRunFlags
    @OptionGroup var revisions: RevisionFlags

    @Flag(name: .customLong("no-hooks"), help: "prevent hooks from running during rollback")
    var skipsHooks = false

    @Flag(name: .customLong("force-replace"), help: "force resource updates by replacement")
    var replacesByForce = false

    @Flag(name: .customLong("force"), help: .hidden)
    var force = false

    @Flag(name: .customLong("force-conflicts"), help: "if set server-side apply will force changes against conflicts")
    var forcesConflicts = false

    @Flag(
        name: .customLong("wait-for-jobs"),
        help: "if set and --wait enabled, will wait until all Jobs have been completed")
    var waitsForJobs = false

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
        rollback.options = try options()
        rollback.serverSide = try revisions.serverSide()
        rollback.cleansUp = revisions.cleansUp
        rollback.maximumHistory = revisions.maximumHistory
        let (ready, actions) = (rollback, try connection.actions())
        try await Interruption.cancelling("Release \(name) has been cancelled.") { try await ready.run(in: actions) }
        Console.print("Rollback was a success! Happy Helming!\n")
    }

    private func options() throws -> OperationOptions {
        if force { Console.warn("Flag --force has been deprecated, use --force-replace instead\n") }
        var options = OperationOptions()
        options.dryRun = try dryRun.dryRun()
        options.forceConflicts = forcesConflicts
        options.forceReplace = replacesByForce || force
        options.skipsHooks = skipsHooks
        options.wait = try wait.wait()
        options.timeout = wait.timeout.duration
        options.waitsForJobs = waitsForJobs
        return options
    }
}
