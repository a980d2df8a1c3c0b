import API
import Document
import Schema
import Store

extension KubeAPI {
    /// Deletes an object, or marks it for those that have to finish with it first.
    func delete(_ request: Request) async throws(Status) -> Answer {
        let options = try DeletionOptions(request.incoming)
        return try await delete(request, options)
    }

    private func delete(_ request: Request, _ options: DeletionOptions) async throws(Status) -> Answer {
        var tries = 0
        while true {
            let record = try find(request)
            tries += 1
            do throws(Status) {
                return try await delete(record, request, options)
            } catch {
                guard error.isStoreConflict else { throw error }
                if tries >= 5 || options.resourceVersion != nil { throw .conflict(request.resource, request.name) }
            }
        }
    }

    private func delete(
        _ record: Record, _ request: Request, _ options: DeletionOptions
    ) async throws(Status) -> Answer {
        let resource = request.resource
        let object = try resource.tree(record)
        try checkPreconditions(object, options, resource)
        var review = AdmissionReview(.delete, object: .null, old: object, request)
        try await admission.validate(&review, self)
        let deletion = Deletion(object: object, options: options, resource: resource.resource, now: clock.now)
        guard let marked = deletion.marked else {
            return try await remove(record, deletion.last, request, options)
        }
        if options.isDryRun { return Answer(.object(resource, marked)) }
        let bytes = resource.bytes(of: marked)
        // Deleting again changes nothing.
        if bytes == record.bytes { return Answer(.record(resource, record)) }
        do throws(StoreFailure) {
            let change = Change(record.key, .update(bytes, expecting: record.revision), expiry: record.expiry)
            let revision = try await store.commit(change)
            let updated = Record(key: record.key, revision: revision, bytes: bytes, expiry: record.expiry)
            await written(marked, resource, updated)
            return Answer(.record(resource, updated))
        } catch {
            throw KubeAPI.failure(error, request)
        }
    }

    private static func failure(_ failure: StoreFailure, _ request: Request) -> Status {
        if case .conflict = failure { return .overtaken }
        return Status(failure, request.resource, request.name)
    }

    private func remove(
        _ record: Record, _ object: Value, _ request: Request, _ options: DeletionOptions
    ) async throws(Status) -> Answer {
        if !options.isDryRun {
            do throws(StoreFailure) {
                _ = try await store.commit(Change(record.key, .delete(expecting: record.revision)))
            } catch {
                throw KubeAPI.failure(error, request)
            }
            await removed(object, request.resource)
        }
        if request.resource.resource.returnsDeleted {
            return Answer(.object(request.resource, object))
        }
        let gvr = request.resource.gvr
        var value = Status(code: 200, reason: nil, message: "").value
        value["code"] = nil
        value["details"] = ["name": .string(object.name), "kind": .string(gvr.resource), "uid": .string(object.uid)]
        if !gvr.group.isEmpty { value["details", "group"] = .string(gvr.group) }
        return Answer(.tree(value))
    }

