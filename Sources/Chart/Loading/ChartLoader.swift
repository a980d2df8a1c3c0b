import Document
import Template

/// Puts a chart together from its files.
public enum ChartLoader {
    private static let maximumDepth = 50

    /// Loads a chart from a folder or a packed archive.
    ///
    /// - Parameter isForRendering: whether the templates are going to be rendered, so that a second thread may begin to
    ///   read them.
    public static func load(_ path: String, isForRendering: Bool = false) throws(LoadFailure) -> LoadedChart {
        if HostFile.isFolder(path) { return try chart(of: try FolderReader.files(of: path)) }
        guard HostFile.exists(path) else {
            throw LoadFailure(.notFound, path, "stat \(path): no such file or directory")
        }
        let reader = ArchiveFiles(ahead: isForRendering ? WorkAhead() : nil)
        var chart = try chart(of: try reader.files(of: try HostFile.read(path), path: path), reader)
        chart.ahead = reader.ahead
        return chart
    }

    /// Loads a packed chart that lies in memory.
    public static func load(archive bytes: [UInt8], named path: String) throws(LoadFailure) -> LoadedChart {
        try chart(of: try ArchiveFiles().files(of: bytes, path: path))
    }

    /// Puts a chart together from files that were read.
    public static func load(files: [ChartFile]) throws(LoadFailure) -> LoadedChart { try chart(of: files) }

    private static func chart(
        of files: [ChartFile], _ reader: ArchiveFiles = ArchiveFiles(), depth: Int = 0
    ) throws(LoadFailure) -> LoadedChart {
        if depth > maximumDepth {
            throw LoadFailure(.malformed, "charts", "charts nest deeper than \(maximumDepth)")
        }
        var builder = ChartBuilder(files)
        try builder.readMetadata()
        for file in files { try builder.sort(file) }
        try builder.check()
        for (name, files) in builder.subcharts {
            if let subchart = try subchart(name, files, of: builder.chart, reader, depth: depth) {
                builder.chart.remarks += subchart.remarks
                builder.chart.dependencies.append(subchart)
            }
        }
        return builder.chart
    }

    private static func subchart(
        _ name: String, _ files: [ChartFile], of parent: LoadedChart, _ reader: ArchiveFiles, depth: Int
    ) throws(LoadFailure) -> LoadedChart? {
        if name.hasPrefix("_") || name.hasPrefix(".") { return nil }
        do throws(LoadFailure) {
            guard name.hasSuffix(".tgz") else {
                let inner = files.compactMap { file -> ChartFile? in
                    guard let slash = file.name.firstIndex(of: "/") else { return nil }
                    let name = String(file.name[file.name.index(after: slash)...])
                    return file.moved(to: name)
                }
                return try chart(of: inner, reader, depth: depth + 1)
            }
            guard let file = files.first, file.name == name else {
                let found = files.first?.name ?? ""
                throw LoadFailure(
                    .malformed, name,
                    "error unpacking subchart tar in \(parent.name): expected \(name), got \(found)")
            }
            let inner = try reader.files(of: file.bytes, path: name, isSubchart: true)
            return try chart(of: inner, reader, depth: depth + 1)
        } catch {
            let words = "error unpacking subchart \(name) in \(parent.name): \(error.message)"
            throw LoadFailure(error.code, name, words, at: error.place)
        }
    }
}

/// A chart in the making.
private struct ChartBuilder {
    var chart: LoadedChart
    var hasMetadata = false
    /// Chart.yaml as it was read, over which requirements.yaml may be laid.
    private var document: Value = .null
    /// The files below charts/ by the name of their folder or archive, in order of appearance.
    var subcharts: [(String, [ChartFile])] = []

    init(_ files: [ChartFile]) {
        chart = LoadedChart(
            metadata: Metadata(), lock: nil, values: [:], schema: nil, templates: [], files: [], raw: files,
            dependencies: [])
    }

    mutating func readMetadata() throws(LoadFailure) {
        // An archive may hold several, each of which is decoded into the struct that those before it have filled.
        for file in chart.raw where file.name == "Chart.yaml" {
            let (base, isLater) = (document, hasMetadata)
            (document, chart.metadata) = try parse(file) { (value) throws(MetadataReader.Mismatch) in
                let merged = isLater && !value.isNull ? ChartBuilder.overlaid(base, value) : value
                return (merged, try MetadataReader.metadata(merged))
            }
            hasMetadata = true
        }
        if chart.metadata.apiVersion.isEmpty { chart.metadata.apiVersion = "v1" }
    }

