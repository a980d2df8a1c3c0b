import Flags
import Release

/// `helmctl upgrade`: brings a release to a new chart or new values.
struct UpgradeCommand: Command {
    static let description = CommandDescription(
        "upgrade [RELEASE] [CHART]", "Upgrade a release", arguments: .exactly(2))

    @Arguments var arguments: [String]

    let connection = ConnectionFlags()
    let chart = ChartFlags()
    let operation = OperationFlags()
    let revisions = RevisionFlags()

    @Flag("install", short: "i", "if a release by this name doesn't already exist, run an install")
    var installs = false

    @Flag("reset-values", "reset the values to the ones built into the chart")
    var resetsValues = false

    @Flag("reuse-values", "reuse the last release's values and merge in any overrides")
    var reusesValues = false

    @Flag(
        "reset-then-reuse-values",
        "reset the values to the ones built into the chart, apply the last release's values and any overrides")
    var resetsThenReusesValues = false

    func run() async throws {
        let format = try operation.output.format()
        _ = try connection.coloring()
        _ = try chart.postRendering()
        let actions = try connection.actions()
        if installs {
            let status = try await actions.reachableStatus(arguments[0])
            if status == nil || status == .uninstalled {
                return try await install(format, actions, replaces: status != nil)
            }
        }
        let upgrade = try upgrade()
        let chart = try chart.chart(arguments[1])
        let revision: Revision
        do {
            revision = try await Interruption.cancelling("Release \(arguments[0]) has been cancelled.") {
                try await upgrade.run(chart, in: actions)
            }
        } catch {
            throw CommandFailure("UPGRADE FAILED: \(error)")
        }
        if format == .table { Console.print("Release \"\(arguments[0])\" has been upgraded. Happy Helming!\n") }
        try print(revision, format)
    }

    private func upgrade() throws -> Upgrade {
        var upgrade = Upgrade(name: arguments[0])
        upgrade.options = try operation.options()
        upgrade.serverSide = try revisions.serverSide()
        upgrade.takesOwnership = operation.installation.takesOwnership
        upgrade.cleansUp = revisions.cleansUp
        upgrade.maximumHistory = revisions.maximumHistory
        upgrade.labels = operation.installation.namedLabels
        if resetsValues {
            upgrade.valuesPolicy = .reset
        } else if reusesValues {
            upgrade.valuesPolicy = .reuse
        } else if resetsThenReusesValues {
            upgrade.valuesPolicy = .resetThenReuse
        }
        return upgrade
    }

    /// `--install` of a release that is not there.
    private func install(_ format: OutputFormat, _ actions: ActionContext, replaces: Bool) async throws {
        if format == .table { Console.print("Release \"\(arguments[0])\" does not exist. Installing it now.\n") }
        var install = Install(name: arguments[0])
        install.options = try operation.options()
        install.options.serverSide = try revisions.serverSide() ?? true
        install.createsNamespace = operation.installation.createsNamespace
        install.skipsDefinitions = operation.skipsDefinitions
        install.takesOwnership = operation.installation.takesOwnership
        install.replaces = replaces
        install.labels = operation.installation.namedLabels
        let (chart, ready) = (try chart.chart(arguments[1]), install)
        let revision = try await Interruption.cancelling("Release \(arguments[0]) has been cancelled.") {
            try await ready.run(chart, in: actions)
        }
        try print(revision, format)
    }

    private func print(_ revision: Revision, _ format: OutputFormat) throws {
        var report = StatusReport(revision)
        report.isVerbose = connection.isVerbose
        report.coloring = try connection.coloring()
        report.hidesNotes = operation.installation.hidesNotes
        Console.print(report.text(format))
    }
}
