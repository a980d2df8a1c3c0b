import API
import ArgumentParser
import Release

/// `helmctl list`: shows the releases of a namespace.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List releases.", aliases: ["ls"])

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var output: OutputFlags

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "list releases across all namespaces")
    var allNamespaces = false

    @Flag(name: [.customShort("d"), .customLong("date")], help: "sort by release date")
    var byDate = false

    @Flag(name: [.customShort("r"), .customLong("reverse")], help: "reverse the sort order")
    var reverse = false

    @Flag(name: [.customShort("q"), .customLong("short")], help: "output short (quiet) listing format")
    var short = false

    @Flag(name: .customLong("no-headers"), help: "don't print headers when using the default output format")
    var hidesHeader = false

    @Flag(name: .customLong("deployed"), help: "show deployed releases")
    var deployed = false

    @Flag(name: .customLong("failed"), help: "show failed releases")
    var failed = false

    @Flag(name: .customLong("pending"), help: "show pending releases")
    var pending = false

    @Flag(name: .customLong("superseded"), help: "show superseded releases")
    var superseded = false

    @Flag(name: .customLong("uninstalled"), help: "show uninstalled releases")
    var uninstalled = false

    @Flag(name: .customLong("uninstalling"), help: "show releases that are currently being uninstalled")
    var uninstalling = false

    @Option(name: [.customShort("m"), .customLong("max")], help: "maximum number of releases to fetch")
    var maximum = 256

    @Option(name: .customLong("offset"), help: "next release index in the list, used to offset from start value")
    var offset = 0

    @Option(name: [.customShort("f"), .customLong("filter")], help: "a regular expression on the releases' names")
    var filter = ""

    @Option(name: [.customShort("l"), .customLong("selector")], help: "selector (label query) to filter on")
    var selector = ""

    @Option(name: .customLong("time-format"), help: "format time using golang time formatter")
    var timeFormat = ""

    func run() async throws {
        let format = try output.format()
        let actions = try connection.actions(allNamespaces: allNamespaces)
        let query = try query()
        if short { return Console.print(NamesReport(try await actions.names(query)).text(format)) }
        var report = ListReport(try await actions.list(query))
        report.hidesHeader = hidesHeader
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
