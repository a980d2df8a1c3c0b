import Document

/// Whether a command only shows what it would do.
public enum DryRun: String, Sendable {
    case none
    /// Without asking a cluster.
    case client
    /// Asking the cluster, but changing nothing.
    case server

    var asksCluster: Bool { self != .client }
}

/// What install, upgrade and rollback have in common.
public struct OperationOptions: Sendable {
    public var dryRun = DryRun.none
    /// Secrets are left out of what a dry run shows.
    public var hidesSecrets = false
    public var serverSide = true
    public var forceConflicts = false
    public var forceReplace = false
    public var skipsHooks = false
    public var wait = WaitStrategy.hookOnly
    public var waitsForJobs = false
    /// For each single operation, such as a hook or the readiness of all objects.
    public var timeout = Duration.seconds(300)
    /// In place of Helm's own words on the record.
    public var description = ""
    /// A failure is undone: an install uninstalled, an upgrade rolled back.
    public var rollsBack = false

    public init() {}

    var method: ApplyMethod {
        ApplyMethod(serverSide: serverSide, forceConflicts: forceConflicts, forceReplace: forceReplace)
    }

    /// Undoing a failure needs to know of it, so it waits for the objects.
    var effectiveWait: WaitStrategy { rollsBack && wait == .hookOnly ? .watcher : wait }

    func wait(for objects: [ManifestObject], _ context: ActionContext) async throws {
        guard effectiveWait.waitsForObjects else { return }
        try await context.waiter.wait(for: objects, waitsForJobs ? .readyWithJobs : .ready, timeout: timeout)
    }

    /// Refuses to take over what belongs to another release or to nobody, unless that is asked for.
    static func checkOwners(
        _ objects: [ManifestObject], _ live: [Value?], _ ownership: Ownership, takesOver: Bool
    ) throws(ReleaseFailure) {
        guard !takesOver else { return }
        for (object, live) in zip(objects, live) {
            guard let live, let objection = ownership.objection(to: live) else { continue }
            throw ReleaseFailure(
                "\(object.title) exists and cannot be imported into the current release: \(objection)")
        }
    }

    static func reservedLabel(_ label: String) -> ReleaseFailure {
        ReleaseFailure(
            "user supplied labels contains system reserved label name. System labels: "
                + "[\(RecordStore.systemLabels.joined(separator: " "))]")
    }
}

/// What a pending release means and how to go on: told after Helm's words, as its client may have died.
enum PendingAdvice {
    static func forUpgrade(_ last: Record, deployed: Int?) -> String {
        let found = "\(found(last)) If no other client is at work on it, "
        if let deployed {
            return found + "go back with `helmctl rollback \(last.name) \(deployed)`, then try again."
        }
        return found + "remove it with `helmctl uninstall \(last.name)`, then install it again."
    }

    static func forInstall(_ last: Record) -> String {
        guard last.status.isPending else { return "" }
        return "\(found(last)) If no other client is at work on it, "
            + "remove it with `helmctl uninstall \(last.name)`, then try again."
    }

    private static func found(_ last: Record) -> String {
        "Revision \(last.number) of \"\(last.name)\" is \(last.status): its operation is still at work, or was killed."
    }
}

/// An operation that the user stops: what it waits for ends, but its end is recorded all the same.
enum Cancellation {
    /// Runs `body` in a task of its own, which the cancellation of the caller does not reach.
    static func shielding<Result: Sendable>(_ body: @Sendable @escaping () async -> Result) async -> Result {
        await Task { await body() }.value
    }

    /// The words of an error; Go's for a cancelled operation.
    static func words(_ error: any Error) -> String {
        if error is CancellationError { return "context canceled" }
        return (error as? ReleaseFailure)?.message ?? "\(error)"
    }
}
