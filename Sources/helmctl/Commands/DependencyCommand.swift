import Chart
import Flags
import Release

/// `helmctl dependency`: the charts that a chart needs.
struct DependencyCommand: Command {
    static let description = CommandDescription(
        "dependency", "Manage a chart's dependencies", aliases: ["dep", "dependencies"],
        subcommands: [DependencyBuildCommand.self, DependencyListCommand.self, DependencyUpdateCommand.self])
    let connection = ConnectionFlags()
}

/// The chart that a `dependency` command is about.
struct DependencyFlags {
    @Arguments var charts: [String]

    let connection = ConnectionFlags()
    let transfer = TransferFlags()

    @Flag("skip-refresh", "do not refresh the local repository cache")
    var skipsRefresh = false

    @Flag("verify", "verify the packages against signatures")
    var verifies = false

    func update() throws -> DependencyUpdate {
        if verifies { throw CommandFailure("--verify is not supported yet") }
        let path = charts.first.map { DependencyListing.cleaned($0) } ?? "."
        return DependencyUpdate(path, now: SystemClock.now) { Console.print($0 + "\n") }
    }
}

/// `helmctl dependency build`
struct DependencyBuildCommand: Command {
    static let description = CommandDescription(
        "build CHART", "Rebuild the charts/ directory based on the Chart.lock file", arguments: .atMost(1))
    let flags = DependencyFlags()

    func run() throws {
        do { try flags.update().build() } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }
}

/// `helmctl dependency update`
struct DependencyUpdateCommand: Command {
    static let description = CommandDescription(
        "update CHART", "Update charts/ based on the contents of Chart.yaml", aliases: ["up"], arguments: .atMost(1))
    let flags = DependencyFlags()

    func run() throws {
        do { try flags.update().update() } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }
}

/// `helmctl dependency list`
struct DependencyListCommand: Command {
    static let description = CommandDescription(
        "list CHART", "List the dependencies for the given chart", aliases: ["ls"], arguments: .atMost(1))

    @Arguments var charts: [String]

    let connection = ConnectionFlags()

    @Flag("max-col-width", "maximum column width for output table")
    var widest: UInt = 80

    func run() throws {
        let listing: DependencyListing
        do {
            listing = try DependencyListing(charts.first.map { DependencyListing.cleaned($0) } ?? ".")
        } catch {
            throw CommandFailure(error.message)
        }
        Console.log(listing.remarks)
        if let rows = listing.rows {
            var table = TextTable(["NAME", "VERSION", "REPOSITORY", "STATUS"], widest: Int(clamping: widest))
            for row in rows { table.add([row.name, row.version, row.repository, row.status]) }
            Console.print(table.text + "\n")
        }
        for warning in listing.warnings { Console.print(warning + "\n") }
    }
}
