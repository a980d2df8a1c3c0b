import ArgumentParser
import Chart

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
    var chart: String

    func texts() throws -> ChartTexts {
        do {
            return ChartTexts(try ChartLoader.load(try ChartReference.locate(chart)))
        } catch {
            throw CommandFailure(error.message)
        }
    }
}

/// `helmctl show all`
struct ShowAllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Show all information of the chart.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts().all) }
}

/// `helmctl show chart`
struct ShowChartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "chart", abstract: "Show the chart's definition.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts().metadata) }
}

/// `helmctl show crds`
struct ShowDefinitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "crds", abstract: "Show the chart's CRDs.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts().definitions) }
}

/// `helmctl show readme`
struct ShowReadmeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "readme", abstract: "Show the chart's README.")
    @OptionGroup var shown: ShownChart

    func run() throws { Console.print(try shown.texts().readme ?? []) }
}

/// `helmctl show values`
struct ShowValuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "values", abstract: "Show the chart's values.")
    @OptionGroup var shown: ShownChart

    @Option(name: .customLong("jsonpath"), help: "supply a JSONPath expression to filter the output")
    var path: String?

    func run() throws {
        if path != nil { throw CommandFailure("--jsonpath is not supported yet") }
        Console.print(try shown.texts().values ?? [])
    }
}
