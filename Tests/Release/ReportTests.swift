import API
import Document
import Glibc
import TestSupport
import Testing

@testable import Release

/// What is printed, held against files; `UPDATE_GOLDENS=1` writes them anew.
struct ReportTests {
    private func check(_ text: Text, _ name: String) throws {
        let path = "\(Machine.package)/Tests/Goldens/Release/\(name)"
        if getenv("UPDATE_GOLDENS") != nil {
            guard let file = fopen(path, "w") else { throw SystemFailure("open \(path)") }
            defer { fclose(file) }
            let bytes = text.bytes
            fwrite(bytes, 1, bytes.count, file)
        }
        #expect(text == Text(bytes: try readFile(path)))
    }

    private static func revision(_ name: String, _ number: Int, _ status: ReleaseStatus, _ description: String)
        -> Revision
    {
        let then = Moment(Time(seconds: 242_085_845 + Int64(number), nanoseconds: number == 1 ? 500_000_000 : 0))
        return Revision(
            name: name, namespace: "default", number: number,
            info: .init(
                firstDeployed: then, lastDeployed: then, description: description, status: status,
                notes: "  Some mock release notes!\n\n"),
            chart: StoredChart([
                "metadata": [
                    "name": "foo", "version": "0.1.0-beta.1", "appVersion": "1.0",
                    "annotations": ["supported": "true", "category": "web-apps"],
                    "dependencies": [["name": "crds", "version": ">0.1"], ["name": "cool-plugin"]],
                ],
                "values": ["name": "default", "deep": ["a": 1]],
            ]),
            config: ["name": "value"], manifest: "---\n# Source: foo/templates/a.yaml\nkind: Secret\n",
            hooks: [
                HookRecord(
                    name: "pre", kind: "Job", path: "foo/hook.yaml", manifest: "kind: Job\n", events: ["pre-install"])
            ],
            applyMethod: "ssa", labels: ["team": "a", "name": "x"])
    }

    private static let all = [
        revision("thomas-guide", 1, .deployed, "Install complete"),
        revision("a-much-longer-name-than-that", 22, .failed, "Upgrade \"x\" failed: one\ncontext deadline exceeded"),
    ]

    @Test(arguments: OutputFormat.allCases)
    func lists(format: OutputFormat) throws { try check(ListReport(Self.all).text(format), "list.\(format)") }

    /// The escapes of fatih/color; they count for the widths of columns, as in Helm.
    @Test func reportsAreColoredWhereThatIsWanted() {
        var list = ListReport(Self.all)
        list.coloring = Coloring(isOn: true)
        let lines = list.text(.table).string.split(separator: "\n")
        #expect(lines[0].hasPrefix("\u{1B}[1mNAME\u{1B}[22m") && lines[0].contains("\u{1B}[1mAPP VERSION\u{1B}[22m"))
        #expect(lines[1].contains("\u{1B}[36m") && lines[1].contains("\u{1B}[32mdeployed\u{1B}[0m"))
        #expect(lines[2].contains("\u{1B}[31mfailed\u{1B}[0m"))
        var status = StatusReport(Self.all[0])
        status.coloring = Coloring(isOn: true)
        #expect(status.text(.table).string.contains("STATUS: \u{1B}[32mdeployed\u{1B}[0m\n"))
        #expect(!list.text(.json).string.contains("\u{1B}"))
    }

    @Test(arguments: OutputFormat.allCases)
    func histories(format: OutputFormat) throws {
        try check(HistoryReport(Self.all).text(format), "history.\(format)")
    }

    @Test(arguments: OutputFormat.allCases)
    func statuses(format: OutputFormat) throws {
        var revision = Self.all[0]
        revision.chart = nil
        try check(StatusReport(revision).text(format), "status.\(format)")
    }

    @Test(arguments: OutputFormat.allCases)
    func metadata(format: OutputFormat) throws {
        try check(MetadataReport(Self.all[0]).text(format), "metadata.\(format)")
    }

    @Test(arguments: OutputFormat.allCases)
    func values(format: OutputFormat) throws {
        try check(ValuesReport(Self.all[0]).text(format), "values.\(format)")
        var everything = ValuesReport(Self.all[0])
        everything.showsAll = true
        try check(everything.text(format), "values-all.\(format)")
    }

    @Test func everythingOfARelease() throws {
        var report = StatusReport(Self.all[0])
        report.isVerbose = true
        report.showsChart = true
        try check(report.text(.table), "all.table")
    }

    @Test func testRunsAreShown() throws {
        var revision = Self.all[0]
        let started = Moment(Time(seconds: 242_085_900))
        revision.hooks.append(
            HookRecord(
                name: "check", kind: "Pod", path: "t.yaml", manifest: "kind: Pod\n", events: ["test"],
                lastRun: .init(started: started, completed: started, phase: "Succeeded")))
        try check(StatusReport(revision).text(.table), "test.table")
    }

    @Test func noValuesAreNull() {
        #expect(ValuesReport(Revision(name: "a", namespace: "b")).text(.table) == "USER-SUPPLIED VALUES:\nnull\n")
    }

    @Test func serverTablesAreAligned() {
        var printer = ServerTable()
        let columns: Value = [
            ["name": "Name", "priority": 0], ["name": "Ready", "priority": 0], ["name": "Hidden", "priority": 1],
            ["name": "Age", "priority": 0],
        ]
        func table(_ rows: [Value]) -> Value {
            ["kind": "Table", "columnDefinitions": columns, "rows": .array(rows.map { ["cells": $0] })]
        }
        #expect(printer.text(table([])) == "")
        #expect(
            printer.text(table([["demo-with-a-name", "1/1", "x", "3s"]]))
                == "NAME               READY   AGE\ndemo-with-a-name   1/1     3s\n")
        #expect(printer.text(table([["b", 2, "x", .null]])) == "b     2     <none>\n")
    }

    @Test(arguments: [
        (LogRecord(.warn, "this chart is deprecated"), "level=WARN msg=\"this chart is deprecated\""),
        (LogRecord(.error, "x", [.init("a", ""), .init("b", "c\"d\n")]), "level=ERROR msg=x a=\"\" b=\"c\\\"d\\n\""),
    ])
    func logLines(record: LogRecord, line: String) { #expect(record.text == line) }

    @Test(arguments: [
        ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05 +0000 UTC", "Fri Jan  2 03:04:05 2026"),
        ("2026-11-21T10:00:00.120-02:30", "2026-11-21 10:00:00.12 -0230 -0230", "Sat Nov 21 10:00:00 2026"),
    ])
    func times(text: String, shown: String, ansic: String) throws {
        let moment = try #require(Moment(text))
        #expect(moment.goString == shown && moment.ansic == ansic)
    }
}
