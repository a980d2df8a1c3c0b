import Chart
import Flags
import Release
import Template

/// Where a chart comes from, and what belongs to rendering it.
struct ChartFlags {
    let source = SourceFlags()
    let transfer = TransferFlags()

    @Flag("dependency-update", "update dependencies if they are missing")
    var updatesDependencies = false

    @Flag("skip-schema-validation", "if set, disables JSON schema validation")
    var skipsSchemaValidation = false

    @Flag("render-subchart-notes", "if set, render subchart notes along with the parent")
    var includesSubchartNotes = false

    @Flag("enable-dns", "enable DNS lookups when rendering templates")
    var enablesDNS = false

    @Flag("post-renderer", "the name of a postrenderer plugin")
    var postRenderer: String?

    @Flag("post-renderer-args", "an argument to the post-renderer (can specify multiple)")
    var postRendererArguments: [String] = []

    let values = ValueFlags()
    let limits = LimitFlags()

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
        try source.refuseWhatIsMissing()
        var settings = ReleasableChart.Settings(values: values.options, host: host)
        settings.includesSubchartNotes = includesSubchartNotes
        settings.skipsSchemaValidation = skipsSchemaValidation
        settings.limits = limits.limits()
        settings.postRenderer = try postRendering()
        return ReleasableChart(
            try LocatedChart.load(
                reference, updatesDependencies: updatesDependencies, values: values.options), settings)
    }
}
