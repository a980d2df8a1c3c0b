import ArgumentParser
import Chart
import Glibc
import Template

/// `helmctl package`: packs charts into archives.
struct PackageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "Package a chart directory into a chart archive.")

    @Argument(help: "The charts' folders.")
    var charts: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var transfer: TransferFlags

    @Option(name: .customLong("key"), help: "name of the key to use when signing. Used if --sign is true")
    var keyName: String?

    @Option(name: .customLong("passphrase-file"), help: "location of a file which contains the passphrase for the key")
    var passphraseFile: String?

    @Option(name: [.customShort("d"), .customLong("destination")], help: "location to write the chart.")
    var destination = "."

    @Option(name: .customLong("version"), help: "set the version on the chart to this semver version")
    var version: String?

    @Option(name: .customLong("app-version"), help: "set the appVersion on the chart to this version")
    var appVersion: String?

    @Flag(
        name: [.customShort("u"), .customLong("dependency-update")],
        help: "update dependencies to dir \"charts/\" before packaging")
    var updatesDependencies = false

    @Flag(name: .customLong("sign"), help: "use a PGP private key to sign this package")
    var signs = false

    func run() throws {
        if charts.isEmpty { throw CommandFailure("need at least one argument, the path to the chart") }
        if signs { throw CommandFailure("--sign is not supported yet") }
        do {
            for chart in charts { try package(chart) }
        } catch let error as LoadFailure {
            throw CommandFailure(error.message)
        }
    }

    private func package(_ path: String) throws {
        if !HostFile.exists(path) { throw CommandFailure("path \"\(path)\" not found") }
        if updatesDependencies { try LocatedChart.updated(path) }
        var chart = try ChartLoader.load(path)
        if let version {
            guard (try? SemanticVersion(version)) != nil else { throw CommandFailure("invalid semantic version") }
            chart.metadata.version = version
        }
        if let appVersion { chart.metadata.appVersion = appVersion }
        if let missing = chart.missingDependencies { throw CommandFailure(missing) }
        let bytes = try ChartPacker.pack(chart, modified: sourceDate)
        try HostFile.makeFolder(destination)
        let file = (destination == "." ? try HostFile.currentFolder() : destination) + "/" + ChartPacker.fileName(chart)
        try HostFile.replace(file, with: bytes)
        Console.print("Successfully packaged chart and saved it to: \(file)\n")
    }

    /// The time that builds which can be repeated give to all they make (reproducible-builds.org).
    private var sourceDate: Int64? {
        getenv("SOURCE_DATE_EPOCH").flatMap { Int64(String(cString: $0)) }
    }
}
