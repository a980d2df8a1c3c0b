public import Document

/// A chart as a record holds it: the JSON of Helm's chart struct, without subcharts, with values already coalesced.
public struct StoredChart: Sendable, Hashable {
    public var value: Value

    public init(_ value: Value) { self.value = value }

    public var name: String { metadata("name") }
    public var version: String { metadata("version") }
    public var appVersion: String { metadata("appVersion") }
    /// The chart's default values.
    public var values: Value { value["values"] ?? [:] }

    private func metadata(_ key: Text) -> String { value["metadata", key]?.string ?? "" }

    /// `NAME-VERSION`, the form in tables; Helm's word where the record has lost its chart.
    public var title: String { value["metadata"]?.object == nil ? "MISSING" : "\(name)-\(version)" }

    /// The application's version as tables show it.
    public var shownAppVersion: String { value["metadata"]?.object == nil ? "MISSING" : appVersion }

    // The order of the fields in Helm's structs (pkg/chart/v2: Chart, Metadata, Lock, Dependency, Maintainer, File).
    private static let order = [
        "metadata", "lock", "templates", "values", "schema", "schemamodtime", "files", "modtime",
    ]
    private static let metadataOrder = [
        "name", "home", "sources", "version", "description", "keywords", "maintainers", "icon", "apiVersion",
        "condition", "tags", "appVersion", "deprecated", "annotations", "kubeVersion", "dependencies", "type",
    ]
    private static let dependencyOrder = [
        "name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias",
    ]

    /// The members in the order of Helm's structs.
    var json: OrderedJSON {
        .object(
            value, order: Self.order,
            members: [
                "metadata": { Self.metadata($0) },
                "lock": { .object($0, order: ["generated", "digest", "dependencies"], members: Self.dependencies) },
                "templates": { Self.files($0) },
                "files": { Self.files($0) },
            ])
    }

    private static func metadata(_ value: Value) -> OrderedJSON {
        var members = dependencies
        members["maintainers"] = { list($0, ["name", "email", "url"]) }
        return .object(value, order: metadataOrder, members: members)
    }

    private static var dependencies: [String: (Value) -> OrderedJSON] {
        ["dependencies": { list($0, dependencyOrder) }]
    }

    /// A dependency in the order of Helm's struct.
    static func dependency(_ value: Value) -> OrderedJSON { .object(value, order: dependencyOrder) }

    private static func files(_ value: Value) -> OrderedJSON { list(value, ["name", "data", "modtime"]) }

    private static func list(_ value: Value, _ order: [String]) -> OrderedJSON {
        value.array.map { .list($0.map { .object($0, order: order) }) } ?? .plain(value)
    }
}
