import Flags
import Release

/// `--dry-run`.
struct DryRunFlags {
    @Flag(
        "dry-run",
        "simulates the operation: none, client (without asking the cluster) or server. '--dry-run' alone is client",
        bare: "unchanged")
    var value = "none"

    func dryRun() throws -> DryRun { try Self.mode(value) }

    /// What a value of the flag means.
    static func mode(_ value: String) throws -> DryRun {
        if let known = DryRun(rawValue: value) { return known }
        if value == "unchanged" {
            return deprecated("--dry-run is deprecated and should be replaced with '--dry-run=client'", .client)
        }
        guard let isOn = Bool(goText: value) else {
            throw CommandFailure("invalid dry-run value (\"\(value)\"). Must be \"none\", \"server\", or \"client\"")
        }
        let meant = isOn ? DryRun.client : .none
        return deprecated(
            "boolean '--dry-run=\(value)' flag is deprecated and must be replaced with '--dry-run=\(meant.rawValue)'",
            meant)
    }

    private static func deprecated(_ words: String, _ meant: DryRun) -> DryRun {
        Console.warn(LogRecord(.warn, words).text + "\n")
        return meant
    }
}
