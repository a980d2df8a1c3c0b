import Flags

/// The flags of an installation that rendering takes, for scripts that pass them everywhere, and has no use for.
struct UnusedInstallFlags {
    @Flag("atomic", "undo the operation upon failure", .deprecated("use --rollback-on-failure instead"))
    var isAtomic = false

    @Flag("create-namespace", "create the release namespace if not present")
    var createsNamespace = false

    @Flag("description", "add a custom description")
    var text = ""

    @Flag("disable-openapi-validation", "do not validate against the OpenAPI schema")
    var skipsValidation = false

    @Flag("force", "force resource updates by replacement", .deprecated("use --force-replace instead"))
    var force = false

    @Flag("force-conflicts", "if set server-side apply will force changes against conflicts")
    var forcesConflicts = false

    @Flag("force-replace", "force resource updates by replacement")
    var replacesByForce = false

    @Flag("hide-notes", "if set, do not show notes in the output", .hidden)
    var hidesNotes = false

    @Flag("labels", short: "l", "labels that would be added to release metadata, divided by comma")
    var labels = StringToString()

    @Flag("replace", "reuse the given name, only if that name is a deleted release")
    var replaces = false

    @Flag("rollback-on-failure", "if set, Helm will undo the operation upon failure")
    var rollsBack = false

    @Flag("server-side", "object updates run in the server instead of the client")
    var isServerSide = true

    @Flag("take-ownership", "ignore the check for helm annotations")
    var takesOwnership = false

    @Flag("wait-for-jobs", "if set and --wait enabled, will wait until all Jobs have been completed")
    var waitsForJobs = false

    let wait = WaitFlags()
}
