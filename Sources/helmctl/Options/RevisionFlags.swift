import ArgumentParser
import Release

/// What upgrade and rollback have in common: both follow a revision that is there.
struct RevisionFlags: ParsableArguments {
    @Flag(
        name: .customLong("cleanup-on-fail"),
        help: "allow deletion of new resources created in this operation when it fails")
    var cleansUp = false

    @Option(
        name: .customLong("history-max"),
        help: "limit the maximum number of revisions saved per release. Use 0 for no limit")
    var maximumHistory = ConnectionFlags.environment("HELM_MAX_HISTORY").flatMap(Int.init) ?? 10

    @Option(
        name: .customLong("server-side"),
        help: "must be \"true\", \"false\" or \"auto\", which goes on as the revision before")
    var serverSideText = "auto"

    /// Nil goes on as the revision before.
    func serverSide() throws -> Bool? {
        switch serverSideText {
        case "auto": nil
        case "true": true
        case "false": false
        case let other: throw CommandFailure("invalid/unknown release server-side apply method: \(other)")
        }
    }
}
