import API
import Client
import Document

extension Install {
    /// Brings the objects of `crds/` to the cluster and waits until their kinds are served.
    func installDefinitions(_ chart: ReleasableChart, _ context: ActionContext) async throws {
        guard !skipsDefinitions, !chart.definitions.isEmpty else { return }
        guard options.dryRun == .none else {
            let words = "This chart or one of its subcharts contains CRDs. Rendering may fail or contain inaccuracies."
            return context.log(LogRecord(.warn, words))
        }
        var installed: [ManifestObject] = []
        for definition in chart.definitions {
            do {
                let objects = try await context.objects(definition.manifest)
                try await context.writer.create(objects, ApplyMethod(serverSide: options.method.serverSide))
                installed += objects
            } catch let error {
                if Self.isAlreadyThere(error) { continue }
                throw ReleaseFailure.wrapping(error, "failed to install CRD \(definition.name)")
            }
        }
        guard !installed.isEmpty else { return }
        try await context.waiter.wait(for: installed, .ready, timeout: .seconds(60))
        context.cluster.directory.reset()
    }

    /// Makes the release's namespace, unless it is there.
    func createNamespace(_ context: ActionContext) async throws {
        let namespace = ManifestObject(
            value: [
                "apiVersion": "v1", "kind": "Namespace", "spec": [:], "status": [:],
                "metadata": ["name": .string(context.namespace), "labels": ["name": .string(context.namespace)]],
            ],
            kind: GroupVersionKind(group: "", version: "v1", kind: "Namespace"),
            resource: GroupVersionResource(group: "", version: "v1", resource: "namespaces"), namespace: nil)
        do {
            try await context.writer.create(namespace, ApplyMethod(serverSide: options.method.serverSide))
        } catch let error {
            if !Self.isAlreadyThere(error) { throw error }
        }
    }

    private static func isAlreadyThere(_ error: any Error) -> Bool {
        let status = error as? Status ?? (error as? ReleaseFailure)?.cause as? Status
        return status?.reason == .alreadyExists
    }

    /// Hooks, objects, waiting, hooks; what was reached is recorded.
    func perform(_ revision: inout Revision, _ plan: UpdatePlan, _ context: ActionContext) async throws {
        let method = options.method
        let hooks = HookRunner(context: context, timeout: options.timeout, serverSide: method.serverSide)
        if !options.skipsHooks {
            do { try await hooks.run(.preInstall, of: &revision) } catch {
                throw ReleaseFailure.wrapping(error, "failed pre-install")
            }
        }
        let objects = plan.steps.map(\.target)
        if plan.steps.contains(where: { $0.live != nil }) {
            try await context.writer.update(plan, method, upgradesManagers: method.serverSide)
        } else {
            var plain = method
            plain.forceConflicts = false
            try await context.writer.create(objects, plain)
        }
        try await options.wait(for: objects, context)
        if !options.skipsHooks {
            do { try await hooks.run(.postInstall, of: &revision) } catch {
                throw ReleaseFailure.wrapping(error, "failed post-install")
            }
        }
        revision.set(.deployed, options.description.isEmpty ? "Install complete" : options.description)
        do { try await context.records.update(revision) } catch {
            context.log(LogRecord(.error, "failed to record the release", [.init("error", "\(error)")]))
        }
    }

    /// Records that the install failed, or takes it back where that was asked; the error tells what was done.
    func failure(_ revision: Revision, _ error: any Error, _ context: ActionContext) async -> any Error {
        var revision = revision
        let cause = Cancellation.words(error)
        revision.set(.failed, "Release \"\(name)\" failed: \(cause)")
        guard options.rollsBack else {
            await context.record(revision)
            return error is ReleaseFailure ? error : ReleaseFailure(cause, cause: error)
        }
        var uninstall = Uninstall(name: name)
        uninstall.skipsHooks = options.skipsHooks
        uninstall.timeout = options.timeout
        uninstall.wait = options.effectiveWait
        do { _ = try await uninstall.run(in: context) } catch let second {
            return ReleaseFailure(
                "an error occurred while uninstalling the release. original install error: \(cause): \(second)",
                cause: error)
        }
        return ReleaseFailure.wrapping(
            error,
            "release \(name) failed, and has been uninstalled due to rollback-on-failure being set")
    }
}
