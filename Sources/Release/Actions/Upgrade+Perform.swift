import API
import Client
import Document

extension Upgrade {
    /// What the new manifest makes, changes and drops, once it is sure that all of it may be touched.
    func plan(_ current: Revision, _ revision: Revision, _ context: ActionContext) async throws -> UpdatePlan {
        var before = try await objects(current.manifest, "current", context)
        let ownership = Ownership(release: name, namespace: revision.namespace)
        let target = try await objects(revision.manifest, "new", context).map(ownership.marking)
        let known = Set(before.map(\.key))
        do {
            let live = try await context.writer.live(target)
            let fresh = zip(target, live).filter { !known.contains($0.0.key) }
            try OperationOptions.checkOwners(
                fresh.map(\.0), fresh.map(\.1), ownership, takesOver: takesOwnership)
            before += fresh.filter { $0.1 != nil }.map(\.0)
            return UpdatePlan(original: before, target: target, live: live)
        } catch {
            throw ReleaseFailure.wrapping(error, "unable to continue with update")
        }
    }

    private func objects(_ manifest: Text, _ which: String, _ context: ActionContext) async throws -> [ManifestObject] {
        do { return try await context.objects(manifest) } catch {
            let words = "unable to build kubernetes objects from \(which) release manifest"
            guard which == "current", "\(error)".contains("no matches for kind") else {
                throw ReleaseFailure.wrapping(error, words)
            }
            // The kinds of the old manifest are no longer served (helm/helm issue 7219).
            throw ReleaseFailure.wrapping(
                error,
                "current release manifest contains removed kubernetes api(s) for this kubernetes version and it is "
                    + "therefore unable to build the kubernetes objects for performing the diff. error from kubernetes")
        }
    }

    /// Hooks, objects, waiting, hooks; then the revision before is superseded and this one deployed.
    func perform(
        _ revision: inout Revision, _ plan: UpdatePlan, _ current: Revision, _ context: ActionContext
    ) async throws {
        let method = options.method
        let hooks = HookRunner(context: context, timeout: options.timeout, serverSide: method.serverSide)
        if !options.skipsHooks {
            do { try await hooks.run(.preUpgrade, of: &revision) } catch {
                throw ReleaseFailure.wrapping(error, "pre-upgrade hooks failed")
            }
        }
        let upgradesManagers = !current.usesServerSideApply && method.serverSide
        try await context.writer.update(plan, method, upgradesManagers: upgradesManagers)
        try await options.wait(for: plan.steps.map(\.target), context)
        if !options.skipsHooks {
            do { try await hooks.run(.postUpgrade, of: &revision) } catch {
                throw ReleaseFailure.wrapping(error, "post-upgrade hooks failed")
            }
        }
        var superseded = current
        superseded.info.status = .superseded
        await context.record(superseded)
        revision.set(.deployed, options.description.isEmpty ? "Upgrade complete" : options.description)
        try await context.records.update(revision)
    }

    /// Records that the upgrade failed, cleans up and rolls back where that was asked; the error tells what was done.
    func failure(
        _ revision: Revision, _ plan: UpdatePlan, _ error: any Error, _ context: ActionContext
    ) async -> any Error {
        var revision = revision
        let cause = Cancellation.words(error)
        context.log(LogRecord(.warn, "upgrade failed", [.init("name", name), .init("error", cause)]))
        revision.set(.failed, "Upgrade \"\(name)\" failed: \(cause)")
        await context.record(revision)
        if cleansUp, !plan.created.isEmpty {
            let failures = await context.writer.delete(plan.created)
            guard failures.isEmpty else {
                return ReleaseFailure(
                    "an error occurred while cleaning up resources. original upgrade error: \(cause): "
                        + "unable to cleanup resources: \(failures.map { "\($0)" }.joined(separator: ", "))")
            }
        }
        guard options.rollsBack else { return error is ReleaseFailure ? error : ReleaseFailure(cause, cause: error) }
        return await rollBack(error, cause, context)
    }

    private func rollBack(_ error: any Error, _ cause: String, _ context: ActionContext) async -> any Error {
        let history: [Record]
        do { history = try await context.records.history(name) } catch let second {
            return ReleaseFailure(
                "an error occurred while finding last successful release. original upgrade error: \(cause): \(second)")
        }
        guard let good = history.last(where: { $0.status == .deployed || $0.status == .superseded }) else {
            return ReleaseFailure(
                "unable to find a previously successful release when attempting to rollback. "
                    + "original upgrade error: \(cause)")
        }
        var rollback = Rollback(name: name)
        rollback.number = good.number
        rollback.options = options
        rollback.options.rollsBack = false
        rollback.options.description = ""
        rollback.options.wait = options.effectiveWait
        rollback.serverSide = serverSide
        do { try await rollback.run(in: context) } catch let second {
            return ReleaseFailure(
                "an error occurred while rolling back the release. original upgrade error: \(cause): \(second)")
        }
        return ReleaseFailure.wrapping(
            error, "release \(name) failed, and has been rolled back due to rollback-on-failure being set")
    }
}
