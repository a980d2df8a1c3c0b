public import Document

/// The listing of releases (pkg/cmd/list.go).
public struct ListReport: Sendable {
    public var revisions: [Revision]
    public var hidesHeader = false
    public var coloring = Coloring()
    /// Writes the time of the last deployment; Go's own text of it where nil.
    public var time: (@Sendable (Moment) -> String)?

    public init(_ revisions: [Revision]) { self.revisions = revisions }

    /// The report as text.
    public func text(_ format: OutputFormat) -> Text {
        let names = ["name", "namespace", "revision", "updated", "status", "chart", "app_version"]
        let json = OrderedJSON.list(
            revisions.map { revision in
                .structure(zip(names, cells(revision)).map { ($0, .plain(.string($1))) })
            })
        return json.text(format) ?? table
    }

    private var table: Text {
        let header = ["NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"]
        // Escapes count for the columns' widths, as in Helm.
        var table = TextTable(hidesHeader ? [] : header.map(coloring.header))
        for revision in revisions {
            var row = cells(revision)
            row[1] = coloring.namespace(row[1])
            row[4] = coloring.status(revision.info.status)
            table.add(row)
        }
        return Text(table.text)
    }

    private func cells(_ revision: Revision) -> [String] {
        let updated = revision.info.lastDeployed.map { time?($0) ?? $0.goString } ?? "-"
        return [
            revision.name, revision.namespace, String(revision.number), updated, revision.info.status.rawValue,
            revision.chart?.title ?? "MISSING", revision.chart?.shownAppVersion ?? "MISSING",
        ]
    }
}

/// The names of releases alone: `list -q`.
public struct NamesReport: Sendable {
    public var names: [String]

    public init(_ names: [String]) { self.names = names }

    /// The report as text.
    public func text(_ format: OutputFormat) -> Text {
        OrderedJSON.plain(.array(names.map { .string($0) })).text(format) ?? Text(names.map { $0 + "\n" }.joined())
    }
}

/// The revisions of a release (pkg/cmd/history.go).
public struct HistoryReport: Sendable {
    public var revisions: [Revision]

    public init(_ revisions: [Revision]) { self.revisions = revisions }

    /// The report as text.
    public func text(_ format: OutputFormat) -> Text {
        OrderedJSON.list(revisions.map(json)).text(format) ?? table
    }

    private var table: Text {
        var table = TextTable(["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"])
        for revision in revisions {
            let deployed = revision.info.lastDeployed ?? Moment(Moment.zeroTime)
            table.add([
                String(revision.number), deployed.ansic, revision.info.status.rawValue,
                revision.chart?.title ?? "MISSING", revision.chart?.shownAppVersion ?? "MISSING",
                revision.info.description,
            ])
        }
        return Text(table.text)
    }

    private func json(_ revision: Revision) -> OrderedJSON {
        .structure(omittingNil: [
            ("revision", .plain(.int(revision.number))),
            ("updated", revision.info.lastDeployed.map { .plain(.string($0.text)) }),
            ("status", .plain(.string(revision.info.status.rawValue))),
            ("chart", .plain(.string(revision.chart?.title ?? "MISSING"))),
            ("app_version", .plain(.string(revision.chart?.shownAppVersion ?? "MISSING"))),
            ("description", .plain(.string(revision.info.description))),
        ])
    }
}

/// The values of a revision (pkg/cmd/get_values.go).
public struct ValuesReport: Sendable {
    public var revision: Revision
    /// The chart's values too.
    public var showsAll = false

    public init(_ revision: Revision) { self.revision = revision }

    /// The report as text.
    public func text(_ format: OutputFormat) -> Text {
        let values = showsAll ? ValuesMerge.computed(revision.chart, revision.config) : revision.config
        let json = OrderedJSON.plain(values.isEmpty && !showsAll ? .null : .object(values))
        if let text = json.text(format) { return text }
        return Text(showsAll ? "COMPUTED VALUES:\n" : "USER-SUPPLIED VALUES:\n") + YAML.text(json.sorted)
    }
}

/// The text of a revision's hooks (pkg/cmd/get_hooks.go).
public struct HooksReport: Sendable {
    public var revision: Revision

    public init(_ revision: Revision) { self.revision = revision }

    public var text: Text {
        revision.hooks.reduce("") { $0 + Text("---\n# Source: \($1.path)\n") + $1.manifest + "\n" }
    }
}
