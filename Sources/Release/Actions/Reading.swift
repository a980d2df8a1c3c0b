import API
import Client
import Document

/// What can be asked about releases without changing them.
extension ActionContext {
    /// The newest revision, or the one of that number where it is above 0.
    public func revision(_ name: String, _ number: Int = 0) async throws -> Revision {
        async let found = records.revision(name, number)
        _ = try await cluster.reach(discovering: false)
        if ReleaseName.objection(to: name) != nil {
            throw ReleaseFailure("releaseContent: Release name is invalid: \(name)")
        }
        return try await found
    }

    /// All revisions of a release, oldest first, but no more than the newest `maximum`.
    public func history(_ name: String, maximum: Int) async throws -> [Revision] {
        async let found = records.history(name)
        _ = try await cluster.reach(discovering: false)
        if ReleaseName.objection(to: name) != nil { throw ReleaseFailure("release name is invalid: \(name)") }
        return try await found.suffix(max(0, maximum)).map { try $0.revision() }
    }

    /// The newest revision of each release that is asked for.
    public func list(_ query: RecordStore.Query) async throws -> [Revision] {
        async let found = records.list(query)
        _ = try await cluster.reach(discovering: false)
        return try await found
    }

    /// The names of the releases that are asked for.
    public func names(_ query: RecordStore.Query) async throws -> [String] {
        async let found = records.names(query)
        _ = try await cluster.reach(discovering: false)
        return try await found
    }

    /// The state of the newest revision; nil where there is no record at all.
    public func reachableStatus(_ name: String) async throws -> ReleaseStatus? {
        async let found = records.history(name)
        _ = try await cluster.reach()
        if ReleaseName.objection(to: name) != nil { throw ReleaseFailure("release name is invalid: \(name)") }
        do {
            return try await found.last?.status
        } catch let failure as ReleaseFailure where failure.code == .notFound {
            return nil
        }
    }

    /// The revision with the live objects of its manifest, and the pods that they made, as tables or whole.
    ///
    /// - Parameter asTables: what a human reads, made by the server.
    public func status(_ name: String, _ number: Int, asTables: Bool) async throws -> Revision {
        cluster.directory.prefetch()
        var revision = try await revision(name, number)
        let objects = try await self.objects(revision.manifest)
        let found = await objects.outcomesInParallel { object in
            try await get(object.resource.path(namespace: object.namespace, name: object.name), asTables: asTables)
        }
        for (object, outcome) in zip(objects, found) {
            guard case .success(let value) = outcome else { continue }
            revision.info.resources["\(object.kind.version)/\(object.kind.kind)", default: []].append(value)
        }
        for pods in try await relatedPods(objects, asTables: asTables) {
            revision.info.resources["v1/Pod(related)", default: []].append(pods)
        }
        return revision
    }

    private func get(_ path: String, query: [(name: String, value: String)] = [], asTables: Bool) async throws -> Value
    {
        let tables = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        let more = asTables ? [("includeObject", "Object")] : []
        let request = APIRequest(
            .get, path, query: query + more, accept: asTables ? tables : "application/json")
        return try await cluster.client.transport.send(request).value()
    }

    /// The pods that the workloads' selectors choose; each selector once.
    private func relatedPods(_ objects: [ManifestObject], asTables: Bool) async throws -> [Value] {
        var seen: Set<Object> = []
        let chosen = objects.compactMap { object -> (namespace: String?, selector: String)? in
            guard let labels = Self.selector(of: object.value), seen.insert(labels).inserted else { return nil }
            return (object.namespace, LabelSelector(matching: labels).description)
        }
        let answers = await chosen.outcomesInParallel { choice in
            try await get(
                PodLogs.pods.path(namespace: choice.namespace), query: [("labelSelector", choice.selector)],
                asTables: asTables)
        }
        return answers.flatMap { outcome -> [Value] in
            guard case .success(let value) = outcome else { return [] }
            return value.kind == "Table" ? [value] : value["items"]?.array ?? []
        }
    }

    private static func selector(of object: Value) -> Object? {
        switch object.kind {
        case "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job":
            object["spec", "selector", "matchLabels"]?.object
        case "ReplicationController": object["spec", "selector"]?.object
        default: nil
        }
    }
}
