import Chart
import Document
import Release

/// A chart on this machine that a command was given.
enum LocatedChart {
    /// Reads a chart for an installation or a rendering, and refuses what is not installable.
    ///
    /// - Parameter values: Helm reads them after it has found the chart and before it reads it, so that their faults are
    ///   told before the chart's.
    static func load(
        _ reference: String, updatesDependencies: Bool = false, values: ValueOptions
    ) throws -> LoadedChart {
        let path: String
        do {
            path = try ChartReference.locate(reference)
        } catch {
            throw CommandFailure(error)
        }
        do {
            return try load(at: path, updatesDependencies: updatesDependencies)
        } catch {
            do {
                _ = try values.merged()
            } catch {
                throw CommandFailure(error.message, at: error.place.map { [$0] } ?? [])
            }
            throw error
        }
    }

    private static func load(at path: String, updatesDependencies: Bool) throws -> LoadedChart {
        do {
            var chart = try ChartLoader.load(path, isForRendering: true)
            Console.log(chart.remarks)
            if !["", "application"].contains(chart.metadata.type) {
                let words = "\(chart.metadata.type) charts are not installable"
                let place = chart.place(of: "type", note: "only charts of type application can be installed")
                throw CommandFailure(words, at: place.map { [$0] } ?? [])
            }
            if chart.metadata.deprecated { Console.log(LogRecord(.warn, "this chart is deprecated")) }
            guard let missing = chart.missingDependencies else { return chart }
            guard updatesDependencies else {
                throw CommandFailure(
                    "an error occurred while checking for chart dependencies. You may need to run "
                        + "'helm dependency build' to fetch missing dependencies: \(missing)")
            }
            try updated(path)
            chart = try ChartLoader.load(path, isForRendering: true)
            Console.log(chart.remarks)
            return chart
        } catch let error as LoadFailure {
            throw CommandFailure(error)
        }
    }

    /// Brings charts/ in line with Chart.yaml.
    static func updated(_ path: String) throws(LoadFailure) {
        try DependencyUpdate(path, now: SystemClock.now) { Console.print($0 + "\n") }.update()
    }
}
