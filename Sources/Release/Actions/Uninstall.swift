import API
public import Client
import Document

/// Deletes the objects of a release, and its records unless they are to be kept (pkg/action/uninstall.go).
public struct Uninstall: Sendable {
    /// What is told of an uninstalled release.
    public struct Report: Sendable {
        public var revision: Revision?
        /// Helm's words on what was kept; empty where nothing was.
        public var kept = ""
    }

    public var name: String
    public var isDryRun = false
    public var ignoresMissing = false
    public var keepsHistory = false
    public var skipsHooks = false
    public var propagation = DeleteOptions.Propagation.background
    public var wait = WaitStrategy.hookOnly
    public var timeout = Duration.seconds(300)
    public var description = ""

    public init(name: String) { self.name = name }

    /// - Throws: ``ReleaseFailure``; what could be deleted then has been.
    public func run(in context: ActionContext) async throws -> Report {
        async let past = context.records.history(name)
        _ = try await context.cluster.reach()
        if ReleaseName.objection(to: name) != nil {
            throw ReleaseFailure(
                isDryRun
                    ? "releaseContent: Release name is invalid: \(name)"
                    : "uninstall: Release name is invalid: \(name)")
        }
        let history: [Record]
        do { history = try await past } catch {
            if ignoresMissing { return Report() }
            throw isDryRun ? error : ReleaseFailure.wrapping(error, "uninstall: Release not loaded: \(name)")
        }
        guard let last = history.last else { return Report() }
        let revision = try last.revision()
        if isDryRun { return Report(revision: revision) }
        if revision.info.status == .uninstalled { return try await forget(revision, history, context) }
        return try await delete(revision, history, context)
    }

    /// A release that was uninstalled before, with its records kept.
    private func forget(_ revision: Revision, _ history: [Record], _ context: ActionContext) async throws -> Report {
        if keepsHistory { throw ReleaseFailure("the release named \"\(name)\" is already deleted") }
        try await purge(history, context)
        return Report(revision: revision)
    }

    private func delete(_ last: Revision, _ history: [Record], _ context: ActionContext) async throws -> Report {
        var revision = last
        revision.info.deleted = context.now
        revision.set(.uninstalling, "Deletion in progress (or silently failed)")
        let hooks = HookRunner(context: context, timeout: timeout, serverSide: true)
        if !skipsHooks { try await hooks.run(.preDelete, of: &revision) }
        await context.record(revision)
        let (objects, kept) = try await deleteObjects(of: revision, context)
        var failures: [any Error] = []
        if wait.waitsForObjects {
            do { try await context.waiter.wait(for: objects, .gone, timeout: timeout) } catch { failures.append(error) }
        }
        if !skipsHooks {
            do { try await hooks.run(.postDelete, of: &revision) } catch { failures.append(error) }
        }
        revision.set(.uninstalled, description.isEmpty ? "Uninstallation complete" : description)
        if keepsHistory {
            await context.record(revision)
        } else {
            do { try await purge(history, context) } catch { failures.append(error) }
        }
        guard failures.isEmpty else {
            let words = failures.map { "\($0)" }.joined(separator: "; ")
            throw ReleaseFailure("uninstallation completed with \(failures.count) error(s): \(words)")
        }
        return Report(revision: revision, kept: kept)
    }

    /// Deletes what the manifest names, users before what they use, and leaves what is to be kept.
    private func deleteObjects(
        of revision: Revision, _ context: ActionContext
    ) async throws -> (deleted: [ManifestObject], kept: String) {
        do {
            let objects = UninstallOrder.sorted(try await context.objects(revision.manifest))
            let kept = objects.filter(\.value.isKept).map { "[\($0.kind.kind)] \($0.name)\n" }.joined()
            let doomed = objects.filter { !$0.value.isKept }
            let failures = await context.writer.delete(doomed, propagation: propagation)
            try ObjectWriter.throwJoined(failures, separator: "; ")
            return (doomed, kept.isEmpty ? "" : "These resources were kept due to the resource policy:\n\(kept)")
        } catch {
            // Helm tells no more than the first line here.
            throw ReleaseFailure("failed to delete release: \(name)", advice: "\(error)", cause: error)
        }
    }

    private func purge(_ history: [Record], _ context: ActionContext) async throws {
        do {
            _ = try await history.mapInParallel { record in
                try await context.records.delete(record.name, record.number, in: context.namespace)
            }
        } catch {
            throw ReleaseFailure.wrapping(error, "uninstall: Failed to purge the release")
        }
    }
}
