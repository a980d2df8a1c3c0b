import ArgumentParser
import Chart
import Release

/// Where a chart comes from, and what belongs to rendering it; what needs repositories answers that it is not built yet.
struct ChartFlags: ParsableArguments {
    @Option(name: .customLong("version"), help: "a version constraint for the chart version to use")
    var version = ""

    @Option(name: .customLong("repo"), help: "chart repository url where to locate the requested chart")
    var repository: String?

    @Flag(name: .customLong("devel"), help: "use development versions, too")
    var allowsPreReleases = false

    @Flag(name: .customLong("verify"), help: "verify the package before using it")
    var verifies = false

    @Flag(name: .customLong("dependency-update"), help: "update dependencies if they are missing")
    var updatesDependencies = false

    @Flag(name: .customLong("skip-schema-validation"), help: "if set, disables JSON schema validation")
    var skipsSchemaValidation = false

    @Flag(name: .customLong("render-subchart-notes"), help: "if set, render subchart notes along with the parent")
    var includesSubchartNotes = false

    @Flag(name: .customLong("enable-dns"), help: "enable DNS lookups when rendering templates")
    var enablesDNS = false

    @Option(name: .customLong("post-renderer"), help: "the name of a postrenderer plugin")
    var postRenderer: String?

    @OptionGroup var values: ValueFlags

    /// Reads the chart and says how it is rendered.
    func chart(_ reference: String) throws -> ReleasableChart {
        try refuseWhatIsMissing()
        var settings = ReleasableChart.Settings(values: values.options, host: .system)
        settings.includesSubchartNotes = includesSubchartNotes
        settings.skipsSchemaValidation = skipsSchemaValidation
        return ReleasableChart(try loaded(reference), settings)
    }

    private func refuseWhatIsMissing() throws {
        let missing = [
            ("--repo", repository != nil), ("--verify", verifies), ("--dependency-update", updatesDependencies),
            ("--enable-dns", enablesDNS), ("--post-renderer", postRenderer != nil),
        ]
        for (flag, isUsed) in missing where isUsed { throw CommandFailure("\(flag) is not supported yet") }
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
}
