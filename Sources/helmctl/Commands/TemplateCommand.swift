import Chart
import Document
import Flags
import Release
import Template

/// `helmctl template`: renders a chart and prints what would be installed.
struct TemplateCommand: Command {
    static let description = CommandDescription(
        "template [NAME] [CHART]", "Render chart templates locally and display the output", arguments: .atLeast(1))

    @Arguments var arguments: [String]

    let connection = ConnectionFlags()
    let chartFlags = ChartFlags()
    let unused = UnusedInstallFlags()
    let cluster = CapabilityFlags()

    @Flag("show-only", short: "s", "only show manifests rendered from the given templates")
    var showOnly: [String] = []

    @Flag("include-crds", "include CRDs in the templated output")
    var includesDefinitions = false

    @Flag("skip-crds", "leave out the CRDs of crds/")
    var skipsDefinitions = false

    @Flag("is-upgrade", "set .Release.IsUpgrade instead of .Release.IsInstall")
    var isUpgrade = false

    @Flag("skip-tests", "skip tests from templated output")
    var skipsTests = false

    @Flag("no-hooks", "prevent hooks from running during install")
    var skipsHooks = false

    @Flag("generate-name", short: "g", "generate the name (and omit the NAME parameter)")
    var generatesName = false

    @Flag("output-dir", "writes the executed templates to files in output-dir")
    var outputFolder: String?

    @Flag("release-name", "use release name in the output-dir path")
    var usesReleaseName = false

    @Flag("name-template", "specify template used to name the release")
    var nameTemplate: String?

    @Flag(
        "dry-run", "client renders without asking the cluster, server asks it. '--dry-run' alone is client",
        bare: "unchanged")
    var dryRun = "client"

    @Flag("validate", "ask the cluster", .deprecated("use '--dry-run=server' instead"))
    var validates = false

    @Flag("profile", "tell how long each template took, and how often it ran")
    var profiles = false

    func run() async throws {
        let capabilities = try cluster.capabilities()
        _ = try unused.force.wait.wait()
        let asksCluster = try validates || DryRunFlags.mode(dryRun) == .server
        let postRenderer = try chartFlags.postRendering()
        let (name, reference) = try nameAndChart()
        try chartFlags.source.refuseWhatIsMissing()
        let chart = try LocatedChart.load(
            reference, updatesDependencies: chartFlags.updatesDependencies, values: chartFlags.values.options)
        do {
            try DNSName.checkRelease(name)
        } catch {
            throw CommandFailure(error.message)
        }
        if asksCluster { return try await printFromCluster(chart, name) }
        let result = try rendered(chart, name, capabilities, postRenderer)
        try print(result, name)
        Console.end(keeping: (chart, result))
    }

    private func rendered(
        _ chart: LoadedChart, _ name: String, _ capabilities: Capabilities,
        _ postRenderer: RenderRequest.PostRenderer?
    ) throws -> RenderResult {
        var request = RenderRequest(
            chart: chart, values: chartFlags.values.options,
            release: ReleaseInfo(name: name, namespace: connection.space, isUpgrade: isUpgrade),
            capabilities: capabilities, host: chartFlags.host)
        request.skipsSchemaValidation = chartFlags.skipsSchemaValidation
        request.includesSubchartNotes = chartFlags.includesSubchartNotes
        request.limits = chartFlags.limits.limits()
        request.profiles = profiles
        request.postRenderer = postRenderer
        let result: RenderResult
        do {
            result = try ChartRenderer.render(request)
        } catch {
            guard case .rendering(let words, let places) = error else {
                throw CommandFailure(error.description, at: error.places)
            }
            let hint = connection.isVerbose ? "" : "\n\nUse --debug flag to render out invalid YAML"
            throw CommandFailure(words + hint, at: places)
        }
        for warning in result.warnings { Console.log(LogRecord(warning)) }
        if let profile = result.profile { Console.warn(profile.text) }
        return result
    }

    /// Lets the cluster look at what would be installed, as an installation that stops before it changes anything.
    private func printFromCluster(_ chart: LoadedChart, _ name: String) async throws {
        var settings = ReleasableChart.Settings(values: chartFlags.values.options, host: chartFlags.host)
        settings.skipsSchemaValidation = chartFlags.skipsSchemaValidation
        settings.limits = chartFlags.limits.limits()
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