    private func checkPreconditions(
        _ object: Value, _ options: DeletionOptions, _ resource: ServedResource
    ) throws(Status) {
        var named = resource.gvr
        // Upstream names the kind here, not the resource.
        named.resource = resource.gvk.kind
        if let uid = options.uid, uid != object.uid {
            throw .conflict(
                named, object.name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(object.uid)). The object "
                    + "might have been deleted and then recreated")
        }
        if let version = options.resourceVersion, version != object.resourceVersion {
            throw .conflict(
                named, object.name,
                "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record "
                    + "(\(object.resourceVersion)). The object might have been modified")
        }
    }

    /// Deletes every object of a collection that the selectors choose.
    func deleteCollection(_ request: Request) async throws(Status) -> Answer {
        let options = try DeletionOptions(request.incoming)
        guard case .page(var page) = try list(request).body else { throw .methodNotAllowed }
        var rest = page.records.indices
        while !rest.isEmpty {
            // Those that are deleted together share their commits.
            let part = rest.prefix(64)
            rest = rest.dropFirst(64)
            for (index, result) in await delete(part.map { ($0, page.records[$0]) }, request, options) {
                if let updated = try result.get() { page.records[index] = updated }
            }
        }
        page.revision = store.revision
        return Answer(.page(page))
    }

    private func delete(
        _ records: [(index: Int, record: Record)], _ request: Request, _ options: DeletionOptions
    ) async -> [(Int, Result<Record?, Status>)] {
        await withTaskGroup(of: (Int, Result<Record?, Status>).self) { group in
            for (index, record) in records {
                group.addTask { (index, await self.delete(oneOf: request, record, options)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Deletes one object of a collection; the record that is left of it where it waits for its end.
    private func delete(
        oneOf request: Request, _ record: Record, _ options: DeletionOptions
    ) async -> Result<Record?, Status> {
        do throws(Status) {
            let object = try request.resource.tree(record)
            var route = request.route
            route.namespace = object.namespace
            route.name = object.name
            let single = try Request(request.incoming, route, .delete, request.resource)
            guard case .record(_, let left) = try await delete(single, options).body else { return .success(nil) }
            return .success(left)
        } catch {
            // Whoever was quicker has done what was asked for.
            return error.reason == .notFound ? .success(nil) : .failure(error)
        }
    }
}

/// What deleting does to one object: it goes away at once, or is marked and waits (registry's BeforeDelete).
struct Deletion: Sendable {
    let object: Value
    let options: DeletionOptions
    let resource: Resource
    let now: Time

    /// The object with its marks; nil where nothing has to be waited for.
    var marked: Value? {
        if resource.qualifiedName == "namespaces" { return markedNamespace }
        if resource.qualifiedName == KubeAPI.definitions && !object.isBeingDeleted { return markedDefinition }
        let finalizers = self.finalizers
        let grace = self.grace
        if finalizers.isEmpty && grace == 0 { return nil }
        if object.isBeingDeleted { return remarked(finalizers, grace) }
        return mark(object, finalizers, grace)
    }

    /// The object as its deletion shows it to those who watch.
    var last: Value {
        guard resource.qualifiedName == "pods", !object.isBeingDeleted || grace == 0 else { return object }
        return mark(object, finalizers, 0)
    }

    private func mark(_ object: Value, _ finalizers: [String], _ grace: Int) -> Value {
        var marked = object
        if !object.isBeingDeleted || grace < (object["metadata", "deletionGracePeriodSeconds"]?.int ?? 0) {
            marked["metadata", "deletionTimestamp"] = .string((now + .seconds(grace)).wholeSeconds.description)
            if object.generation > 0 && !object.isBeingDeleted {
                marked["metadata", "generation"] = .int(object.generation + 1)
            }
        }
        marked["metadata", "deletionGracePeriodSeconds"] = .int(grace)
        marked["metadata", "finalizers"] = finalizers.isEmpty ? nil : .array(finalizers.map(Value.string))
        return marked
    }

    /// A deletion that is under way can only be shortened, and its propagation be changed.
    private func remarked(_ finalizers: [String], _ grace: Int) -> Value? {
        let running = object["metadata", "deletionGracePeriodSeconds"]?.int ?? 0
        guard options.gracePeriodSeconds != nil, grace < running else {
            var same = object
            same["metadata", "finalizers"] = finalizers.isEmpty ? nil : .array(finalizers.map(Value.string))
            return same
        }
        return finalizers.isEmpty && grace == 0 ? nil : mark(object, finalizers, grace)
    }

    private var markedNamespace: Value? {
        if object.isBeingDeleted { return KubeAPI.isReleased(object) ? nil : object }
        var marked = object
        marked["metadata", "deletionTimestamp"] = .string(now.wholeSeconds.description)
        marked["status", "phase"] = "Terminating"
        return KubeAPI.isReleased(marked) ? nil : marked
    }

    /// A definition goes once its instances are gone (apiextensions' CRD registry).
    private var markedDefinition: Value {
        let cleanup = "customresourcecleanup.apiextensions.k8s.io"
        var marked = object
        marked["metadata", "deletionTimestamp"] = .string(now.wholeSeconds.description)
        let rest = finalizers.filter { $0 != cleanup }
        marked["metadata", "finalizers"] = .array((rest + [cleanup]).map(Value.string))
        let condition: Value = [
            "type": "Terminating", "status": "True", "lastTransitionTime": .string(now.wholeSeconds.description),
            "reason": "InstanceDeletionPending",
            "message": "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
        ]
        let others = marked["status", "conditions"]?.array?.filter { $0["type"]?.string != "Terminating" } ?? []
        marked["status", "conditions"] = .array(others + [condition])
        return marked
    }

    /// The finalizers that the propagation asks for (registry's deletionFinalizersForGarbageCollection).
    private var finalizers: [String] {
        let kept = object.finalizers.filter { $0 != "orphan" && $0 != "foregroundDeletion" }
        switch options.propagation {
        case .orphan: return kept + ["orphan"]
        case .foreground: return kept + ["foregroundDeletion"]
        case .background: return kept
        case nil:
            // Jobs leave their pods alone unless told otherwise, as they did before there was garbage collection.
            let isOld = resource.qualifiedName == "jobs.batch" && object.finalizers.allSatisfy(kept.contains)
            return isOld ? kept + ["orphan"] : object.finalizers
        }
    }

    /// How many seconds the object may take to end: only pods that run somewhere have any.
    private var grace: Int {
        guard resource.qualifiedName == "pods" else { return 0 }
        let isBound = !(object["spec", "nodeName"]?.string ?? "").isEmpty
        let phase = object["status", "phase"]?.string ?? ""
        if !isBound || phase == "Failed" || phase == "Succeeded" { return 0 }
        return options.gracePeriodSeconds ?? object["spec", "terminationGracePeriodSeconds"]?.int ?? 30
    }
}
