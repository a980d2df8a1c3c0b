import API
import ArgumentParser
import Release

/// `helmctl install`: installs a chart as a new release.
struct InstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "install", abstract: "Install a chart.")

    @Argument(help: "[NAME] CHART")
    var arguments: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var chart: ChartFlags
    @OptionGroup var operation: OperationFlags

    @Flag(
        name: [.customShort("g"), .customLong("generate-name")], help: "generate the name (and omit the NAME parameter)"
    )
    var generatesName = false

    @Option(name: .customLong("name-template"), help: "specify template used to name the release")
    var nameTemplate: String?

    @Flag(name: .customLong("replace"), help: "reuse the given name, only if that name is a deleted release")
    var replaces = false

    @Option(name: .customLong("server-side"), help: "object updates run in the server instead of the client")
    var serverSide = "true"

    func run() async throws {
        guard !arguments.isEmpty else {
            throw CommandFailure(
                "\"helmctl install\" requires at least 1 argument\n\nUsage:  helmctl install [NAME] [CHART] [flags]")
        }
        let format = try operation.output.format()
        _ = try chart.postRendering()
        let options = try options()
        let revision: Revision
        do {
            let (name, reference) = try nameAndChart()
            var install = Install(name: name)
            install.options = options
            install.createsNamespace = operation.createsNamespace
            install.skipsDefinitions = operation.skipsDefinitions
            install.replaces = replaces
            install.takesOwnership = operation.takesOwnership
            install.labels = try operation.labels()
            let (chart, actions, ready) = (try chart.chart(reference), try connection.actions(), install)
            revision = try await Interruption.cancelling("Release \(name) has been cancelled.") {
                try await ready.run(chart, in: actions)
            }
        } catch {
            throw CommandFailure("INSTALLATION FAILED: \(error)")
        }
        var report = StatusReport(revision)
        report.isVerbose = connection.isVerbose
        report.hidesNotes = operation.hidesNotes
        Console.print(report.text(format))
    }

    private func options() throws -> OperationOptions {
        var options = try operation.options()
        guard let isServerSide = GoFlags.bool(serverSide) else {
            throw CommandFailure(
                "invalid argument \"\(serverSide)\" for \"--server-side\" flag: strconv.ParseBool: "
                    + "parsing \"\(serverSide)\": invalid syntax")
        }
        options.serverSide = isServerSide
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
