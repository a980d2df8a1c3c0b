import Flags

/// How much an update may overrule, and what is waited for.
struct ForceFlags {
    let wait = WaitFlags()

    @Flag("force-replace", "force resource updates by replacement")
    var replacesByForce = false

    @Flag("force", "force resource updates by replacement", .deprecated("use --force-replace instead"))
    var force = false

    @Flag("force-conflicts", "if set server-side apply will force changes against conflicts")
    var forcesConflicts = false

    @Flag("wait-for-jobs", "if set and --wait enabled, will wait until all Jobs have been completed")
    var waitsForJobs = false
}
