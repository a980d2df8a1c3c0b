import API
import Flags
import Release

/// `helmctl list`: shows the releases of a namespace.
struct ListCommand: Command {
    static let description = CommandDescription("list", "List releases", aliases: ["ls"])

    let connection = ConnectionFlags()
    let output = OutputFlags()

    @Flag("all-namespaces", short: "A", "list releases across all namespaces")
    var allNamespaces = false

    @Flag("date", short: "d", "sort by release date")
    var byDate = false

    @Flag("reverse", short: "r", "reverse the sort order")
    var reverse = false

    @Flag("short", short: "q", "output short (quiet) listing format")
    var short = false

    @Flag("no-headers", "don't print headers when using the default output format")
    var hidesHeader = false

    @Flag("deployed", "show deployed releases")
    var deployed = false

    @Flag("failed", "show failed releases")
    var failed = false

    @Flag("pending", "show pending releases")
    var pending = false

    @Flag("superseded", "show superseded releases")
    var superseded = false

    @Flag("uninstalled", "show uninstalled releases")
    var uninstalled = false

    @Flag("uninstalling", "show releases that are currently being uninstalled")
    var uninstalling = false

    @Flag("max", short: "m", "maximum number of releases to fetch")
    var maximum = 256

    @Flag("offset", "next release index in the list, used to offset from start value")
    var offset = 0

    @Flag("filter", short: "f", "a regular expression on the releases' names")
    var filter = ""

    @Flag("selector", short: "l", "selector (label query) to filter on")
    var selector = ""

    @Flag("time-format", "format time using golang time formatter")
    var timeFormat = ""

    func run() async throws {
        let format = try output.format()
        let coloring = try connection.coloring()
        let actions = try connection.actions(allNamespaces: allNamespaces)
        let query = try query()
        if short { return Console.print(NamesReport(try await actions.names(query)).text(format)) }
        var report = ListReport(try await actions.list(query))
        report.hidesHeader = hidesHeader
        report.coloring = coloring
        Console.print(report.text(format))
    }

    private func query() throws -> RecordStore.Query {
        if !timeFormat.isEmpty { throw CommandFailure("--time-format is not supported yet") }
        var query = RecordStore.Query(
            statuses: statuses, byDate: byDate, reverse: reverse, offset: max(0, offset), limit: max(0, maximum))
        if !filter.isEmpty { query.matches = try NameFilter.matching(filter) }
        do { query.selector = try LabelSelector(parsing: selector) } catch { throw CommandFailure("\(error)") }
        return query
    }

    /// The states to show; all where none is named.
    private var statuses: Set<ReleaseStatus>? {
        var statuses: Set<ReleaseStatus> = []
        if deployed { statuses.insert(.deployed) }
        if failed { statuses.insert(.failed) }
        if pending { statuses.formUnion([.pendingInstall, .pendingUpgrade, .pendingRollback]) }
        if superseded { statuses.insert(.superseded) }
        if uninstalled { statuses.insert(.uninstalled) }
        if uninstalling { statuses.insert(.uninstalling) }
        return statuses.isEmpty ? nil : statuses
    }
}
