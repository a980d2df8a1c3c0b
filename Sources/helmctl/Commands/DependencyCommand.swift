import ArgumentParser
import Chart
import Release

/// `helmctl dependency`: the charts that a chart needs.
struct DependencyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dependency", abstract: "Manage a chart's dependencies.",
        subcommands: [DependencyBuildCommand.self, DependencyListCommand.self, DependencyUpdateCommand.self],
        aliases: ["dep", "dependencies"])
}

/// The chart that a `dependency` command is about.
struct DependencyFlags: ParsableArguments {
    @Argument(help: "The chart's folder; the current one if none is named.")
    var charts: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var transfer: TransferFlags

    @Flag(name: .customLong("skip-refresh"), help: "do not refresh the local repository cache")
    var skipsRefresh = false

    @Flag(name: .customLong("verify"), help: "verify the packages against signatures")
    var verifies = false

    func update(_ command: String) throws -> DependencyUpdate {
        try ArgumentCount.atMost(1, charts, "dependency \(command)", "CHART [flags]")
        if verifies { throw CommandFailure("--verify is not supported yet") }
        let path = charts.first.map { DependencyListing.cleaned($0) } ?? "."
        return DependencyUpdate(path, now: SystemClock.now) { Console.print($0 + "\n") }
    }
}

/// `helmctl dependency build`
struct DependencyBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Rebuild the charts/ directory based on the Chart.lock file.")
    @OptionGroup var flags: DependencyFlags

    func run() throws {
        do { try flags.update("build").build() } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }
}

/// `helmctl dependency update`
struct DependencyUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Update charts/ based on the contents of Chart.yaml.", aliases: ["up"])
    @OptionGroup var flags: DependencyFlags

    func run() throws {
        do { try flags.update("update").update() } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }
}

/// `helmctl dependency list`
struct DependencyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the dependencies for the given chart.", aliases: ["ls"])

    @Argument(help: "The chart's folder or archive; the current folder if none is named.")
    var charts: [String] = []

    @OptionGroup var connection: ConnectionFlags

    @Option(name: .customLong("max-col-width"), help: "maximum column width for output table")
    var widest: UInt = 80

    func run() throws {
        try ArgumentCount.atMost(1, charts, "dependency list", "CHART [flags]")
        let listing: DependencyListing
        do {
            listing = try DependencyListing(charts.first.map { DependencyListing.cleaned($0) } ?? ".")
        } catch {
            throw CommandFailure(error.message)
        }
        if let rows = listing.rows {
            var table = TextTable(["NAME", "VERSION", "REPOSITORY", "STATUS"], widest: Int(clamping: widest))
            for row in rows { table.add([row.name, row.version, row.repository, row.status]) }
            Console.print(table.text + "\n")
        }
        for warning in listing.warnings { Console.print(warning + "\n") }
    }
}
