import API
import Flags
import Release

/// `helmctl install`: installs a chart as a new release.
struct InstallCommand: Command {
    static let description = CommandDescription("install [NAME] [CHART]", "Install a chart", arguments: .atLeast(1))

    @Arguments var arguments: [String]

    let connection = ConnectionFlags()
    let chart = ChartFlags()
    let operation = OperationFlags()
    let replacement = ReplacementFlags()

    @Flag("generate-name", short: "g", "generate the name (and omit the NAME parameter)")
    var generatesName = false

    @Flag("name-template", "specify template used to name the release")
    var nameTemplate: String?

    func run() async throws {
        let format = try operation.output.format()
        let coloring = try connection.coloring()
        _ = try chart.postRendering()
        let options = try options()
        let revision: Revision
        do {
            let (name, reference) = try nameAndChart()
            var install = Install(name: name)
            install.options = options
            install.createsNamespace = operation.installation.createsNamespace
            install.skipsDefinitions = operation.skipsDefinitions
            install.replaces = replacement.replaces
            install.takesOwnership = operation.installation.takesOwnership
            install.labels = operation.installation.namedLabels
            let (chart, actions, ready) = (try chart.chart(reference), try connection.actions(), install)
            revision = try await Interruption.cancelling("Release \(name) has been cancelled.") {
                try await ready.run(chart, in: actions)
            }
        } catch {
            throw CommandFailure("INSTALLATION FAILED: \(error)")
        }
        var report = StatusReport(revision)
        report.isVerbose = connection.isVerbose
        report.coloring = coloring
        report.hidesNotes = operation.installation.hidesNotes
        Console.print(report.text(format))
    }

    private func options() throws -> OperationOptions {
        var options = try operation.options()
        options.serverSide = replacement.isServerSide
        return options
    }

    private func nameAndChart() throws -> (name: String, chart: String) {
        if nameTemplate != nil { throw CommandFailure("--name-template is not supported yet") }
        switch (arguments.count, generatesName) {
        case (1, false): throw CommandFailure("must either provide a name or specify --generate-name")
        case (1, true): return (generatedName(arguments[0]), arguments[0])
        case (2, false): return (arguments[0], arguments[1])
        case (2, true): throw CommandFailure("cannot set --generate-name and also specify a name")
        default:
            let more = arguments.dropFirst(2).joined(separator: ", ")
            throw CommandFailure("expected at most two arguments, unexpected arguments: \(more)")
        }
    }

    /// The chart's file name up to its first point, and the time.
    private func generatedName(_ reference: String) -> String {
        let base = reference.split(separator: "/").last.map(String.init) ?? ""
        let stem = base.isEmpty || base == "." ? "chart" : String(base.prefix { $0 != "." })
        return "\(stem)-\(SystemTime().now.seconds)"
    }
}
