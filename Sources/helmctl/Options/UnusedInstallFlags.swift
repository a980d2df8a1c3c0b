import ArgumentParser

/// The flags of an installation that rendering takes, for scripts that pass them everywhere, and has no use for.
struct UnusedInstallFlags: ParsableArguments {
    @Flag(name: .customLong("atomic"), help: .hidden)
    var isAtomic = false

    @Flag(name: .customLong("create-namespace"), help: "create the release namespace if not present")
    var createsNamespace = false

    @Option(name: .customLong("description"), help: "add a custom description")
    var text = ""

    @Flag(name: .customLong("disable-openapi-validation"), help: "do not validate against the OpenAPI schema")
    var skipsValidation = false

    @Flag(name: .customLong("force"), help: .hidden)
    var force = false

    @Flag(name: .customLong("force-conflicts"), help: "if set server-side apply will force changes against conflicts")
    var forcesConflicts = false

    @Flag(name: .customLong("force-replace"), help: "force resource updates by replacement")
    var replacesByForce = false

    @Flag(name: .customLong("hide-notes"), help: .hidden)
    var hidesNotes = false

    @Option(
        name: [.customShort("l"), .customLong("labels")], parsing: .unconditionalSingleValue,
        help: "labels that would be added to release metadata, divided by comma")
    var labels: [String] = []

    @Flag(name: .customLong("replace"), help: "reuse the given name, only if that name is a deleted release")
    var replaces = false

    @Flag(name: .customLong("rollback-on-failure"), help: "if set, Helm will undo the operation upon failure")
    var rollsBack = false

    @Option(name: .customLong("server-side"), help: "object updates run in the server instead of the client")
    var serverSide = "true"

    @Flag(name: .customLong("take-ownership"), help: "ignore the check for helm annotations")
    var takesOwnership = false

    @Flag(
        name: .customLong("wait-for-jobs"),
        help: "if set and --wait enabled, will wait until all Jobs have been completed")
    var waitsForJobs = false

    @OptionGroup var wait: WaitFlags

    /// Says what Helm says of deprecated flags, and refuses what Helm refuses.
    func check() throws {
        if isAtomic { Console.warn("Flag --atomic has been deprecated, use --rollback-on-failure instead\n") }
        if force { Console.warn("Flag --force has been deprecated, use --force-replace instead\n") }
        guard GoFlags.bool(serverSide) != nil else {
            throw CommandFailure(
                "invalid argument \"\(serverSide)\" for \"--server-side\" flag: strconv.ParseBool: "
                    + "parsing \"\(serverSide)\": invalid syntax")
        }
        _ = try wait.wait()
    }
}
