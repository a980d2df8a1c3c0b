import ArgumentParser
import Release

/// What install, upgrade and rollback have in common: how the cluster is changed, and what is waited for.
struct ChangeFlags: ParsableArguments {
    @OptionGroup var wait: WaitFlags
    @OptionGroup var dryRun: DryRunFlags

    @Flag(name: .customLong("no-hooks"), help: "prevent hooks from running")
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

    /// The options for an action; flags that Helm calls deprecated say so.
    func options() throws -> OperationOptions {
        if force { Console.warn("Flag --force has been deprecated, use --force-replace instead\n") }
        if replacesByForce || force, forcesConflicts {
            let other = replacesByForce ? "force-replace" : "force"
            throw CommandFailure(
                "if any flags in the group [\(other) force-conflicts] are set none of the others can be; "
                    + "[\([other, "force-conflicts"].sorted().joined(separator: " "))] were all set")
        }
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
