import ArgumentParser
import Chart
import Document
import Template

/// `helmctl template`: renders a chart and prints what would be installed.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Render chart templates locally and display the output.")

    @Argument(help: "[NAME] CHART")
    var arguments: [String] = []

    @Option(name: [.customShort("n"), .customLong("namespace")], help: "namespace scope for this request")
    var namespace: String?

    @OptionGroup var values: ValueFlags
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

    @Flag(name: .customLong("skip-schema-validation"), help: "if set, disables JSON schema validation")
    var skipsSchemaValidation = false

    @Flag(
        name: [.customShort("g"), .customLong("generate-name")], help: "generate the name (and omit the NAME parameter)"
    )
    var generatesName = false

    @Option(name: .customLong("output-dir"), help: "writes the executed templates to files in output-dir")
    var outputFolder: String?

    @Flag(name: .customLong("release-name"), help: "use release name in the output-dir path")
    var usesReleaseName = false

    @Flag(name: .customLong("debug"), help: "enable verbose output")
    var isVerbose = false

    func run() throws {
        let (name, reference) = try nameAndChart()
        let chart = try loaded(reference)
        do {
            try DNSName.checkRelease(name)
        } catch {
            throw CommandFailure(error.message)
        }
        var request = RenderRequest(
            chart: chart, values: values.options,
            release: ReleaseInfo(name: name, namespace: space, isUpgrade: isUpgrade),
            capabilities: try cluster.capabilities(), host: .system)
        request.skipsSchemaValidation = skipsSchemaValidation
        let result: RenderResult
        do {
            result = try ChartRenderer.render(request)
        } catch {
            guard case .rendering(let words, let places) = error else { throw CommandFailure(error.description) }
            let hint = showsInvalid ? "" : "\n\nUse --debug flag to render out invalid YAML"
            let shown = places.isEmpty ? "" : "\n\n" + places.map(\.text).joined(separator: "\n")
            throw CommandFailure(words + hint + shown)
        }
        for warning in result.warnings { warn(warning) }
        try print(result)
    }

    /// The flag over the environment over the default.
    private var space: String { namespace ?? ConnectionFlags.environment("HELM_NAMESPACE") ?? "default" }

    private var showsInvalid: Bool {
        isVerbose || ConnectionFlags.environment("HELM_DEBUG").flatMap(GoFlags.bool) ?? false
    }

    private func warn(_ warning: RenderWarning) {
        if warning.isPlain { return Console.warn(warning.message + "\n") }
        Console.log("WARN", warning.message, warning.attributes)
    }

    private func nameAndChart() throws -> (String, String) {
        switch (arguments.count, generatesName) {
        case (1, false): return ("release-name", arguments[0])
        case (1, true):
            let base = arguments[0].split(separator: "/").last.map(String.init) ?? arguments[0]
            let stem = base.hasSuffix(".tgz") ? String(base.dropLast(4)) : base
            return ("\(stem)-\(Host.system.now() / 1_000_000_000)", arguments[0])
        case (2, false): return (arguments[0], arguments[1])
        case (2, true): throw CommandFailure("cannot set --generate-name and also specify a name")
        default:
            throw CommandFailure(
                "\"helmctl template\" requires at least 1 argument\n\nUsage:  helmctl template [NAME] [CHART] [flags]")
        }
    }

    private func loaded(_ reference: String) throws -> LoadedChart {
        do {
            let chart = try ChartLoader.load(try ChartReference.locate(reference))
            if !["", "application"].contains(chart.metadata.type) {
                throw CommandFailure("\(chart.metadata.type) charts are not installable")
            }
            if chart.metadata.deprecated { Console.log("WARN", "this chart is deprecated") }
            if let missing = chart.missingDependencies {
                throw CommandFailure(
                    "an error occurred while checking for chart dependencies. You may need to run "
                        + "'helm dependency build' to fetch missing dependencies: \(missing)")
            }
            return chart
        } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }

    // MARK: - Printing

    private func print(_ result: RenderResult) throws {
        var hooks = skipsHooks ? [] : result.hooks
        if skipsTests { hooks.removeAll { $0.events.contains(.test) } }
        let definitions = includesDefinitions && !skipsDefinitions ? result.chart.customResourceDefinitions : []
        let output = RenderedText(result, hooks: hooks, definitions: definitions)
        if let outputFolder {
            let name = arguments.count > 1 ? arguments[0] : "release-name"
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
