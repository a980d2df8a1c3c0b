import Flags

/// What install, upgrade and template all take about a release; rendering has no use for it, but scripts pass it
/// everywhere.
struct InstallationFlags {
    @Flag("create-namespace", "create the release namespace if not present")
    var createsNamespace = false

    @Flag("rollback-on-failure", "if set, Helm will undo the operation upon failure")
    var rollsBack = false

    @Flag("atomic", "undo the operation upon failure", .deprecated("use --rollback-on-failure instead"))
    var isAtomic = false

    @Flag("hide-notes", "if set, do not show notes in the output")
    var hidesNotes = false

    @Flag(
        "take-ownership", "if set, ignore the check for helm annotations and take ownership of the existing resources")
    var takesOwnership = false

    @Flag("disable-openapi-validation", "do not validate against the OpenAPI schema")
    var skipsValidation = false

    @Flag("description", "add a custom description")
    var text = ""

    @Flag("labels", short: "l", "labels that would be added to release metadata, divided by comma")
    var labels = StringToString()

    /// The labels by name; the last of a name holds.
    var namedLabels: [String: String] {
        Dictionary(labels.pairs.map { ($0.key, $0.value) }) { _, last in last }
    }
}
