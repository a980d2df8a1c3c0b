import Chart
import Document
import Flags
import Template

/// `helmctl values`: what is known of the values of a chart.
struct ValuesCommand: Command {
    static let description = CommandDescription(
        "values", "Look into the values of a chart", subcommands: [ValuesExplainCommand.self])
    let connection = ConnectionFlags()
}

/// `helmctl values explain`: tells for every value who wrote it, who lost, and why.
struct ValuesExplainCommand: Command {
    static let description = CommandDescription(
        "explain CHART [PATH]", "Tell for every value of a chart who wrote it, who lost, and why",
        arguments: .between(1, 2))

    @Arguments var arguments: [String]

    let connection = ConnectionFlags()
    let values = ValueFlags()

    @Flag("output", short: "o", "the form of the output: table or json", kind: "format")
    var output = "table"

    func run() throws {
        guard ["table", "json"].contains(output) else {
            throw CommandFailure("invalid argument \"\(output)\" for \"-o, --output\" flag: invalid format type")
        }
        let leaves = try found()
        if output == "json" {
            let text = JSON.text(.array(leaves.map(\.json)), JSON.Format(indent: "  "))
            return Console.print(text.string + "\n")
        }
        Console.print(leaves.map(\.text).joined())
    }

    private func found() throws -> [ValueOrigins.Leaf] {
        let origins: ValueOrigins
        do {
            let chart = try ChartLoader.load(try ChartReference.locate(arguments[0]))
            origins = try ValueOrigins(
                RenderRequest(
                    chart: chart, values: values.options,
                    release: ReleaseInfo(name: "release-name", namespace: connection.space),
                    capabilities: .helmDefault, host: .system))
        } catch let error as LoadFailure {
            throw CommandFailure(error)
        } catch let error as RenderError {
            throw CommandFailure(error.description, at: error.places)
        }
        guard arguments.count > 1 else { return origins.leaves }
        let wanted = arguments[1]
        let leaves = origins.leaves.filter { leaf in
            leaf.dotted == wanted || leaf.dotted.hasPrefix(wanted + ".") || leaf.dotted.hasPrefix(wanted + "[")
        }
        if leaves.isEmpty { throw CommandFailure("the chart has no value \"\(wanted)\"") }
        return leaves
    }
}
