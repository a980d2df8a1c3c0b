import ArgumentParser
import Release

/// `--dry-run`.
struct DryRunFlags: ParsableArguments {
    @Option(
        name: .customLong("dry-run"),
        help:
            "simulates the operation: none, client (without asking the cluster) or server. '--dry-run' alone is client")
    var value = "none"

    func dryRun() throws -> DryRun {
        if let known = DryRun(rawValue: value) { return known }
        if value == "unchanged" {
            return deprecated("--dry-run is deprecated and should be replaced with '--dry-run=client'", .client)
        }
        guard let isOn = GoFlags.bool(value) else {
            throw CommandFailure("invalid dry-run value (\"\(value)\"). Must be \"none\", \"server\", or \"client\"")
        }
        let meant = isOn ? DryRun.client : .none
        return deprecated(
            "boolean '--dry-run=\(value)' flag is deprecated and must be replaced with '--dry-run=\(meant.rawValue)'",
            meant)
    }

    private func deprecated(_ words: String, _ meant: DryRun) -> DryRun {
        Console.warn(LogRecord(.warn, words).text + "\n")
        return meant
    }
}
