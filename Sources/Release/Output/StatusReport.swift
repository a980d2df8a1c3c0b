public import Document

/// What install, upgrade, status and test print of a revision (pkg/cmd/status.go: statusPrinter).
public struct StatusReport: Sendable {
    public var revision: Revision
    /// With values, hooks and manifest.
    public var isVerbose = false
    /// With the chart's name and versions: `get all`.
    public var showsChart = false
    public var hidesNotes = false
    public var coloring = Coloring()

    public init(_ revision: Revision) { self.revision = revision }

    /// The report as text.
    public func text(_ format: OutputFormat) -> Text { revision.json.text(format) ?? table }

    private var table: Text {
        var text = Text(head + resources + tests)
        if isVerbose { text = text + values }
        if isVerbose || revision.info.description.lowercased() == "dry run complete" { text = text + manifests }
        if !hidesNotes, !revision.info.notes.isEmpty {
            text = text + "NOTES:\n" + Self.trimmed(revision.info.notes) + "\n"
        }
        return text
    }

    private var head: String {
        var lines = ["NAME: \(revision.name)"]
        if let deployed = revision.info.lastDeployed { lines.append("LAST DEPLOYED: \(deployed.local.ansic)") }
        lines += [
            "NAMESPACE: \(coloring.namespace(revision.namespace))", "STATUS: \(coloring.status(revision.info.status))",
            "REVISION: \(revision.number)",
        ]
        if showsChart {
            lines += ["CHART: \(revision.chart?.name ?? "")", "VERSION: \(revision.chart?.version ?? "")"]
            lines.append("APP_VERSION: \(revision.chart?.appVersion ?? "")")
        }
        lines.append("DESCRIPTION: \(revision.info.description)")
        return lines.map { $0 + "\n" }.joined()
    }

    private var resources: String {
        if revision.info.resources.isEmpty { return "" }
        let groups = revision.info.resources.sorted { Text($0.key) < Text($1.key) }.map { title, objects in
            var printer = ServerTable()
            return "==> \(title)\n\(objects.map { printer.text($0) }.joined())\n"
        }
        return "RESOURCES:\n\(groups.joined())\n"
    }

    private var tests: String {
        let tests = revision.hooks.filter { $0.runs(at: .test) }
        if tests.isEmpty { return "TEST SUITE: None\n" }
        return tests.compactMap { hook -> String? in
            guard let started = hook.lastRun.started else { return nil }
            let completed = hook.lastRun.completed ?? Moment(Moment.zeroTime)
            return "TEST SUITE:     \(hook.name)\nLast Started:   \(started.local.ansic)\n"
                + "Last Completed: \(completed.local.ansic)\nPhase:          \(hook.lastRun.phase)\n"
        }.joined()
    }

    private var values: Text {
        let computed = ValuesMerge.computed(revision.chart, revision.config)
        // A record without values reads back as Go's nil map.
        let given: Value = showsChart && revision.config.isEmpty ? .null : .object(revision.config)
        return "USER-SUPPLIED VALUES:\n" + YAML.text(given) + "\nCOMPUTED VALUES:\n"
            + YAML.text(.object(computed)) + "\n"
    }

    private var manifests: Text {
        let hooks = revision.hooks.map { Text("---\n# Source: \($0.path)\n") + $0.manifest + "\n" }
        return hooks.reduce("HOOKS:\n", +) + "MANIFEST:\n" + revision.manifest + "\n"
    }

    /// strings.TrimSpace, for the blanks that notes have.
    private static func trimmed(_ text: Text) -> Text {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = text.bytes.drop(while: isBlank)
        guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return "" }
        return Text(bytes: bytes[...last])
    }
}
