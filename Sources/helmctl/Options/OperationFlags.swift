import ArgumentParser
import Release

/// What install and upgrade have in common beside chart and values.
struct OperationFlags: ParsableArguments {
    @OptionGroup var change: ChangeFlags
    @OptionGroup var output: OutputFlags

    @Flag(name: .customLong("create-namespace"), help: "create the release namespace if not present")
    var createsNamespace = false

    @Flag(name: .customLong("rollback-on-failure"), help: "if set, Helm will undo the operation upon failure")
    var rollsBack = false

    @Flag(name: .customLong("atomic"), help: .hidden)
    var isAtomic = false

    @Flag(name: .customLong("skip-crds"), help: "if set, no CRDs will be installed")
    var skipsDefinitions = false

    @Flag(name: .customLong("hide-secret"), help: "hide Kubernetes Secrets when also using the --dry-run flag")
    var hidesSecrets = false

    @Flag(name: .customLong("hide-notes"), help: "if set, do not show notes in the output")
    var hidesNotes = false

    @Flag(
        name: .customLong("take-ownership"),
        help: "if set, ignore the check for helm annotations and take ownership of the existing resources")
    var takesOwnership = false

    @Flag(name: .customLong("disable-openapi-validation"), help: "do not validate against the OpenAPI schema")
    var skipsValidation = false

    @Option(name: .customLong("description"), help: "add a custom description")
    var text = ""

    @Option(
        name: [.customShort("l"), .customLong("labels")], parsing: .unconditionalSingleValue,
        help: "labels that would be added to release metadata, divided by comma")
    var labelTexts: [String] = []

    /// The options for an action; flags that Helm calls deprecated say so.
    func options() throws -> OperationOptions {
        if isAtomic { Console.warn("Flag --atomic has been deprecated, use --rollback-on-failure instead\n") }
        var options = try change.options()
        options.hidesSecrets = hidesSecrets
        options.description = text
        options.rollsBack = rollsBack || isAtomic
        return options
    }

    /// `k=v,k2=v2`, as pflag's StringToString takes it.
    func labels() throws -> [String: String] {
        var labels: [String: String] = [:]
        for pair in labelTexts.flatMap({ $0.split(separator: ",").map(String.init) }) {
            guard let equals = pair.firstIndex(of: "=") else {
                throw CommandFailure(
                    "invalid argument \"\(labelTexts.joined(separator: ","))\" for \"-l, --labels\" flag: "
                        + "\(pair) must be formatted as key=value")
            }
            labels[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        return labels
    }
}
