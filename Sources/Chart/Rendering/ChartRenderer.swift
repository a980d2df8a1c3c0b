import Document
import Template

/// Renders charts as Helm's install does without a cluster.
public enum ChartRenderer {
    /// Processes dependencies, puts the values together, executes the templates and sorts what they wrote.
    public static func render(_ request: RenderRequest) throws(RenderError) -> RenderResult {
        // Templates nest maps as deep as they like, and taking them apart goes as deep again.
        try BigStack.run { _ throws(RenderError) in try render(request, try userValues(request)) }
    }

    private static func userValues(_ request: RenderRequest) throws(RenderError) -> GoMap {
        do throws(ValueOptions.Failure) {
            return try request.values.merged()
        } catch {
            throw .values(error.message, error.place.map { [$0] } ?? [])
        }
    }

    /// A chart with its dependencies processed, and the values that its templates see.
    static func values(_ request: RenderRequest) throws(RenderError) -> (chart: LoadedChart, values: GoMap) {
        var warnings: [RenderWarning] = []
        var chart = request.chart
        let values = try processed(&chart, try userValues(request), &warnings)
        return (chart, values)
    }

    private static func processed(
        _ chart: inout LoadedChart, _ user: GoMap, _ warnings: inout [RenderWarning]
    ) throws(RenderError) -> GoMap {
        var processing = DependencyProcessing()
        do throws(Coalescing.Mismatch) {
            try processing.process(&chart, user)
        } catch {
            throw .values("chart dependencies processing failed: \(error.message)", [])
        }
        do throws(Coalescing.Mismatch) {
            warnings += processing.warnings.map {
                RenderWarning(
                    message: $0.message, attributes: $0.attributes.map { .init(key: $0.0, value: $0.1) },
                    isInformation: false)
            }
            var coalescing = Coalescing(merges: false)
            let values = try coalescing.values(chart, user)
            warnings += coalescing.warnings.map { RenderWarning(message: $0, attributes: [], isInformation: true) }
            return values
        } catch {
            throw .values(error.message, [])
        }
    }

    private static func render(_ request: RenderRequest, _ user: GoMap) throws(RenderError) -> RenderResult {
        var chart = request.chart
        var warnings: [RenderWarning] = []
        let config = user.object ?? [:]
        let values = try processed(&chart, user, &warnings)
        let ahead = chart.ahead ?? WorkAhead()
        var readings = TextTable<ManifestReading>()
        let outcome = try checked(request, chart, values, ahead, &warnings) { check throws(RenderError) in
            try checkKubeVersion(chart, request.capabilities)
            return try Self.outcome(request, chart, values, check) { path, text in
                if !isNotes(path) { readings.set(path, ManifestReading(text, ahead)) }
            }
        }
        let notes = notes(in: outcome.texts, chart, request.includesSubchartNotes)
        var files = TextTable<Text>()
        for file in outcome.texts.entries where !isNotes(file.key) { files.set(file.key, file.value) }
        if let postRenderer = request.postRenderer { files = try PostRendering.files(files, postRenderer) }
        let sorted: ManifestSorter
        do throws(ManifestSorter.Failure) {
            sorted = try ManifestSorter(files, readings)
        } catch {
            let origin = origin(of: error, request, chart, values, outcome.texts)
            throw .rendering("YAML parse error on \(error.path): \(error.message)", origin)
        }
        return RenderResult(
            chart: chart, config: config, manifests: sorted.manifests, hooks: sorted.hooks, notes: notes,
            warnings: warnings, profile: outcome.profile, worn: WornMaps(values))
    }

