import Archive
import Chart
import Document
import Template
import TestSupport

/// Charts for tests: the one of the repository, and small ones in memory.
enum Charts {
    /// The example that the repository carries.
    static let hello = "\(Machine.package)/charts/hello"

    /// A machine whose clock stands.
    static let host = Host(
        now: { 1_700_000_000_000_000_000 }, random: { [UInt8](repeating: 7, count: $0) })

    /// A chart of these files; Chart.yaml is added where it is missing.
    static func chart(_ files: [String: String]) throws -> LoadedChart {
        try ChartLoader.load(files: chartFiles(files))
    }

    /// The files, sorted by name as a folder is read.
    static func chartFiles(_ files: [String: String]) -> [ChartFile] {
        var all = files
        if all["Chart.yaml"] == nil { all["Chart.yaml"] = "apiVersion: v2\nname: c\nversion: 1.2.3\n" }
        return all.sorted { $0.key < $1.key }.map { ChartFile(name: $0.key, bytes: Array($0.value.utf8)) }
    }

    /// A packed archive with these entries.
    static func archive(_ entries: [(String, String)]) throws -> [UInt8] {
        let writer = try ArchiveWriter(compression: ArchiveWriter.Compression())
        for (path, text) in entries {
            try writer.add(ArchiveEntry(path: path, kind: .file), contents: Array(text.utf8))
        }
        return try writer.finish()
    }

    /// What `template` would print of a chart.
    static func rendered(_ chart: LoadedChart, _ values: ValueOptions = ValueOptions()) throws -> String {
        let request = RenderRequest(
            chart: chart, values: values, release: ReleaseInfo(name: "demo", namespace: "ns"),
            capabilities: .helmDefault, host: host)
        let result = try ChartRenderer.render(request)
        return String(decoding: RenderedText(result, hooks: result.hooks, definitions: []).bytes, as: UTF8.self)
    }

    /// The words with which loading fails.
    static func loadFailure(_ load: () throws -> LoadedChart) -> String {
        do {
            return "loaded \(try load().name)"
        } catch let failure as LoadFailure {
            return failure.message
        } catch {
            return "\(error)"
        }
    }
}
