import ArgumentParser
import Client
import Release

/// `helmctl uninstall`: deletes a release's objects and records.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Uninstall a release.", aliases: ["del", "delete", "un"])

    @Argument(help: "RELEASE...")
    var names: [String] = []

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var wait: WaitFlags

    @Flag(name: .customLong("dry-run"), help: "simulate a uninstall")
    var isDryRun = false

    @Flag(name: .customLong("no-hooks"), help: "prevent hooks from running during uninstallation")
    var skipsHooks = false

    @Flag(name: .customLong("ignore-not-found"), help: "treat \"release not found\" as a successful uninstall")
    var ignoresMissing = false

    @Flag(
        name: .customLong("keep-history"),
        help: "remove all associated resources and mark the release as deleted, but retain the release history")
    var keepsHistory = false

    @Option(
        name: .customLong("cascade"),
        help: "must be \"background\", \"orphan\", or \"foreground\": what becomes of the dependents")
    var cascade = "background"

    @Option(name: .customLong("description"), help: "add a custom description")
    var text = ""

    func run() async throws {
        guard !names.isEmpty else {
            throw CommandFailure(
                "\"helmctl uninstall\" requires at least 1 argument\n\nUsage:  helmctl uninstall RELEASE_NAME [...] [flags]"
            )
        }
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
            uninstall.timeout = wait.timeout.duration
            uninstall.description = text
            let report = try await uninstall.run(in: actions)
            if !report.kept.isEmpty { Console.print(report.kept + "\n") }
            Console.print("release \"\(name)\" uninstalled\n")
        }
    }
}
