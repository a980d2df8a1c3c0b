public import Document
public import Template

/// What the templates learn of the release that they are rendered for.
public struct ReleaseInfo: Sendable, Hashable {
    public var name: String
    public var namespace: String
    public var revision: Int
    public var isUpgrade: Bool

    public init(name: String, namespace: String, revision: Int = 1, isUpgrade: Bool = false) {
        self.name = name
        self.namespace = namespace
        self.revision = revision
        self.isUpgrade = isUpgrade
    }
}

/// One rendering of a chart.
public struct RenderRequest: Sendable {
    /// Takes all rendered documents as one stream and answers what shall stand for them.
    public typealias PostRenderer = @Sendable ([UInt8]) throws(LoadFailure) -> [UInt8]

    public var chart: LoadedChart
    /// What the user says about values.
    public var values: ValueOptions
    public var release: ReleaseInfo
    public var capabilities: Capabilities
    /// Time, randomness, and the cluster for `lookup`.
    public var host: Host
    public var limits = Limits()
    /// Whether the notes of subcharts are added to those of the chart.
    public var includesSubchartNotes = false
    /// Whether it is counted how long each template takes.
    public var profiles = false
    /// What changes the rendered documents before they are sorted; nil for nothing.
    public var postRenderer: PostRenderer?
    /// Leaves values.schema.json out of account.
    public var skipsSchemaValidation = false

    public init(
        chart: LoadedChart, values: ValueOptions, release: ReleaseInfo, capabilities: Capabilities, host: Host
    ) {
        self.chart = chart
        self.values = values
        self.release = release
        self.capabilities = capabilities
        self.host = host
    }
}

/// What a chart rendered to, and what a release record keeps of it.
public struct RenderResult: Sendable {
    /// The chart with its dependencies processed.
    public var chart: LoadedChart
    /// What the user gave: the record's `config`.
    public var config: Object
    /// The documents in the order of installation.
    public var manifests: [Manifest]
    public var hooks: [Hook]
    public var notes: Text
    /// What Helm would write to its log.
    public var warnings: [RenderWarning]
    /// How long each template took, where the request asked for it.
    public var profile: RenderProfile?
    /// What the templates worked on, to be taken apart with the result: at the end of a process nobody need do it.
    let worn: WornMaps

    /// The manifests as one text: each after `---` and a comment that names its template.
    public var manifest: Text {
        var bytes: [UInt8] = []
        for manifest in manifests {
            bytes += "---\n# Source: \(manifest.path)\n".utf8
            manifest.content.withBytes { bytes += $0 }
            bytes.append(UInt8(ascii: "\n"))
        }
        return Text(bytes: bytes)
    }
}

/// The maps that templates worked on, when no template can see them any more.
///
/// Unchecked, for nobody reads or changes them: only `deinit` touches what is held, once and on one thread.
final class WornMaps: @unchecked Sendable {
    private var maps: GoMap?

    init(_ maps: GoMap) { self.maps = maps }

    // Templates nest maps as deep as they like.
    deinit { BigStack.run { _ in maps = nil } }
}

/// A remark of Helm's log.
public struct RenderWarning: Sendable, Hashable {
    public var message: String
    public var attributes: [Attribute]
    /// Whether Helm writes it by Go's package log, whose lines slog takes for information (slog.SetDefault).
    public var isInformation: Bool

    /// What belongs to a remark, by its name.
    public struct Attribute: Sendable, Hashable {
        public let key: String
        public let value: String
    }
}

/// Why a chart could not be rendered.
public enum RenderError: Error {
    /// The values do not fit the chart.
    case values(String, [FailurePlace])
    /// The chart does not fit the cluster, a template failed, or what it wrote is no manifest. Helm adds a hint to these.
    case rendering(String, [FailurePlace])
}

extension RenderError: CustomStringConvertible {
    /// Helm's words.
    public var description: String {
        switch self {
        case .values(let words, _), .rendering(let words, _): words
        }
    }

    /// What went wrong where, the nearest first.
    public var places: [FailurePlace] {
        switch self {
        case .values(_, let places), .rendering(_, let places): places
        }
    }
}
