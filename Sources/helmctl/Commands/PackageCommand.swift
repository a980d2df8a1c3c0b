import Chart
import Flags
import Glibc
import Template

/// `helmctl package`: packs charts into archives.
struct PackageCommand: Command {
    static let description = CommandDescription(
        "package [CHART_PATH] [...]", "Package a chart directory into a chart archive", arguments: .any)

    @Arguments var charts: [String]

    let connection = ConnectionFlags()
    let transfer = TransferFlags()

    @Flag("key", "name of the key to use when signing. Used if --sign is true")
    var keyName: String?

    @Flag("passphrase-file", "location of a file which contains the passphrase for the key")
    var passphraseFile: String?

    @Flag("destination", short: "d", "location to write the chart")
    var destination = "."

    @Flag("version", "set the version on the chart to this semver version")
    var version: String?

    @Flag("app-version", "set the appVersion on the chart to this version")
    var appVersion: String?

    @Flag("dependency-update", short: "u", "update dependencies to dir \"charts/\" before packaging")
    var updatesDependencies = false

    @Flag("sign", "use a PGP private key to sign this package")
    var signs = false

    func run() throws {
        if charts.isEmpty { throw CommandFailure("need at least one argument, the path to the chart") }
        if signs { throw CommandFailure("--sign is not supported yet") }
        do {
            for chart in charts { try package(chart) }
        } catch let error as LoadFailure {
            throw CommandFailure(error)
        }
    }

    private func package(_ path: String) throws {
        if !HostFile.exists(path) { throw CommandFailure("path \"\(path)\" not found") }
        if updatesDependencies { try LocatedChart.updated(path) }
        var chart = try ChartLoader.load(path)
        Console.log(chart.remarks)
        if let version, !version.isEmpty {
            do { _ = try SemanticVersion(version) } catch { throw CommandFailure(error.message) }
            chart.metadata.version = version
        }
        if let appVersion, !appVersion.isEmpty { chart.metadata.appVersion = appVersion }
        if let missing = chart.missingDependencies { throw CommandFailure(missing) }
        let bytes: [UInt8]
        do { bytes = try ChartPacker.pack(chart, modified: sourceDate) } catch {
            throw CommandFailure("failed to save: \(error.message)")
        }
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
