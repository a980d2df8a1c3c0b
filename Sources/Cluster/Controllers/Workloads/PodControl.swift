import API
import Client
import Document

/// Makes and deletes the pods of an owner, and tells of each (upstream's `RealPodControl`).
struct PodControl: Sendable {
    let desk: Desk

    /// Makes pods in batches of 1, 2, 4 …, so that a quota that is exceeded costs one refusal and not hundreds.
    ///
    /// - Throws: the first refusal; what was made before stays.
    func create(
        _ count: Int, from template: Value, owner: Value, key: String, prefix: String? = nil,
        change: @Sendable (inout Value, Int) -> Void = { _, _ in }
    ) async throws {
        guard count > 0 else { return }
        let plain = PodTemplate.pod(from: template, owner: owner, prefix: prefix)
        var made = 0
        var batch = 1
        while made < count {
            let size = min(batch, count - made)
            let pods = (made..<made + size).map { index in
                var pod = plain
                change(&pod, index)
                return pod
            }
            try await createAll(pods, owner, key)
            made += size
            batch *= 2
        }
    }

    /// Makes these pods side by side.
    func createAll(_ pods: [Value], _ owner: Value, _ key: String) async throws {
        try await allOf(pods) { try await createOne($0, owner, key) }
    }

    private func createOne(_ pod: Value, _ owner: Value, _ key: String) async throws {
        do {
            let created = try await desk.writes.create(.pods, pod, for: key)
            desk.events.normal(owner, "SuccessfulCreate", "Created pod: \(created.name)")
        } catch let status as Status where status.saysNamespaceTerminates {
            return
        } catch {
            desk.events.warning(owner, "FailedCreate", "Error creating: \(error)")
            throw error
        }
    }

    /// Deletes these pods side by side.
    func delete(_ pods: [Value], owner: Value, key: String) async throws {
        try await allOf(pods) { try await deleteOne($0, owner, key) }
    }

    /// Does all of them whatever becomes of the others, for a write that is cut off half-way is one that the caches are
    /// not waited for; then throws the first failure.
    private func allOf(_ pods: [Value], _ work: @Sendable @escaping (Value) async throws -> Void) async throws {
        if pods.count == 1 { return try await work(pods[0]) }
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            for pod in pods {
                group.addTask {
                    do { try await work(pod) } catch { return error }
                    return nil
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        if let failure { throw failure }
    }

    private func deleteOne(_ pod: Value, _ owner: Value, _ key: String) async throws {
        do {
            guard try await desk.writes.delete(.pods, pod, for: key) else { return }
            desk.events.normal(owner, "SuccessfulDelete", "Deleted pod: \(pod.name)")
        } catch {
            desk.events.warning(owner, "FailedDelete", "Error deleting: \(error)")
            throw error
        }
    }
}