    /// What `body` makes of the values, while they are held against their schemas; what these say comes before any failure
    /// of it.
    private static func checked(
        _ request: RenderRequest, _ chart: LoadedChart, _ values: GoMap, _ ahead: WorkAhead,
        _ warnings: inout [RenderWarning], _ body: (ValuesCheck?) throws(RenderError) -> Engine.Outcome
    ) throws(RenderError) -> Engine.Outcome {
        guard !request.skipsSchemaValidation, let check = ValuesCheck(chart, values, ahead) else {
            return try body(nil)
        }
        let attempt: Attempt
        do throws(RenderError) { attempt = .rendered(try body(check)) } catch { attempt = .failed(error) }
        let verdict = check.verdict()
        warnings += verdict.warnings
        if let fault = verdict.fault {
            // The templates may have changed their values meanwhile.
            let (chart, values) = try Self.values(request)
            throw .values(fault, ValueOrigins.places(of: ValuesSchemas.faults(chart, values), request))
        }
        switch attempt {
        case .rendered(let outcome): return outcome
        case .failed(let error): throw error
        }
    }

    private enum Attempt {
        case rendered(Engine.Outcome)
        case failed(RenderError)
    }

    private static func checkKubeVersion(
        _ chart: LoadedChart, _ capabilities: Capabilities
    ) throws(RenderError) {
        let wanted = chart.metadata.kubeVersion
        let version = capabilities.kubeVersion.normalized
        if wanted.isEmpty || VersionRange.allows(wanted, version) { return }
        throw .rendering(
            "chart requires kubeVersion: \(wanted) which is incompatible with Kubernetes "
                + capabilities.kubeVersion.version, [])
    }

    /// What each template wrote, by its path.
    static func execute(
        _ request: RenderRequest, _ chart: LoadedChart, _ values: GoMap
    ) throws(RenderError) -> TextTable<Text> { try outcome(request, chart, values).texts }

    private static func outcome(
        _ request: RenderRequest, _ chart: LoadedChart, _ values: GoMap, _ check: ValuesCheck? = nil,
        onText: (Text, Text) -> Void = { _, _ in }
    ) throws(RenderError) -> Engine.Outcome {
        let scope = RenderScope(request.release, request.capabilities)
        var engine = Engine(host: request.host, limits: request.limits)
        if let check { engine.isCalledOff = { check.isRefused } }
        do throws(RenderFailure) {
            let files = scope.files(chart, values)
            return try engine.render(files, marking: nil, profiles: request.profiles, onText: onText)
        } catch {
            let places =
                switch error {
                case .execution(let failure): FailurePlace.places(of: failure)
                case .syntax(let failure): [FailurePlace.place(of: failure)]
                }
            throw .rendering(error.helmText, places)
        }
    }

    /// Which action wrote the line that is no manifest: the file is rendered once more, and noted who writes what.
    private static func origin(
        of failure: ManifestSorter.Failure, _ request: RenderRequest, _ chart: LoadedChart, _ values: GoMap,
        _ files: TextTable<Text>
    ) -> [FailurePlace] {
        let name = Text(failure.path)
        guard let text = files[name] else { return [] }
        let offset = failure.offset(in: text)
        let scope = RenderScope(request.release, request.capabilities)
        let engine = Engine(host: request.host, limits: request.limits)
        let marks = (try? engine.render(scope.files(chart, values), marking: name))?.marks ?? []
        guard let mark = marks.last(where: { $0.offset <= offset }) else { return [] }
        let line = text.bytes[..<min(offset, text.count)].count { $0 == UInt8(ascii: "\n") } + 1
        return [FailurePlace(mark, at: offset, note: "wrote line \(line) of what is no manifest")]
    }

    private static func isNotes(_ path: Text) -> Bool { path.hasSuffix("NOTES.txt") }

    /// What the chart has to say to the user; only the chart's own words unless those of subcharts are wanted.
    private static func notes(in files: TextTable<Text>, _ chart: LoadedChart, _ includesSubcharts: Bool) -> Text {
        let own = Text("\(chart.name)/templates/NOTES.txt")
        if !includesSubcharts { return files[own] ?? "" }
        let all = files.entries.filter { isNotes($0.key) }.sorted { $0.key < $1.key }
        return all.reduce("") { notes, file in notes.isEmpty ? file.value : notes + "\n" + file.value }
    }
}
