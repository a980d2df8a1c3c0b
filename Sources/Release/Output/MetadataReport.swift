public import Document

/// What `get metadata` tells of a revision (pkg/action/get_metadata.go).
public struct MetadataReport: Sendable {
    public var revision: Revision

    public init(_ revision: Revision) { self.revision = revision }

    private var metadata: Value { revision.chart?.value["metadata"] ?? [:] }
    private var dependencies: [Value] { metadata["dependencies"]?.array ?? [] }

    private var applyMethod: String {
        switch revision.applyMethod {
        case "": "client-side apply (defaulted)"
        case "csa": "client-side apply"
        case "ssa": "server-side apply"
        case let other: "unknown (\"\(other)\")"
        }
    }

    /// The report as text.
    public func text(_ format: OutputFormat) -> Text { json.text(format) ?? table }

    private var json: OrderedJSON {
        let labels = Object(revision.labels.map { (Text($0.key), Value.string($0.value)) })
        func string(_ text: String) -> OrderedJSON { .plain(.string(text)) }
        return .structure(omittingNil: [
            ("name", string(revision.name)), ("chart", string(revision.chart?.name ?? "")),
            ("version", string(revision.chart?.version ?? "")),
            ("appVersion", string(revision.chart?.appVersion ?? "")),
            ("annotations", metadata["annotations"].map { .plain($0) }),
            ("labels", labels.isEmpty ? nil : .plain(.object(labels))),
            ("dependencies", dependencies.isEmpty ? nil : .list(dependencies.map(StoredChart.dependency))),
            ("namespace", string(revision.namespace)), ("revision", .plain(.int(revision.number))),
            ("status", string(revision.info.status.rawValue)),
            ("deployedAt", string((revision.info.lastDeployed ?? Moment(Moment.zeroTime)).rfc3339)),
            ("applyMethod", .text(revision.applyMethod)),
        ])
    }

    private var table: Text {
        func set(_ pairs: [(String, String)]) -> String {
            pairs.sorted { Text($0.0) < Text($1.0) }.map { "\($0.0)=\($0.1)" }.joined(separator: ",")
        }
        let annotations = (metadata["annotations"]?.object ?? [:]).map { ($0.key.string, $0.value.string ?? "") }
        let needed = dependencies.compactMap { $0["name"]?.string }.sorted { Text($0) < Text($1) }
        let lines = [
            "NAME: \(revision.name)", "CHART: \(revision.chart?.name ?? "")",
            "VERSION: \(revision.chart?.version ?? "")", "APP_VERSION: \(revision.chart?.appVersion ?? "")",
            "ANNOTATIONS: \(set(annotations))", "LABELS: \(set(revision.labels.map { ($0.key, $0.value) }))",
            "DEPENDENCIES: \(needed.joined(separator: ","))", "NAMESPACE: \(revision.namespace)",
            "REVISION: \(revision.number)", "STATUS: \(revision.info.status)",
            "DEPLOYED_AT: \((revision.info.lastDeployed ?? Moment(Moment.zeroTime)).rfc3339)",
            "APPLY_METHOD: \(applyMethod)",
        ]
        return Text(lines.map { $0 + "\n" }.joined())
    }
}
