import Flags
import Release

/// What install and upgrade have in common beside chart and values.
struct OperationFlags {
    let change = ChangeFlags()
    let installation = InstallationFlags()
    let output = OutputFlags()

    @Flag("skip-crds", "if set, no CRDs will be installed")
    var skipsDefinitions = false

    @Flag("hide-secret", "hide Kubernetes Secrets when also using the --dry-run flag")
    var hidesSecrets = false

    /// The options for an action.
    func options() throws -> OperationOptions {
        var options = try change.options()
        options.hidesSecrets = hidesSecrets
        options.description = installation.text
        options.rollsBack = installation.rollsBack || installation.isAtomic
        return options
    }
}
