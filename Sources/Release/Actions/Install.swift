import API
import Client
import Document

/// Installs a chart as the first revision of a release (pkg/action/install.go).
public struct Install: Sendable {
    public var name: String
    public var options = OperationOptions()
    public var createsNamespace = false
    public var skipsDefinitions = false
    /// The name may be that of a release that was uninstalled or failed, whose records are still there.
    public var replaces = false
    public var takesOwnership = false
    /// The user's own labels of the record.
    public var labels: [String: String] = [:]

    public init(name: String) { self.name = name }

    /// Renders the chart, records the revision, and brings its objects to the cluster.
    ///
    /// - Returns: the revision as it was recorded last, or, in a dry run, as it would have been.
    /// - Throws: ``ReleaseFailure``; a revision that was begun is then recorded as failed.
    public func run(_ chart: ReleasableChart, in context: ActionContext) async throws -> Revision {
        let dryRun = options.dryRun
        if options.hidesSecrets, dryRun == .none {
            throw ReleaseFailure("hiding Kubernetes secrets requires a dry-run mode")
        }
        guard dryRun.asksCluster else { return try await offline(chart, context) }
        async let past = try? context.records.history(name)
        let version: Value
        do { version = try await context.cluster.reach() } catch {
            throw ReleaseFailure.wrapping(error, "cluster reachability check failed")
        }
        let history = await past ?? []
        try check(dryRun == .none ? history : [])
        try await installDefinitions(chart, context)
        var revision = try await render(chart, try await context.liveCluster(version: version), context)
        let objects = try await ownObjects(of: revision, context)
        let plan = try await adoptionPlan(objects, context)
        guard dryRun == .none else {
            revision.info.description = "Dry run complete"
            return revision
        }
        if createsNamespace { try await createNamespace(context) }
        try await supersede(history, for: &revision, context)
        try await context.records.create(revision)
        do { try await perform(&revision, plan, context) } catch {
            let failed = revision
            throw await Cancellation.shielding { await failure(failed, error, context) }
        }
        return revision
    }

    /// Renders without a cluster: `--dry-run=client`.
    private func offline(_ chart: ReleasableChart, _ context: ActionContext) async throws -> Revision {
        try check([])
        var revision = try await render(chart, nil, context)
        revision.info.description = "Dry run complete"
        return revision
    }

    /// Whether the name is right and free.
    private func check(_ history: [Record]) throws {
        func refuse(_ words: String, _ advice: String = "") -> ReleaseFailure {
            ReleaseFailure("release name check failed: \(words)", advice: advice)
        }
        if let objection = ReleaseName.objection(to: name) { throw refuse("release name \"\(name)\": \(objection)") }
        guard let last = history.last else { return }
        if replaces, last.status == .uninstalled || last.status == .failed { return }
        throw refuse("cannot reuse a name that is still in use", PendingAdvice.forInstall(last))
    }

    private func render(
        _ chart: ReleasableChart, _ cluster: ReleasableChart.LiveCluster?, _ context: ActionContext
    ) async throws -> Revision {
        if let label = labels.keys.first(where: RecordStore.systemLabels.contains) {
            throw OperationOptions.reservedLabel(label)
        }
        let request = ReleasableChart.Request(
            release: name, namespace: context.namespace, cluster: cluster, hidesSecrets: options.hidesSecrets)
        let result = try await chart.rendered(request, context)
        let now = context.now
        return Revision(
            name: name, namespace: context.namespace,
            info: Revision.Info(
                firstDeployed: now, lastDeployed: now, description: "Initial install underway",
                status: .pendingInstall, notes: result.notes),
            chart: result.chart, config: result.config, manifest: result.manifest, hooks: result.hooks,
            applyMethod: options.method.name, labels: labels)
    }

    private func ownObjects(of revision: Revision, _ context: ActionContext) async throws -> [ManifestObject] {
        do {
            let ownership = Ownership(release: name, namespace: context.namespace)
            return try await context.objects(revision.manifest).map(ownership.marking)
        } catch {
            throw ReleaseFailure.wrapping(error, "unable to build kubernetes objects from release manifest")
        }
    }

    /// What lives already and may be adopted.
    private func adoptionPlan(_ objects: [ManifestObject], _ context: ActionContext) async throws -> UpdatePlan {
        do {
            let live = try await context.writer.live(objects)
            try OperationOptions.checkOwners(
                objects, live, Ownership(release: name, namespace: context.namespace), takesOver: takesOwnership)
            let adopted = zip(objects, live).filter { $1 != nil }.map(\.0)
            return UpdatePlan(original: adopted, target: objects, live: live)
        } catch {
            throw ReleaseFailure.wrapping(error, "unable to continue with install")
        }
    }

    /// Marks the last record of a reused name, and counts on from it.
    private func supersede(_ history: [Record], for revision: inout Revision, _ context: ActionContext) async throws {
        guard replaces, let last = history.last else { return }
        revision.number = last.number + 1
        if last.status == .failed { return }
        var old = try last.revision()
        old.set(.superseded, "superseded by new release")
        try await context.records.update(old)
    }
}
