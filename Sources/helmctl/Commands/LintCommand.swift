import Chart
import Flags
import Template

/// `helmctl lint`: looks charts over for faults.
struct LintCommand: Command {
    static let description = CommandDescription("lint PATH", "Examine a chart for possible issues", arguments: .any)

    @Arguments var paths: [String]

    let connection = ConnectionFlags()

    let values = ValueFlags()

    let limits = LimitFlags()

    @Flag("strict", "fail on lint warnings")
    var isStrict = false

    @Flag("quiet", "print only warnings and errors")
    var isQuiet = false

    @Flag("with-subcharts", "lint dependent charts")
    var includesSubcharts = false

    @Flag("skip-schema-validation", "if set, disables JSON schema validation")
    var skipsSchemaValidation = false

    @Flag("kube-version", "Kubernetes version used for capabilities and deprecation checks")
    var kubeVersion = ""

    func run() throws {
        let capabilities = try CapabilityFlags.capabilities(kubeVersion: kubeVersion)
        var options = ChartLinter.Options(capabilities: capabilities, host: .system)
        options.namespace = connection.space
        options.limits = limits.limits()
        options.skipsSchemaValidation = skipsSchemaValidation
        let user: GoMap
        do {
            user = try values.options.merged()
        } catch {
            throw CommandFailure(error.message)
        }
        let named = paths.isEmpty ? ["."] : paths
        let folders = named + named.flatMap { subcharts(of: $0) }
        var failed = 0
        var remarked = 0
        for folder in folders {
            let (hasFailed, hasRemarks) = try lint(folder, user, options)
            if hasFailed { failed += 1 }
            if hasRemarks { remarked += 1 }
        }
        let summary = "\(folders.count) chart(s) linted, \(failed) chart(s) failed"
        if failed > 0 { throw CommandFailure(summary) }
        if !isQuiet || remarked > 0 { Console.print(summary + "\n") }
    }

    private func subcharts(of folder: String) -> [String] {
        includesSubcharts ? ChartFolders.below(DependencyListing.cleaned("\(folder)/charts")) : []
    }

    private func lint(
        _ folder: String, _ user: GoMap, _ options: ChartLinter.Options
    ) throws -> (failed: Bool, remarks: Bool) {
        let messages: [LintMessage]
        do {
            let outcome = try ChartLinter.lint(folder, user, options)
            Console.log(outcome.remarks)
            messages = outcome.messages
        } catch {
            Console.print("==> Linting \(folder)\nError \(error.message)\n\n")
            return (true, true)
        }
        let hasRemarks = messages.contains { $0.severity > .info }
        if isQuiet, !hasRemarks { return (false, false) }
        var text = "==> Linting \(folder)\n"
        for message in messages where !isQuiet || message.severity > .info { text += "\(message)\n" }
        Console.print(text + "\n")
        return (messages.contains { $0.severity >= (isStrict ? .warning : .error) }, hasRemarks)
    }
}
