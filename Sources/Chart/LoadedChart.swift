public import Document
import Template

/// A chart with its subcharts, as it was read; charts of API version v1 and v2 alike.
public struct LoadedChart: Sendable {
    /// Chart.yaml.
    public var metadata: Metadata
    /// Chart.lock, if there is one.
    public var lock: Value?
    /// values.yaml, numbers as they stand there.
    public var values: Object
    /// values.schema.json.
    public var schema: [UInt8]?
    /// The files below templates/.
    public var templates: [ChartFile]
    /// What is none of the chart's own parts: what `.Files` shows, `crds/` among them.
    public var files: [ChartFile]
    /// All files as they were read, those of subcharts among them.
    public var raw: [ChartFile]
    /// The subcharts in charts/.
    public var dependencies: [LoadedChart]
    /// What Helm remarks while it loads the chart and its subcharts.
    public var remarks: [String] = []
    /// What works for the rendering already, where one is to come.
    var ahead: WorkAhead?

    /// The chart's name, or the alias that its parent gave it.
    public var name: String { metadata.name }

    /// A file of that path among all that were read.
    public func rawFile(_ name: String) -> ChartFile? { raw.first { $0.name == name } }

    /// The custom resource definitions in crds/, of subcharts too, each with the path that `--include-crds` shows.
    public var customResourceDefinitions: [ChartFile] { definitions(path: metadata.name) }

    private func definitions(path: String) -> [ChartFile] {
        let own = files.filter { $0.name.hasPrefix("crds/") && LoadedChart.isManifest($0.name) }
            .map { ChartFile(name: "\(path)/\($0.name)", contents: $0.contents) }
        return own + dependencies.flatMap { $0.definitions(path: "\(path)/charts/\($0.metadata.name)") }
    }

    /// Where Chart.yaml gives a field; nil where it does not.
    public func place(of field: Text, note: String) -> FailurePlace? {
        guard let file = rawFile("Chart.yaml"), let document = try? YAML.locate(file.bytes),
            case .object(let object) = document.value
        else { return nil }
        let (index, found) = object.position(of: field)
        guard found, document.place.children.indices.contains(index) else { return nil }
        let place = document.place.children[index]
        return FailurePlace(
            file: "\(name)/Chart.yaml", file.bytes, line: place.line, character: place.column, note: note)
    }

    /// hasManifestExtension compares endings in any letter case.
    static func isManifest(_ name: String) -> Bool {
        [".yaml", ".yml", ".json"].contains(GoText.ending(name).lowercased())
    }
}
