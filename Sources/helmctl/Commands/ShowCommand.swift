import ArgumentParser
import Chart
import Document

/// `helmctl show`: prints what a chart says of itself.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show information of a chart.",
        subcommands: [
            ShowAllCommand.self,
            ShowChartCommand.self,
            ShowDefinitionsCommand.self,
            ShowReadmeCommand.self,
            ShowValuesCommand.self,
        ],
        aliases: ["inspect"])
}

/// The chart that a `show` command looks at.
struct ShownChart: ParsableArguments {
    @Argument(help: "The chart's folder or archive.")
    var charts: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var transfer: TransferFlags

    @OptionGroup var source: SourceFlags

    @Option(name: .customLong("jsonpath"), help: "supply a JSONPath expression to filter the output")
    var path: String?

    func texts(_ command: String) throws -> ChartTexts {
        try ArgumentCount.exactly(1, charts, "show \(command)", "[CHART] [flags]")
        try source.refuseWhatIsMissing()
        do {
            var texts = ChartTexts(try ChartLoader.load(try ChartReference.locate(charts[0])))
            if let path { try filter(&texts, path) }
            return texts
        } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }

    private func filter(_ texts: inout ChartTexts, _ path: String) throws {
        do {
            texts.shownValues = Array(try JSONPath(path).text(of: .object(texts.defaults)).utf8)
        } catch {
            throw CommandFailure("error parsing jsonpath \(path): \(error.message)")
        }
    }
}

/// `helmctl show all`
struct ShowAllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Show all information of the chart.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts("all").all) }
}

/// `helmctl show chart`
struct ShowChartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "chart", abstract: "Show the chart's definition.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts("chart").metadata) }
}

/// `helmctl show crds`
struct ShowDefinitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "crds", abstract: "Show the chart's CRDs.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts("crds").definitions) }
}

/// `helmctl show readme`
struct ShowReadmeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "readme", abstract: "Show the chart's README.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts("readme").readme ?? []) }
}

/// `helmctl show values`
struct ShowValuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "values", abstract: "Show the chart's values.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts("values").values ?? []) }
}
