import Flags
import Release

/// `helmctl test`: runs the tests of a release.
struct TestCommand: Command {
    static let description = CommandDescription("test [RELEASE]", "Run tests for a release", arguments: .exactly(1))

    @Argument(0) var name: String

    let connection = ConnectionFlags()

    @Flag("timeout", "time to wait for any individual Kubernetes operation (like Jobs for hooks)")
    var timeout = Duration.seconds(300)

    @Flag("logs", "dump the logs from test pods")
    var showsLogs = false

    @Flag("hide-notes", "if set, do not show notes in test output")
    var hidesNotes = false

    @Flag("filter", "specify tests by attribute (currently \"name\"): name=test1, or !name=test2 to leave one out")
    var filters = StringSlice()

    func run() async throws {
        var test = ReleaseTest(name: name)
        test.timeout = timeout
        for filter in filters.items {
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
