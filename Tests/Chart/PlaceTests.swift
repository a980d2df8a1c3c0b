import Chart
import Document
import Template
import TestSupport
import Testing

/// Whatever goes wrong in a template has a `FILE:LINE:COLUMN`, and the text there is what failed.
struct PlaceTests {
    private func places(_ chart: LoadedChart, _ values: ValueOptions = ValueOptions()) -> [FailurePlace] {
        let request = RenderRequest(
            chart: chart, values: values, release: ReleaseInfo(name: "demo", namespace: "demo-ns"),
            capabilities: .helmDefault, host: Charts.host)
        do throws(RenderError) { _ = try ChartRenderer.render(request) } catch {
            if case .rendering(_, let places) = error { return places }
        }
        return []
    }

    /// Of charts that are refused for what their templates say: libraries and schemas have no template at fault.
    @Test(.needsShared) func everyFailingChartOfTheCorpusPointsAtItsAction() throws {
        guard let shared = Machine.shared else { return }
        let text = String(decoding: try readFile("\(shared)/helm/corpus.tsv"), as: UTF8.self)
        var rows: [[String]] = []
        for line in text.split(separator: "\n") {
            let row = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if row[7] == "err", row[6] == "default", line.contains("execution error") { rows.append(row) }
        }
        #expect(rows.count >= 6)
        for row in rows {
            let found = places(try ChartLoader.load("\(shared)/helm/charts/\(row[0]).tgz"))
            guard let first = found.first, let error = row.last else {
                Issue.record("\(row[0]) has no place")
                continue
            }
            // Helm names the outermost template; the deepest of ours is where `fail` or `required` stands.
            #expect(found.contains { error.contains("(\($0.location))") }, "\(row[0]): \(found.map(\.location))")
            let text = String(decoding: Array(first.excerpt.utf8.dropFirst(first.column)), as: UTF8.self)
            #expect(text.contains("fail") || text.contains("required"), "\(row[0]): \(first.text)")
        }
    }

    @Test(.needsShared) func aHundredCasesOfErrorsPointAtTheirActions() throws {
        guard let shared = Machine.shared else { return }
        let lines = String(decoding: try readFile("\(shared)/helm/cases/errors.jsonl"), as: UTF8.self)
        let cases = try lines.split(separator: "\n").map { try JSON.parse(Text(String($0))) }
            .filter { $0["t"] != nil && $0["err"]?.string?.contains("executing") == true }
        let chosen = stride(from: 0, to: cases.count, by: max(1, cases.count / 100)).map { cases[$0] }.prefix(100)
        #expect(chosen.count == 100)
        for row in chosen {
            let (words, template) = (row["err"]?.string ?? "", row["t"]?.string ?? "")
            guard let first = places(try chart(row)).first else {
                Issue.record("no place: \(template)")
                continue
            }
            // Where Helm names the deepest template, ours is the same; the place lies in the line that is shown.
            let deepest = words.split(separator: "template: ").last ?? ""
            if !deepest.hasPrefix("gotpl") { #expect(words.contains(first.location), "\(first.text)\(words)") }
            #expect(first.column < max(1, first.excerpt.utf8.count), "\(template): \(first.text)")
        }
    }

    /// The chart of a case in its short form: `t` is a helper, which templates/out.yaml prints.
    private func chart(_ row: Value) throws -> LoadedChart {
        var files = [
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.2.3\nappVersion: \"4.5\"\n",
            "templates/_t.tpl": row["t"]?.string ?? "",
            "templates/out.yaml": "out: {{ include (print .Template.BasePath \"/_t.tpl\") . | toJson }}\n",
        ]
        if let values = row["v"] { files["values.yaml"] = JSON.text(values).string }
        for member in row["f"]?.object ?? [:] { files[member.key.string] = member.value.string }
        return try Charts.chart(files)
    }
}
