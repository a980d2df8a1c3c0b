import Flags
import Release

/// What install, upgrade and rollback have in common: how the cluster is changed, and what is waited for.
struct ChangeFlags {
    let force = ForceFlags()
    let dryRun = DryRunFlags()

    @Flag("no-hooks", "prevent hooks from running")
    var skipsHooks = false

    /// The options for an action.
    func options() throws -> OperationOptions {
        let replaces = force.replacesByForce || force.force
        if replaces, force.forcesConflicts {
            let other = force.replacesByForce ? "force-replace" : "force"
            throw CommandFailure(
                "if any flags in the group [\(other) force-conflicts] are set none of the others can be; "
                    + "[\([other, "force-conflicts"].sorted().joined(separator: " "))] were all set")
        }
        var options = OperationOptions()
        options.dryRun = try dryRun.dryRun()
        options.forceConflicts = force.forcesConflicts
        options.forceReplace = replaces
        options.skipsHooks = skipsHooks
        options.wait = try force.wait.wait()
        options.timeout = force.wait.timeout
        options.waitsForJobs = force.waitsForJobs
        return options
    }
}
