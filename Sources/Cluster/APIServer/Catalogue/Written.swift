import API
import Document
import Schema
import Store

/// What a write means to the server itself, before its answer goes out.
extension KubeAPI {
    /// An object has been created or changed.
    func written(_ object: Value, _ resource: ServedResource, _ record: Record) async {
        if resource.prefix == KubeAPI.clusterRoles { return await aggregateRoles() }
        let isEnded = resource.prefix == "pods/" && ["Failed", "Succeeded"].contains(object["status", "phase"]?.string)
        if resource.prefix == KubeAPI.quotas || isEnded { await recount(quotasIn: object.namespace) }
        guard resource.resource.qualifiedName == KubeAPI.definitions else { return }
        if object.isBeingDeleted {
            await cleanUp(object, resource)
        } else {
            await establish(object, resource, record)
        }
    }

    /// An object is gone.
    func removed(_ object: Value, _ resource: ServedResource) async {
        if !object.namespace.isEmpty { await recount(quotasIn: object.namespace) }
        switch resource.resource.qualifiedName {
        case _ where resource.prefix == KubeAPI.clusterRoles: await aggregateRoles()
        case "services": services.release(object)
        case KubeAPI.definitions:
            serve { $0.removing(definition: object.name) }
            await registerCustomGroups()
        default: break
        }
    }

    private static let clusterRoles = "clusterroles.rbac.authorization.k8s.io/"
    static let definitions = "customresourcedefinitions.apiextensions.k8s.io"

    /// Serves what the stored definitions define.
    func readDefinitions() {
        let stored = objects("apiextensions.k8s.io", "v1", "customresourcedefinitions")
        guard !stored.isEmpty else { return }
        serve { catalogue in
            stored.filter { $0.isTrue("Established") }.reduce(catalogue) { $0.adding($1) }
        }
    }

    /// Gives a definition its status and serves it: what upstream's naming and establishing controllers do soon after.
    private func establish(_ definition: Value, _ resource: ServedResource, _ record: Record) async {
        var definition = definition
        var record = record
        for _ in 0..<5 {
            let named = served.catalogue.withStatus(definition, now: now)
            guard named["status"] != definition["status"] else { break }
            let owner = FieldOwner(manager: "kube-apiserver", subresource: "status", now: now)
            let tracked = resource.resource.trackingUpdate(named, from: definition, by: owner)
            let bytes = StoredForm.bytes(of: tracked)
            do throws(StoreFailure) {
                _ = try await store.commit(Change(record.key, .update(bytes, expecting: record.revision)))
                definition = tracked
                break
            } catch {
                guard let latest = store.record(record.key), let object = try? resource.tree(latest) else { return }
                definition = object
                record = latest
            }
        }
        if definition.isTrue("Established") {
            let established = definition
            serve { $0.adding(established) }
            await registerCustomGroups()
        }
    }

    /// Deletes the instances of a definition that is being deleted, and then lets it go.
    private func cleanUp(_ definition: Value, _ resource: ServedResource) async {
        let finalizer = "customresourcecleanup.apiextensions.k8s.io"
        guard definition.finalizers.contains(finalizer) else { return }
        let plural = definition["spec", "names", "plural"]?.string ?? ""
        let group = definition["spec", "group"]?.string ?? ""
        var instances: [Record] = []
        store.snapshot().forEach(in: Key("\(plural).\(group)/")) { record in
            instances.append(record)
            return true
        }
        for instance in instances {
            _ = try? await store.commit(Change(instance.key, .delete(expecting: instance.revision)))
        }
        serve { $0.removing(definition: definition.name) }
        await registerCustomGroups()
        let key = resource.key(namespace: "", name: definition.name)
        guard let record = store.record(key), let stored = try? resource.tree(record) else { return }
        let rest = stored.finalizers.filter { $0 != finalizer }
        guard !rest.isEmpty else {
            _ = try? await store.commit(Change(key, .delete(expecting: record.revision)))
            return
        }
        var released = stored
        released["metadata", "finalizers"] = .array(rest.map(Value.string))
        _ = try? await store.commit(
            Change(key, .update(StoredForm.bytes(of: released), expecting: record.revision)))
    }
}
