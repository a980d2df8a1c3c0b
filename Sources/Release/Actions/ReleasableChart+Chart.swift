import API
public import Chart
import Document
public import Template

extension ReleasableChart {
    /// How a chart is rendered, whatever the revision.
    public struct Settings: Sendable {
        /// What the user says about values.
        public var values: ValueOptions
        /// Time and randomness; the cluster comes with each request.
        public var host: Host
        /// What stands for the cluster where none is asked.
        public var capabilities: Capabilities
        public var includesSubchartNotes = false
        public var skipsSchemaValidation = false
        public var limits = Limits()
        /// What rendered documents pass through, hooks among them; nil where they stay as they are.
        public var postRenderer: RenderRequest.PostRenderer?

        public init(values: ValueOptions, host: Host, capabilities: Capabilities = .helmDefault) {
            self.values = values
            self.host = host
            self.capabilities = capabilities
        }
    }

    /// A chart that was read from disk or an archive.
    public init(_ chart: LoadedChart, _ settings: Settings) {
        let definitions = chart.customResourceDefinitions.map { Definition(name: $0.name, manifest: $0.text) }
        self.init(definitions: definitions) { request in
            // Templates run on a thread of their own: `lookup` has to block it.
            try await OwnThread.run { try Self.render(chart, settings, request) }
        }
    }

    private static func render(_ chart: LoadedChart, _ settings: Settings, _ request: Request) throws -> Result {
        var (chart, values, host) = (chart, settings.values, settings.host)
        values.beneath = request.inherited.beneath
        values.fallback = request.inherited.fallback
        if let replaced = request.inherited.chartValues { chart.values = replaced }
        if let cluster = request.cluster { host.objects = cluster.objects }
        let info = ReleaseInfo(
            name: request.release, namespace: request.namespace, revision: request.revision,
            isUpgrade: request.isUpgrade)
        var rendering = RenderRequest(
            chart: chart, values: values, release: info,
            capabilities: try request.cluster.map { try Capabilities($0.facts) } ?? settings.capabilities, host: host)
        rendering.includesSubchartNotes = settings.includesSubchartNotes
        rendering.skipsSchemaValidation = settings.skipsSchemaValidation
        rendering.limits = settings.limits
        rendering.postRenderer = settings.postRenderer
        let result: RenderResult
        do { result = try ChartRenderer.render(rendering) } catch {
            throw ReleaseFailure(error.description, cause: error)
        }
        return Result(
            chart: StoredChart(result.chart), config: result.config,
            manifest: request.hidesSecrets ? hidingSecrets(result) : result.manifest,
            hooks: result.hooks.map { HookRecord($0) }, notes: result.notes,
            warnings: result.warnings.map { LogRecord($0) })
    }

    /// The manifest with a remark in place of each Secret.
    private static func hidingSecrets(_ result: RenderResult) -> Text {
        var hidden = result
        hidden.manifests = hidden.manifests.map { manifest in
            guard manifest.kind == "Secret", manifest.apiVersion == "v1" else { return manifest }
            var manifest = manifest
            manifest.content = "# HIDDEN: The Secret output has been suppressed"
            return manifest
        }
        return hidden.manifest
    }
}

extension Capabilities {
    /// What templates learn of a live cluster.
    init(_ facts: ClusterFacts) throws(ReleaseFailure) {
        do throws(SemanticVersion.Malformed) {
            var version = try KubeVersion(parsing: facts.version)
            if !facts.major.isEmpty { version.major = facts.major }
            if !facts.minor.isEmpty { version.minor = facts.minor }
            self.init(kubeVersion: version, apiVersions: facts.apiVersions)
        } catch {
            throw ReleaseFailure("the cluster's version \"\(facts.version)\": \(error.message)")
        }
    }
}

extension HookRecord {
    /// A hook that has not run yet.
    init(_ hook: Hook) {
        self.init(
            name: hook.name, kind: hook.kind, path: hook.path, manifest: hook.manifest,
            events: hook.events.map(\.rawValue), weight: hook.weight, deletePolicies: hook.deletePolicies,
            outputLogPolicies: hook.outputLogPolicies)
    }
}

extension LogRecord {
    /// What a rendering remarked.
    public init(_ warning: RenderWarning) {
        let attributes = warning.attributes.map { Attribute($0.key, $0.value) }
        self.init(warning.isInformation ? .info : .warn, warning.message, attributes)
    }
}

extension StoredChart {
    /// The chart as Helm stores it: files as base64, numbers of values as float64; subcharts are left out.
    init(_ chart: LoadedChart) {
        func files(_ files: [ChartFile]) -> Value {
            .array(
                files.map {
                    [
                        "name": .string($0.name), "data": .string(Text(bytes: Base64.encode($0.bytes))),
                        "modtime": Self.time(of: $0),
                    ]
                })
        }
        self.init([
            "metadata": chart.metadata.json, "lock": chart.lock ?? .null, "templates": files(chart.templates),
            "values": Self.floats(.object(chart.values)),
            "schema": chart.schema.map { .string(Text(bytes: Base64.encode($0))) } ?? .null,
            "schemamodtime": Self.time(of: chart.rawFile("values.schema.json")), "files": files(chart.files),
            "modtime": Self.time(of: chart.rawFile("Chart.yaml")),
        ])
    }

    /// When a file was changed last, as Go writes it; Go's zero time for a file that is not there.
    private static func time(of file: ChartFile?) -> Value {
        guard let file else { return "0001-01-01T00:00:00Z" }
        return .string(Time(seconds: file.modified, nanoseconds: file.modifiedNanoseconds).nano)
    }

    private static func floats(_ value: Value) -> Value {
        switch value {
        case .number(let number): .number(number.helm)
        case .array(let elements): .array(elements.map(floats))
        case .object(let object): .object(object.mapValues(floats))
        default: value
        }
    }
}
