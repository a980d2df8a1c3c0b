import ArgumentParser
import Chart
import Release
import Template

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

    @Option(
        name: .customLong("post-renderer-args"), parsing: .unconditionalSingleValue,
        help: "an argument to the post-renderer (can specify multiple)")
    var postRendererArguments: [String] = []

    @OptionGroup var values: ValueFlags

    /// The machine that templates see; names are looked up only where a user wants it.
    var host: Host {
        var host = Host.system
        if enablesDNS { host.resolve = SystemResolver.address }
        return host
    }

    /// What the post-renderer does with rendered documents; nil where there is none.
    func postRendering() throws -> RenderRequest.PostRenderer? {
        guard let postRenderer else { return nil }
        let plugin = try PostRendererPlugin(
            named: postRenderer, postRendererArguments, folders: HelmFolders.plugins)
        return { bytes throws(LoadFailure) in try plugin.run(bytes) }
    }

    /// Reads the chart and says how it is rendered.
    func chart(_ reference: String) throws -> ReleasableChart {
        try refuseWhatIsMissing()
        if postRenderer != nil { throw CommandFailure("--post-renderer is not supported yet for installations") }
        var settings = ReleasableChart.Settings(values: values.options, host: host)
        settings.includesSubchartNotes = includesSubchartNotes
        settings.skipsSchemaValidation = skipsSchemaValidation
        return ReleasableChart(
            try LocatedChart.load(reference, updatesDependencies: updatesDependencies), settings)
    }

    func refuseWhatIsMissing() throws {
        for (flag, isUsed) in [("--repo", repository != nil), ("--verify", verifies)] where isUsed {
            throw CommandFailure("\(flag) is not supported yet")
        }
    }
}
