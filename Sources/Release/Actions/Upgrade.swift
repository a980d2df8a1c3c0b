import API
import Client
import Document

/// Makes the next revision of a release from a chart (pkg/action/upgrade.go).
public struct Upgrade: Sendable {
    /// What becomes of the values that the user gave the revision before.
    public enum Values: Sendable {
        /// They are kept where the user gives none now.
        case automatic
        case reset
        /// The old chart's defaults and the old values lie under the new ones.
        case reuse
        /// The new chart's defaults, then the old values, then the new ones.
        case resetThenReuse
    }

    public var name: String
    public var options = OperationOptions()
    public var valuesPolicy = Values.automatic
    /// Nil goes on as the last revision did.
    public var serverSide: Bool?
    public var takesOwnership = false
    /// Objects that a failed upgrade made are deleted again.
    public var cleansUp = false
    /// How many revisions are kept; 0 keeps all.
    public var maximumHistory = 10
    /// Changes of the record's own labels; `null` takes one away.
    public var labels: [String: String] = [:]

    public init(name: String) { self.name = name }

    /// What an upgrade starts from.
    struct Start: Sendable {
        var history: [Record]
        var last: Record
        /// The revision whose objects are there now.
        var current: Revision
        var version: Value
    }

    /// Renders the chart, records the revision, and changes the release's objects.
    ///
    /// - Throws: ``ReleaseFailure``; a revision that was begun is then recorded as failed.
    public func run(_ chart: ReleasableChart, in context: ActionContext) async throws -> Revision {
        let start = try await start(context)
        var upgrade = self
        var revision = try await upgrade.prepare(chart, start, context)
        let plan = try await upgrade.plan(start.current, revision, context)
        guard options.dryRun == .none else {
            revision.info.description = options.description.isEmpty ? "Dry run complete" : options.description
            return revision
        }
        try await HistoryLimit(maximum: maximumHistory, context: context).makeRoom(in: start.history)
        try await context.records.create(revision)
        do { try await upgrade.perform(&revision, plan, start.current, context) } catch {
            let (failed, operation) = (revision, upgrade)
            throw await Cancellation.shielding { await operation.failure(failed, plan, error, context) }
        }
        return revision
    }

    private func start(_ context: ActionContext) async throws -> Start {
        async let past = context.records.history(name)
        let version = try await context.cluster.reach()
        if ReleaseName.objection(to: name) != nil { throw ReleaseFailure("release name is invalid: \(name)") }
        if options.hidesSecrets, options.dryRun == .none {
            throw ReleaseFailure("hiding Kubernetes secrets requires a dry-run mode")
        }
        let history: [Record]
        do { history = try await past } catch let failure as ReleaseFailure where failure.code == .notFound {
            throw ReleaseFailure.noDeployed(name)
        }
        guard let last = history.last else { throw ReleaseFailure.noDeployed(name) }
        return Start(history: history, last: last, current: try current(history, last), version: version)
    }

    /// The deployed revision, or the last one where none is and it failed.
    private func current(_ history: [Record], _ last: Record) throws -> Revision {
        let deployed = history.last { $0.status == .deployed }
        if last.status.isPending {
            throw ReleaseFailure(
                "another operation (install/upgrade/rollback) is in progress", code: .pending,
                advice: PendingAdvice.forUpgrade(last, deployed: deployed?.number))
        }
        if let deployed { return try deployed.revision() }
        guard last.status == .failed || last.status == .superseded else { throw ReleaseFailure.noDeployed(name) }
        return try last.revision()
    }

    private mutating func prepare(
        _ chart: ReleasableChart, _ start: Start, _ context: ActionContext
    ) async throws -> Revision {
        if let label = labels.keys.first(where: RecordStore.systemLabels.contains) {
            throw OperationOptions.reservedLabel(label)
        }
        let last = try start.last.number == start.current.number ? start.current : start.last.revision()
        options.serverSide = serverSide ?? last.usesServerSideApply
        let request = ReleasableChart.Request(
            release: name, namespace: start.current.namespace, revision: last.number + 1, isUpgrade: true,
            inherited: inherited(start.current), cluster: try await context.liveCluster(version: start.version),
            hidesSecrets: options.hidesSecrets)
        let result = try await chart.rendered(request, context)
        var labels = last.labels.merging(self.labels) { _, new in new }
        labels = labels.filter { $0.value != "null" }
        return Revision(
            name: name, namespace: start.current.namespace, number: last.number + 1,
            info: Revision.Info(
                firstDeployed: start.current.info.firstDeployed, lastDeployed: context.now,
                description: "Preparing upgrade", status: .pendingUpgrade, notes: result.notes),
            chart: result.chart, config: result.config, manifest: result.manifest, hooks: result.hooks,
            applyMethod: options.method.name, labels: labels)
    }

    /// What the new revision takes over from the values of the one before.
    private func inherited(_ current: Revision) -> ReleasableChart.InheritedValues {
        var inherited = ReleasableChart.InheritedValues()
        switch valuesPolicy {
        case .reset: break
        case .automatic: inherited.fallback = current.config
        case .resetThenReuse: inherited.beneath = current.config
        case .reuse:
            inherited.beneath = current.config
            inherited.chartValues = ValuesMerge.computed(current.chart, current.config)
        }
        return inherited
    }
}
