public import Document

/// A chart as the actions need it: what is stored of it, and how it is rendered.
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
        public var revision: Int
        public var isUpgrade: Bool
        /// The values that the user gave.
        public var values: Object
        /// In place of the chart's own values, when an upgrade goes on from those of the revision before.
        public var chartValues: Value?
        /// Nil where no cluster is asked.
        public var facts: ClusterFacts?
        public var hidesSecrets: Bool
    }

    /// What came out.
    public struct Result: Sendable {
        /// The chart as a record stores it.
        public var chart: StoredChart
        public var manifest: Text
        public var hooks: [HookRecord]
        public var notes: Text

        public init(chart: StoredChart, manifest: Text, hooks: [HookRecord], notes: Text) {
            self.chart = chart
            self.manifest = manifest
            self.hooks = hooks
            self.notes = notes
        }
    }

    public var definitions: [Definition]
    let render: @Sendable (Request) async throws -> Result

    public init(
        definitions: [Definition] = [], render: @escaping @Sendable (Request) async throws -> Result
    ) {
        self.definitions = definitions
        self.render = render
    }
}
