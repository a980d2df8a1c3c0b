public import Document

/// A chart as the actions need it: what `crds/` holds, and how it is rendered for a revision.
public struct ReleasableChart: Sendable {
    /// A file of `crds/`.
    public struct Definition: Sendable {
        /// Such as `crds/widgets.yaml`.
        public var name: String
        public var manifest: Text

        public init(name: String, manifest: Text) {
            self.name = name
            self.manifest = manifest
        }
    }

    /// What a rendering is for.
    public struct Request: Sendable {
        public var release: String
        public var namespace: String
        public var revision = 1
        public var isUpgrade = false
        /// What the upgrade takes over from the revision before.
        public var inherited = InheritedValues()
        /// What lives in the cluster; nil where none is asked.
        public var cluster: LiveCluster?
        /// Secrets are left out of the manifest.
        public var hidesSecrets = false
    }

    /// The values that an upgrade starts from.
    public struct InheritedValues: Sendable {
        /// Beneath what the user gives now.
        public var beneath: Object = [:]
        /// In place of no values at all.
        public var fallback: Object = [:]
        /// In place of the chart's own values.
        public var chartValues: Object?
    }

    /// A cluster that templates may ask.
    public struct LiveCluster: Sendable {
        public var facts: ClusterFacts
        /// The answer to `lookup`: objects by API version, kind, namespace and name; it blocks its thread.
        public var objects: @Sendable (Text, Text, Text, Text) throws -> Object
    }

    /// What came out.
    public struct Result: Sendable {
        /// The chart as a record stores it.
        public var chart: StoredChart
        /// The values that count as the user's.
        public var config: Object
        public var manifest: Text
        public var hooks: [HookRecord]
        public var notes: Text
        /// Remarks for the user.
        public var warnings: [LogRecord]

        public init(
            chart: StoredChart, config: Object = [:], manifest: Text, hooks: [HookRecord] = [], notes: Text = "",
            warnings: [LogRecord] = []
        ) {
            self.chart = chart
            self.config = config
            self.manifest = manifest
            self.hooks = hooks
            self.notes = notes
            self.warnings = warnings
        }
    }

    public var definitions: [Definition]
    private let render: @Sendable (Request) async throws -> Result

    public init(
        definitions: [Definition] = [], render: @escaping @Sendable (Request) async throws -> Result
    ) {
        self.definitions = definitions
        self.render = render
    }

    func rendered(_ request: Request, _ context: ActionContext) async throws -> Result {
        let result = try await render(request)
        for warning in result.warnings { context.log(warning) }
        return result
    }
}