    /// Puts a file where it belongs.
    mutating func sort(_ file: ChartFile) throws(LoadFailure) {
        switch file.name {
        case "Chart.yaml": return
        case "Chart.lock": chart.lock = try lock(file)
        case "values.yaml": try readValues(file)
        case "values.schema.json": chart.schema = file.bytes
        case "requirements.yaml": try readRequirements(file)
        case "requirements.lock":
            chart.lock = try lock(file)
            keepOld(file, "Dependency locking is handled in Chart.lock", "to Chart.lock")
        default:
            if file.name.hasPrefix("templates/") {
                chart.templates.append(file)
            } else if file.name.hasPrefix("charts/") {
                addToSubchart(file)
            } else {
                chart.files.append(file)
            }
        }
    }

    private mutating func addToSubchart(_ file: ChartFile) {
        if file.name.hasSuffix(".prov") { return chart.files.append(file) }
        let inner = String(file.name.dropFirst("charts/".count))
        let folder = String(inner.prefix { $0 != "/" })
        let entry = file.moved(to: inner)
        if let index = subcharts.firstIndex(where: { $0.0 == folder }) {
            subcharts[index].1.append(entry)
        } else {
            subcharts.append((folder, [entry]))
        }
    }

    private mutating func readValues(_ file: ChartFile) throws(LoadFailure) {
        do throws(ValuesReader.Failure) {
            chart.values = try ValuesReader.read(file.bytes)
        } catch {
            let place = error.place(in: "\(chart.name)/\(file.name)", file.bytes)
            throw LoadFailure(.malformed, file.name, "cannot load values.yaml: \(error.message)", at: place)
        }
    }

    /// Nil for a lock that holds nothing, as if there were none.
    private func lock(_ file: ChartFile) throws(LoadFailure) -> Value? {
        let value = try parse(file) { (value) throws(MetadataReader.Mismatch) in try MetadataReader.lock(value) }
        return value.isNull ? nil : value
    }

    /// The dependencies of charts of API version v1 stand in a file of their own. Helm decodes it into the struct that
    /// Chart.yaml has filled, so that every field in it counts, and lists are filled up element by element.
    private mutating func readRequirements(_ file: ChartFile) throws(LoadFailure) {
        let version = chart.metadata.apiVersion
        let base = document
        (document, chart.metadata) = try parse(file) { (value) throws(MetadataReader.Mismatch) in
            _ = try MetadataReader.metadata(value)
            let merged = value.isNull ? base : ChartBuilder.overlaid(base, value)
            return (merged, try MetadataReader.metadata(merged))
        }
        if chart.metadata.apiVersion.isEmpty { chart.metadata.apiVersion = version }
        keepOld(file, "Dependencies are handled in Chart.yaml", "dependencies to Chart.yaml")
    }

    /// A file that only charts of API version v1 should have.
    private mutating func keepOld(_ file: ChartFile, _ instead: String, _ target: String) {
        guard chart.metadata.apiVersion != "v1" else { return chart.files.append(file) }
        chart.remarks.append("Warning: \(instead) since apiVersion \"v2\". We recommend migrating \(target).")
    }

    /// What encoding/json leaves of a value when another is decoded into it.
    private static func overlaid(_ base: Value, _ new: Value) -> Value {
        switch (base, new) {
        case (.object(var result), .object(let members)):
            for member in members { result[member.key] = overlaid(result[member.key] ?? .null, member.value) }
            return .object(result)
        case (.array(let old), .array(let elements)):
            return .array(
                elements.enumerated().map { index, element in
                    index < old.count ? overlaid(old[index], element) : element
                })
        case (.string, .null), (.bool, .null), (.number, .null): return base
        default: return new
        }
    }

    private func parse<Result>(
        _ file: ChartFile, _ read: (Value) throws(MetadataReader.Mismatch) -> Result
    ) throws(LoadFailure) -> Result {
        let value: Value
        do throws(YAML.Failure) {
            value = try YAML.parse(file.bytes)
        } catch {
            throw cannotLoad(file, "error converting YAML to JSON: \(error.message)", error)
        }
        do throws(MetadataReader.Mismatch) {
            return try read(value)
        } catch {
            throw cannotLoad(file, "error unmarshaling JSON: while decoding JSON: \(error.message)")
        }
    }

    private func cannotLoad(_ file: ChartFile, _ words: String, _ cause: YAML.Failure? = nil) -> LoadFailure {
        let place = cause.flatMap { FailurePlace(file: file.name, file.bytes, $0, note: $0.message) }
        return LoadFailure(.malformed, file.name, "cannot load \(file.name): \(words)", at: place)
    }

    mutating func check() throws(LoadFailure) {
        chart.metadata.sanitize()
        guard hasMetadata else { throw LoadFailure(.invalid, "Chart.yaml", "Chart.yaml file is missing") }
        if let words = chart.metadata.firstFault {
            throw LoadFailure(.invalid, "Chart.yaml", "validation: \(words)")
        }
    }
}
