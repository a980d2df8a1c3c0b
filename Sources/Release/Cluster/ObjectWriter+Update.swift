import API
import Client
import Document

extension ObjectWriter {
    /// Carries an update out: applies every step kind by kind, then deletes what the new manifest no longer has.
    ///
    /// - Parameter upgradesManagers: fields that client-side patches of Helm own are handed to server-side apply first.
    func update(_ plan: UpdatePlan, _ method: ApplyMethod, upgradesManagers: Bool) async throws {
        if let objection = method.objection { throw ReleaseFailure(objection) }
        var failures: [any Error] = []
        var rest = plan.steps[...]
        while let kind = rest.first?.target.kind.kind {
            let batch = rest.prefix { $0.target.kind.kind == kind }
            rest = rest.dropFirst(batch.count)
            let outcomes = await Array(batch).outcomesInParallel { step in
                try await carryOut(step, method, upgradesManagers: upgradesManagers)
            }
            for case .failure(let error) in outcomes { failures.append(error) }
            // A failed creation ends the update at once; failed changes are gathered.
            if let fatal = failures.first(where: {
                ($0 as? ReleaseFailure)?.message.hasPrefix("failed to create") ?? false
            }) {
                throw fatal
            }
        }
        try Self.throwJoined(failures, separator: " && ")
        try await deleteObsolete(plan.obsolete)
    }

    private func carryOut(_ step: UpdatePlan.Step, _ method: ApplyMethod, upgradesManagers: Bool) async throws {
        guard let live = step.live else {
            do { return try await create(step.target, method) } catch {
                throw ReleaseFailure.wrapping(error, "failed to create resource")
            }
        }
        guard let original = step.original else {
            throw ReleaseFailure(
                "original object \(step.target.kind.kind) with the name \"\(step.target.name)\" not found")
        }
        if method.forceReplace { return try await replace(step.target, live: live) }
        guard method.serverSide else { return try await patch(step.target, original: original) }
        if upgradesManagers { try await upgradeManagers(of: step.target, live: live) }
        try await apply(step.target, force: method.forceConflicts)
    }

    /// Deletes what is left of the old manifest, unless the live object is to be kept.
    private func deleteObsolete(_ objects: [ManifestObject]) async throws {
        let outcomes = await objects.outcomesInParallel { object in
            guard let live = try? await client.find(object.resource, namespace: object.namespace, name: object.name),
                !live.isKept
            else { return }
            do { try await delete(object, propagation: .background) } catch {
                throw ReleaseFailure.wrapping(error, "failed to delete resource \(object.name)")
            }
        }
        let failures = outcomes.compactMap { outcome in
            if case .failure(let error) = outcome { error } else { nil }
        }
        try Self.throwJoined(failures, separator: " && ")
    }
}
