import ArgumentParser
import Release

/// `helmctl test`: runs the tests of a release.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "test", abstract: "Run tests for a release.")

    @Argument(help: "RELEASE")
    var name: String

    @OptionGroup var connection: ConnectionFlags

    @Option(
        name: .customLong("timeout"),
        help: "time to wait for any individual Kubernetes operation (like Jobs for hooks)")
    var timeout = GoDuration(seconds: 300)

    @Flag(name: .customLong("logs"), help: "dump the logs from test pods")
    var showsLogs = false

    @Flag(name: .customLong("hide-notes"), help: "if set, do not show notes in test output")
    var hidesNotes = false

    @Option(
        name: .customLong("filter"), parsing: .unconditionalSingleValue,
        help: "specify tests by attribute (currently \"name\"): name=test1, or !name=test2 to leave one out")
    var filters: [String] = []

    func run() async throws {
        var test = ReleaseTest(name: name)
        test.timeout = timeout.duration
        for filter in filters.flatMap({ $0.split(separator: ",").map(String.init) }) {
            if filter.hasPrefix("name=") { test.included.append(String(filter.dropFirst(5))) }
            for prefix in ["!name=", "! name="] where filter.hasPrefix(prefix) {
                test.excluded.append(String(filter.dropFirst(prefix.count)))
            }
        }
        let actions = try connection.actions()
        let result = try await test.run(in: actions)
        var report = StatusReport(result.revision)
        report.isVerbose = connection.isVerbose
        report.hidesNotes = hidesNotes
        Console.print(report.text(.table))
        if showsLogs {
            Console.print("\n")
            Console.print(try await test.logs(of: result.revision, in: actions))
        }
        if let failure = result.failure { throw failure }
    }
}
