import API
import Client
import Document

/// Makes the next revision of a release from one of its past ones (pkg/action/rollback.go).
public struct Rollback: Sendable {
    public var name: String
    /// The revision to go back to; 0 is the one before the last.
    public var number = 0
    public var options = OperationOptions()
    /// Nil goes on as the revision did that is gone back to.
    public var serverSide: Bool?
    public var cleansUp = false
    /// How many revisions are kept; 0 keeps all.
    public var maximumHistory = 0

    public init(name: String) { self.name = name }

    /// Records the new revision and changes the release's objects back.
    public func run(in context: ActionContext) async throws {
        async let past = context.records.history(name)
        _ = try await context.cluster.reach()
        if ReleaseName.objection(to: name) != nil {
            throw ReleaseFailure("prepareRollback: Release name is invalid: \(name)")
        }
        if number < 0 { throw ReleaseFailure("invalid release revision") }
        let history = try await past
        guard let last = history.last else { throw ReleaseFailure.releaseNotFound }
        let wanted = number == 0 ? last.number - 1 : number
        guard let record = history.first(where: { $0.number == wanted }) else {
            throw ReleaseFailure("release has no \(wanted) version", code: .notFound)
        }
        let current = try last.revision()
        var rollback = self
        var revision = rollback.next(after: current, like: try record.revision(), context)
        guard options.dryRun == .none else { return }
        try await HistoryLimit(maximum: maximumHistory, context: context).makeRoom(in: history)
        try await context.records.create(revision)
        do { try await rollback.perform(&revision, current, context) } catch {
            let failed = revision
            await Cancellation.shielding { await recordFailure(failed, error, context) }
            throw error
        }
        try await supersede(history, context)
        revision.info.status = .deployed
        try await context.records.update(revision)
    }

    private mutating func next(after current: Revision, like past: Revision, _ context: ActionContext) -> Revision {
        options.serverSide = serverSide ?? past.usesServerSideApply
        let labels = past.labels.filter { !RecordStore.systemLabels.contains($0.key) }
        return Revision(
            name: name, namespace: current.namespace, number: current.number + 1,
            info: Revision.Info(
                firstDeployed: current.info.firstDeployed, lastDeployed: context.now,
                description: "Rollback to \(past.number)", status: .pendingRollback, notes: past.info.notes),
            chart: past.chart, config: past.config, manifest: past.manifest, hooks: past.hooks,
            applyMethod: options.method.name, labels: labels)
    }

    private func perform(_ revision: inout Revision, _ current: Revision, _ context: ActionContext) async throws {
        let before = try await objects(current.manifest, "current", context)
        let ownership = Ownership(release: name, namespace: revision.namespace)
        let target = try await objects(revision.manifest, "new", context).map(ownership.marking)
        let method = options.method
        let hooks = HookRunner(context: context, timeout: options.timeout, serverSide: method.serverSide)
        if !options.skipsHooks { try await hooks.run(.preRollback, of: &revision) }
        try await update(before, target, &revision, current, context)
        do { try await options.wait(for: target, context) } catch {
            revision.set(.failed, "Release \"\(name)\" failed: \(Cancellation.words(error))")
            throw ReleaseFailure.wrapping(error, "release \(name) failed")
        }
        if !options.skipsHooks { try await hooks.run(.postRollback, of: &revision) }
    }

    private func update(
        _ before: [ManifestObject], _ target: [ManifestObject], _ revision: inout Revision, _ current: Revision,
        _ context: ActionContext
    ) async throws {
        var plan: UpdatePlan?
        do {
            let live = try await context.writer.live(target)
            // What lives without being in the manifest before was there when the past revision was made: it is taken back.
            let known = Set(before.map(\.key))
            let returning = zip(target, live).filter { $1 != nil && !known.contains($0.key) }.map(\.0)
            let update = UpdatePlan(original: before + returning, target: target, live: live)
            plan = update
            try await context.writer.update(update, options.method, upgradesManagers: options.method.serverSide)
        } catch {
            revision.set(.failed, "Rollback \"\(name)\" failed: \(Cancellation.words(error))")
            context.log(LogRecord(.warn, revision.info.description))
            var superseded = current
            superseded.info.status = .superseded
            await context.record(superseded)
            if cleansUp, let created = plan?.created, !created.isEmpty {
                try ObjectWriter.throwJoined(await context.writer.delete(created), separator: ", ")
            }
            throw error
        }
    }

    private func objects(_ manifest: Text, _ which: String, _ context: ActionContext) async throws -> [ManifestObject] {
        do { return try await context.objects(manifest) } catch {
            throw ReleaseFailure.wrapping(error, "unable to build kubernetes objects from \(which) release manifest")
        }
    }

    /// Helm leaves a rollback whose hooks fail pending; here the record tells what happened.
    private func recordFailure(_ revision: Revision, _ error: any Error, _ context: ActionContext) async {
        var revision = revision
        if revision.info.status != .failed {
            revision.set(.failed, "Rollback \"\(name)\" failed: \(Cancellation.words(error))")
        }
        await context.record(revision)
    }

    /// All revisions that are still called deployed make way, so that there is one only.
    private func supersede(_ history: [Record], _ context: ActionContext) async throws {
        for record in history where record.status == .deployed {
            var old = try record.revision()
            old.info.status = .superseded
            await context.record(old)
        }
    }
}
