import Chart
import Document
import Flags

/// `helmctl show`: prints what a chart says of itself.
struct ShowCommand: Command {
    static let description = CommandDescription(
        "show", "Show information of a chart", aliases: ["inspect"],
        subcommands: [
            ShowAllCommand.self, ShowChartCommand.self, ShowDefinitionsCommand.self, ShowReadmeCommand.self,
            ShowValuesCommand.self,
        ])
    let connection = ConnectionFlags()
}

/// The chart that a `show` command looks at.
struct ShownChart {
    @Argument(0) var chart: String

    let connection = ConnectionFlags()
    let transfer = TransferFlags()

    let source = SourceFlags()

    @Flag("jsonpath", "supply a JSONPath expression to filter the output")
    var path: String?

    func texts() throws -> ChartTexts {
        try source.refuseWhatIsMissing()
        do {
            let loaded = try ChartLoader.load(try ChartReference.locate(chart))
            Console.log(loaded.remarks)
            var texts = ChartTexts(loaded)
            if let path { try filter(&texts, path) }
            return texts
        } catch let error as LoadFailure {
            throw CommandFailure(error)
        }
    }

    private func filter(_ texts: inout ChartTexts, _ path: String) throws {
        do {
            texts.shownValues = Array(try JSONPathTemplate(path).text(of: .object(texts.defaults)).utf8)
        } catch {
            throw CommandFailure("error parsing jsonpath \(path): \(error.message)")
        }
    }
}

/// `helmctl show all`
struct ShowAllCommand: Command {
    static let description = CommandDescription(
        "all [CHART]", "Show all information of the chart", arguments: .exactly(1))
    let shown = ShownChart()

    func run() throws { Console.print(try shown.texts().all) }
}

/// `helmctl show chart`
struct ShowChartCommand: Command {
    static let description = CommandDescription("chart [CHART]", "Show the chart's definition", arguments: .exactly(1))
    let shown = ShownChart()

    func run() throws { Console.print(try shown.texts().metadata) }
}

/// `helmctl show crds`
struct ShowDefinitionsCommand: Command {
    static let description = CommandDescription("crds [CHART]", "Show the chart's CRDs", arguments: .exactly(1))
    let shown = ShownChart()

    func run() throws { Console.print(try shown.texts().definitions) }
}

/// `helmctl show readme`
struct ShowReadmeCommand: Command {
    static let description = CommandDescription("readme [CHART]", "Show the chart's README", arguments: .exactly(1))
    let shown = ShownChart()

    func run() throws { Console.print(try shown.texts().readme ?? []) }
}

/// `helmctl show values`
struct ShowValuesCommand: Command {
    static let description = CommandDescription("values [CHART]", "Show the chart's values", arguments: .exactly(1))
    let shown = ShownChart()

    func run() throws { Console.print(try shown.texts().values ?? []) }
}
