import Archive
import Document
import Template

/// Packs a chart into an archive as Helm writes it: Chart.yaml made anew, files with mode 0644, no folders, subcharts
/// unpacked below charts/, Helm's mark in the gzip header.
public enum ChartPacker {
    /// The extra field by which an archive is known as Helm's.
    private static let mark = Array("+aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=".utf8)

    /// The bytes of the archive.
    ///
    /// - Parameter modified: the time of every entry; that of each file where nil.
    public static func pack(_ chart: LoadedChart, modified: Int64? = nil) throws(LoadFailure) -> [UInt8] {
        if hasMalformedSchema(chart) {
            throw LoadFailure(.malformed, "values.schema.json", "invalid JSON in values.schema.json")
        }
        do throws(ArchiveError) {
            let header = Gzip.Header(extra: mark, comment: "Helm")
            let writer = try ArchiveWriter(compression: ArchiveWriter.Compression(header: header))
            for file in files(chart, below: "") {
                let time = modified ?? file.modified
                let entry = ArchiveEntry(path: file.name, kind: .file, mode: 0o644, modified: time)
                try writer.add(entry, contents: file.bytes)
            }
            return try writer.finish()
        } catch {
            throw LoadFailure(.archive, chart.name, error.description)
        }
    }

    private static func hasMalformedSchema(_ chart: LoadedChart) -> Bool {
        if let schema = chart.schema, (try? JSON.parse(schema)) == nil { return true }
        return chart.dependencies.contains(where: hasMalformedSchema)
    }

    /// The name of the archive's file.
    public static func fileName(_ chart: LoadedChart) -> String { "\(chart.name)-\(chart.metadata.version).tgz" }

    /// The entries in Helm's order.
    private static func files(_ chart: LoadedChart, below prefix: String) -> [ChartFile] {
        let base = prefix + chart.name + "/"
        func entry(_ file: ChartFile) -> ChartFile {
            ChartFile(name: base + file.name, bytes: file.bytes, modified: file.modified)
        }
        var result: [ChartFile] = []
        let time = chart.rawFile("Chart.yaml")?.modified ?? 0
        var metadata = chart.metadata
        metadata.sanitize()
        // Those of v1 stand in requirements.yaml.
        if metadata.apiVersion == "v1" { metadata.dependencies = nil }
        result.append(ChartFile(name: base + "Chart.yaml", bytes: YAML.write(metadata.json), modified: time))
        if chart.metadata.apiVersion == "v2", let lock = chart.rawFile("Chart.lock"), let value = chart.lock {
            result.append(
                ChartFile(name: base + lock.name, bytes: DependencyLock.packed(value), modified: lock.modified))
        }
        result += ["values.yaml", "values.schema.json"].compactMap { chart.rawFile($0).map(entry) }
        result += chart.templates.map(entry) + chart.files.map(entry)
        return result + chart.dependencies.flatMap { files($0, below: base + "charts/") }
    }
}
