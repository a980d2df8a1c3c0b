public import Document

/// What `show` prints of a chart.
public struct ChartTexts {
    private let chart: LoadedChart
    private static let readmeNames: Set<String> = ["readme.md", "readme.txt", "readme"]

    /// What stands in place of values.yaml; nil for the file itself.
    public var shownValues: [UInt8]?

    public init(_ chart: LoadedChart) { self.chart = chart }

    /// The chart's default values.
    public var defaults: Object { chart.values }

    /// Chart.yaml, made anew from what was read.
    public var metadata: [UInt8] { YAML.write(chart.metadata.json) + [UInt8(ascii: "\n")] }

    /// values.yaml as it stands; nil where there is none.
    public var values: [UInt8]? {
        shownValues ?? chart.rawFile("values.yaml").map { $0.bytes + [UInt8(ascii: "\n")] }
    }

    /// The first file that is called readme, whatever its case; nil where there is none.
    public var readme: [UInt8]? {
        chart.files.first { ChartTexts.readmeNames.contains($0.name.lowercased()) }
            .map { $0.bytes + [UInt8(ascii: "\n")] }
    }

    /// The custom resource definitions, each after a separator.
    public var definitions: [UInt8] {
        chart.customResourceDefinitions.flatMap { file in
            (file.bytes.starts(with: "---".utf8) ? [] : Array("---\n".utf8)) + file.bytes + [UInt8(ascii: "\n")]
        }
    }

    /// All of it.
    public var all: [UInt8] {
        let separator = Array("---\n".utf8)
        return metadata + (values.map { separator + $0 } ?? []) + (readme.map { separator + $0 } ?? []) + definitions
    }
}
