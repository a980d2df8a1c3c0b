import Flags
import Release

/// What install, upgrade and rollback have in common: how the cluster is changed, and what is waited for.
struct ChangeFlags {
    let wait = WaitFlags()
    let dryRun = DryRunFlags()

    @Flag("no-hooks", "prevent hooks from running")
    var skipsHooks = false

    @Flag("force-replace", "force resource updates by replacement")
    var replacesByForce = false

    @Flag("force", "force resource updates by replacement", .deprecated("use --force-replace instead"))
    var force = false

    @Flag("force-conflicts", "if set server-side apply will force changes against conflicts")
    var forcesConflicts = false

    @Flag("wait-for-jobs", "if set and --wait enabled, will wait until all Jobs have been completed")
    var waitsForJobs = false

    /// The options for an action.
    func options() throws -> OperationOptions {
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
        options.timeout = wait.timeout
        options.waitsForJobs = waitsForJobs
        return options
    }
}
