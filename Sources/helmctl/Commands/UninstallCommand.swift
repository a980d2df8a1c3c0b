import Client
import Flags
import Release

/// `helmctl uninstall`: deletes a release's objects and records.
struct UninstallCommand: Command {
    static let description = CommandDescription(
        "uninstall RELEASE_NAME [...]", "Uninstall a release", aliases: ["del", "delete", "un"], arguments: .atLeast(1))

    @Arguments var names: [String]

    let connection = ConnectionFlags()
    let wait = WaitFlags()

    @Flag("dry-run", "simulate a uninstall")
    var isDryRun = false

    @Flag("no-hooks", "prevent hooks from running during uninstallation")
    var skipsHooks = false

    @Flag("ignore-not-found", "treat \"release not found\" as a successful uninstall")
    var ignoresMissing = false

    @Flag(
        "keep-history",
        "remove all associated resources and mark the release as deleted, but retain the release history")
    var keepsHistory = false

    @Flag("cascade", "must be \"background\", \"orphan\", or \"foreground\": what becomes of the dependents")
    var cascade = "background"

    @Flag("description", "add a custom description")
    var text = ""

    func run() async throws {
        let policies: [String: DeleteOptions.Propagation] = [
            "background": .background, "foreground": .foreground, "orphan": .orphan,
        ]
        guard let propagation = policies[cascade] else {
            throw CommandFailure(
                "invalid cascade value (\(cascade)). Must be \"background\", \"foreground\", or \"orphan\"")
        }
        let actions = try connection.actions()
        for name in names {
            var uninstall = Uninstall(name: name)
            uninstall.isDryRun = isDryRun
            uninstall.ignoresMissing = ignoresMissing
            uninstall.keepsHistory = keepsHistory
            uninstall.skipsHooks = skipsHooks
            uninstall.propagation = propagation
            uninstall.wait = try wait.wait()
            uninstall.timeout = wait.timeout
            uninstall.description = text
            let report = try await uninstall.run(in: actions)
            if !report.kept.isEmpty { Console.print(report.kept + "\n") }
            Console.print("release \"\(name)\" uninstalled\n")
        }
    }
}
