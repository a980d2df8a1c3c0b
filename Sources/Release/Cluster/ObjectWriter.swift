import API
import Client
import Document

/// How objects are brought to the cluster.
struct ApplyMethod: Sendable, Hashable {
    /// Server-side apply; else create and patch.
    var serverSide: Bool
    /// Server-side apply takes fields from other managers.
    var forceConflicts = false
    /// Objects that exist are replaced.
    var forceReplace = false

    /// What a record says of it.
    var name: String { serverSide ? "ssa" : "csa" }

    /// Combinations that Helm's client refuses.
    var objection: String? {
        if !serverSide, forceConflicts {
            return "invalid client update option(s): forceConflicts enabled when serverSideApply disabled"
        }
        if forceConflicts, forceReplace {
            return "invalid operation: cannot use force conflicts and force replace together"
        }
        if serverSide, forceReplace {
            return "invalid operation: cannot use server-side apply and force replace together"
        }
        return nil
    }
}

/// Makes, changes and deletes the objects of manifests (pkg/kube/client.go).
///
/// Objects of one kind that stand together are sent at once; the next kind waits for them, as the order of kinds matters.
struct ObjectWriter: Sendable {
    let client: APIClient

    /// Creates objects, or takes them over where server-side apply finds them there.
    func create(_ objects: [ManifestObject], _ method: ApplyMethod) async throws {
        try await perform(objects) { try await create($0, method) }
    }

    /// Creates one object.
    func create(_ object: ManifestObject, _ method: ApplyMethod) async throws {
        if method.serverSide { return try await apply(object, force: method.forceConflicts) }
        _ = try await client.create(object.resource, object.value)
    }

    /// Server-side apply with strict field validation.
    func apply(_ object: ManifestObject, force: Bool) async throws {
        let path = object.resource.path(namespace: object.namespace, name: object.name)
        let request = APIRequest(
            .patch, path,
            query: [
                ("fieldManager", client.fieldManager), ("fieldValidation", "Strict"),
                ("force", force ? "true" : "false"),
            ],
            contentType: "application/apply-patch+yaml", body: .value(object.value))
        do {
            guard !object.name.isEmpty else { throw Status.badRequest("resource name may not be empty") }
            _ = try await client.transport.send(request).value()
        } catch let status as Status {
            throw ReleaseFailure("\(Self.words(status)) \(object.place): \(status.message)", cause: status)
        } catch {
            throw ReleaseFailure("server-side apply failed for object \(object.place): \(error)", cause: error)
        }
    }

    private static func words(_ status: Status) -> String {
        switch status.code {
        case 415: "server-side apply not available on the server:"
        case 409: "conflict occurred while applying object"
        default: "server-side apply failed for object"
        }
    }

    /// Deletes objects; those that are gone already count as deleted.
    ///
    /// - Returns: what went wrong, object by object.
    func delete(
        _ objects: [ManifestObject], propagation: DeleteOptions.Propagation = .background
    ) async -> [any Error] {
        var failures: [any Error] = []
        for batch in Self.batches(objects) {
            let outcomes = await batch.outcomesInParallel { object in
                try await delete(object, propagation: propagation)
            }
            for case .failure(let error) in outcomes { failures.append(error) }
        }
        return failures
    }

    /// Deletes one object; a conflict with another writer is tried again, as client-go's RetryOnConflict does.
    func delete(_ object: ManifestObject, propagation: DeleteOptions.Propagation) async throws {
        for attempt in 1... {
            do {
                try await client.delete(
                    object.resource, namespace: object.namespace, name: object.name,
                    DeleteOptions(propagation: propagation))
                return
            } catch let status as Status where status.reason == .notFound {
                return
            } catch let status as Status where status.reason == .conflict && attempt < 5 {
                continue
            }
        }
    }

    /// Replaces an object that is there, whatever its version.
    func replace(_ object: ManifestObject, live: Value) async throws {
        var value = object.value
        value["metadata", "resourceVersion"] = .string(live.resourceVersion)
        do { _ = try await client.update(object.resource, value) } catch {
            throw ReleaseFailure.wrapping(error, "failed to replace object")
        }
    }

    /// The live objects, in the order asked for; nil where there is none.
    func live(_ objects: [ManifestObject]) async throws -> [Value?] {
        try await objects.mapInParallel { object in
            guard !object.name.isEmpty else { return nil }
            do {
                return try await client.find(object.resource, namespace: object.namespace, name: object.name)
            } catch {
                throw ReleaseFailure.wrapping(error, "could not get information about the resource \(object.title)")
            }
        }
    }

    /// Runs `body` for runs of one kind at once, kind after kind; all failures of all kinds are told, a line each.
    func perform(
        _ objects: [ManifestObject], _ body: @Sendable @escaping (ManifestObject) async throws -> Void
    ) async throws {
        var failures: [any Error] = []
        for batch in Self.batches(objects) {
            for case .failure(let error) in await batch.outcomesInParallel(body) { failures.append(error) }
        }
        try Self.throwJoined(failures, separator: "\n")
    }

    static func throwJoined(_ failures: [any Error], separator: String) throws {
        guard let first = failures.first else { return }
        if failures.count == 1 { throw first }
        throw ReleaseFailure(failures.map { "\($0)" }.joined(separator: separator), cause: first)
    }

    /// Runs of objects of one kind.
    static func batches(_ objects: [ManifestObject]) -> [[ManifestObject]] {
        var batches: [[ManifestObject]] = []
        for object in objects {
            if batches.last?.last?.kind.kind == object.kind.kind {
                batches[batches.count - 1].append(object)
            } else {
                batches.append([object])
            }
        }
        return batches
    }
}
