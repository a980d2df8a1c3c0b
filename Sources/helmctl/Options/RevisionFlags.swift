import Flags
import Release

/// What upgrade and rollback have in common: both follow a revision that is there.
struct RevisionFlags {
    @Flag("cleanup-on-fail", "allow deletion of new resources created in this operation when it fails")
    var cleansUp = false

    @Flag("history-max", "limit the maximum number of revisions saved per release. Use 0 for no limit")
    var maximumHistory = ConnectionFlags.environment("HELM_MAX_HISTORY").flatMap(Int.init) ?? 10

    @Flag("server-side", "must be \"true\", \"false\" or \"auto\", which goes on as the revision before", bare: "true")
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
