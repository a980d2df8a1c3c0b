import ArgumentParser
import Chart
import Document
import Release
import Template

/// `helmctl template`: renders a chart and prints what would be installed.
struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Render chart templates locally and display the output.")

    @Argument(help: "[NAME] CHART")
    var arguments: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var chartFlags: ChartFlags
    @OptionGroup var transfer: TransferFlags
    @OptionGroup var unused: UnusedInstallFlags
    @OptionGroup var limits: LimitFlags
    @OptionGroup var cluster: CapabilityFlags

    @Option(
        name: [.customShort("s"), .customLong("show-only")], parsing: .unconditionalSingleValue,
        help: "only show manifests rendered from the given templates")
    var showOnly: [String] = []

    @Flag(name: .customLong("include-crds"), help: "include CRDs in the templated output")
    var includesDefinitions = false

    @Flag(name: .customLong("skip-crds"), help: "leave out the CRDs of crds/")
    var skipsDefinitions = false

    @Flag(name: .customLong("is-upgrade"), help: "set .Release.IsUpgrade instead of .Release.IsInstall")
    var isUpgrade = false

    @Flag(name: .customLong("skip-tests"), help: "skip tests from templated output")
    var skipsTests = false

    @Flag(name: .customLong("no-hooks"), help: "prevent hooks from running during install")
    var skipsHooks = false

    @Flag(
        name: [.customShort("g"), .customLong("generate-name")], help: "generate the name (and omit the NAME parameter)"
    )
    var generatesName = false

    @Option(name: .customLong("output-dir"), help: "writes the executed templates to files in output-dir")
    var outputFolder: String?

    @Flag(name: .customLong("release-name"), help: "use release name in the output-dir path")
    var usesReleaseName = false

    @Option(name: .customLong("name-template"), help: "specify template used to name the release")
    var nameTemplate: String?

    @Option(
        name: .customLong("dry-run"),
        help: "client renders without asking the cluster, server asks it. '--dry-run' alone is client")
    var dryRun = "client"

    @Flag(name: .customLong("validate"), help: .hidden)
    var validates = false

    @Flag(name: .customLong("profile"), help: "tell how long each template took, and how often it ran")
    var profiles = false

    func run() async throws {
        try ArgumentCount.atLeast(1, arguments, "template", "[NAME] [CHART] [flags]")
        try unused.check()
        if validates { Console.warn("Flag --validate has been deprecated, use '--dry-run=server' instead\n") }
        let asksCluster = try validates || mode() == .server
        let postRenderer = try chartFlags.postRendering()
        let (name, reference) = try nameAndChart()
        try chartFlags.source.refuseWhatIsMissing()
        let chart = try LocatedChart.load(reference, updatesDependencies: chartFlags.updatesDependencies)
        do {
            try DNSName.checkRelease(name)
        } catch {
            throw CommandFailure(error.message)
        }
        if asksCluster { return try await printFromCluster(chart, name) }
        try print(try rendered(chart, name, postRenderer), name)
    }

    private func mode() throws -> DryRun {
        var flags = DryRunFlags()
        flags.value = dryRun
        return try flags.dryRun()
    }

    private func rendered(
        _ chart: LoadedChart, _ name: String, _ postRenderer: RenderRequest.PostRenderer?
    ) throws -> RenderResult {
        var request = RenderRequest(
            chart: chart, values: chartFlags.values.options,
            release: ReleaseInfo(name: name, namespace: connection.space, isUpgrade: isUpgrade),
            capabilities: try cluster.capabilities(), host: chartFlags.host)
        request.skipsSchemaValidation = chartFlags.skipsSchemaValidation
        request.includesSubchartNotes = chartFlags.includesSubchartNotes
        request.limits = limits.limits()
        request.profiles = profiles
        request.postRenderer = postRenderer
        let result: RenderResult
        do {
            result = try ChartRenderer.render(request)
        } catch {
            guard case .rendering(let words, let places) = error else { throw CommandFailure(error.description) }
            let hint = connection.isVerbose ? "" : "\n\nUse --debug flag to render out invalid YAML"
            let shown = places.isEmpty ? "" : "\n\n" + places.map(\.text).joined(separator: "\n")
            throw CommandFailure(words + hint + shown)
        }
        for warning in result.warnings { Console.log(LogRecord(warning)) }
        if let profile = result.profile { Console.warn(profile.text) }
        return result
    }

    /// Lets the cluster look at what would be installed, as an installation that stops before it changes anything.
    private func printFromCluster(_ chart: LoadedChart, _ name: String) async throws {
        var settings = ReleasableChart.Settings(values: chartFlags.values.options, host: chartFlags.host)
        settings.skipsSchemaValidation = chartFlags.skipsSchemaValidation
        settings.postRenderer = try chartFlags.postRendering()
        var install = Install(name: name)
        install.options.dryRun = .server
        install.replaces = true
        install.skipsDefinitions = skipsDefinitions
        let revision: Revision
        do {
            revision = try await install.run(ReleasableChart(chart, settings), in: try connection.actions())
        } catch {
            throw CommandFailure("\(error)")
        }
        let hooks = revision.hooks.filter { !skipsHooks && !(skipsTests && $0.events.contains("test")) }
        let definitions = includesDefinitions && !skipsDefinitions ? chart.customResourceDefinitions : []
        let output = RenderedText(
            manifest: revision.manifest, hooks: hooks.map { ($0.path, $0.manifest) }, definitions: definitions)
        try print(output, name)
    }

    private func nameAndChart() throws -> (name: String, chart: String) {
        if arguments.count > 2 {
            let more = arguments.dropFirst(2).joined(separator: ", ")
            throw CommandFailure("expected at most two arguments, unexpected arguments: \(more)")
        }
        if arguments.count == 2 {
            if generatesName { throw CommandFailure("cannot set --generate-name and also specify a name") }
            if nameTemplate != nil { throw CommandFailure("cannot set --name-template and also specify a name") }
            return (arguments[0], arguments[1])
        }
        if let nameTemplate { return (try ReleaseName.made(of: nameTemplate, .system), arguments[0]) }
        if generatesName { return (ReleaseName.generated(arguments[0], .system), arguments[0]) }
        return ("release-name", arguments[0])
    }

    // MARK: - Printing

    private func print(_ result: RenderResult, _ name: String) throws {
        var hooks = skipsHooks ? [] : result.hooks
        if skipsTests { hooks.removeAll { $0.events.contains(.test) } }
        let definitions = includesDefinitions && !skipsDefinitions ? result.chart.customResourceDefinitions : []
        try print(RenderedText(result, hooks: hooks, definitions: definitions), name)
    }

    private func print(_ output: RenderedText, _ name: String) throws {
        if let outputFolder {
            let folder = usesReleaseName ? "\(outputFolder)/\(name)" : outputFolder
            return try output.write(to: folder) { Console.print("wrote \($0)\n") }
        }
        if showOnly.isEmpty { return Console.print(output.bytes) }
        do {
            Console.print(try output.selected(showOnly))
        } catch {
            throw CommandFailure("could not find template \(error.pattern) in chart")
        }
    }
}
