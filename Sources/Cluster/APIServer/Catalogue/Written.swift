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
        switch resource.prefix {
        case "services/": showAddresses(of: object)
        case KubeAPI.flowSchemas: noteLevel(of: object, resource, record)
        case KubeAPI.priorityLevels: noteLevels()
        default: break
        }
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
        case "services":
            services.release(object)
            hideAddresses(of: object)
        case _ where resource.prefix == KubeAPI.priorityLevels: noteLevels()
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
            stored.filter { $0.isTrue("Established") || $0.isInstalling }.reduce(catalogue) { $0.adding($1) }
        }
    }

    /// Gives a definition its status and serves it: what upstream's naming and establishing controllers do soon after.
    private func establish(_ definition: Value, _ resource: ServedResource, _ record: Record) async {
        let waits = options.installing > .zero
        let named = await name(definition, resource, record, isEstablished: !waits)
        guard let named else { return }
        if named.isTrue("Established") || named.isInstalling {
            serve(definition: named, resource, record.key)
            await registerCustomGroups()
        }
        guard named.isInstalling else { return }
        Task { [self] in
            // One that nobody finishes is finished at the next start.
            try await clock.sleep(for: options.installing)
            await finishEstablishing(definition.name)
        }
    }

    /// Tells of the definitions that were still to be established when the server before this one ended.
    func finishEstablishing() async {
        let stored = objects("apiextensions.k8s.io", "v1", "customresourcedefinitions")
        for definition in stored where definition.isInstalling { await finishEstablishing(definition.name) }
    }

    private func finishEstablishing(_ name: String) async {
        guard let resource = served["apiextensions.k8s.io", "v1", "customresourcedefinitions"],
            let record = store.record(resource.key(namespace: "", name: name)),
            let definition = try? resource.tree(record), definition.isInstalling, !definition.isBeingDeleted
        else { return }
        let told = await self.name(definition, resource, record, isEstablished: true)
        if let told, told.isTrue("Established") { serve(definition: told, resource, record.key) }
    }

    /// Serves what a definition defines, unless it is being deleted by now: whoever deletes it has marked it before it
    /// stops to be served.
    private func serve(definition: Value, _ resource: ServedResource, _ key: Key) {
        serve { catalogue in
            guard let record = store.record(key), let stored = try? resource.tree(record), !stored.isBeingDeleted else {
                return catalogue
            }
            return catalogue.adding(definition)
        }
    }

    /// Stores the status of a definition, whoever else writes it meanwhile; nil where it is gone.
    private func name(
        _ definition: Value, _ resource: ServedResource, _ record: Record, isEstablished: Bool
    ) async -> Value? {
        var definition = definition
        var record = record
        for _ in 0..<5 {
            let named = served.catalogue.withStatus(definition, now: now, isEstablished: isEstablished)
            guard named["status"] != definition["status"] else { break }
            let owner = FieldOwner(manager: "kube-apiserver", subresource: "status", now: now)
            let tracked = resource.resource.trackingUpdate(named, from: definition, by: owner)
            let bytes = StoredForm.bytes(of: tracked)
            do throws(StoreFailure) {
                _ = try await store.commit(Change(record.key, .update(bytes, expecting: record.revision)))
                return tracked
            } catch {
                // One that is being deleted meanwhile is no longer served, and must not be again.
                guard let latest = store.record(record.key), let object = try? resource.tree(latest),
                    !object.isBeingDeleted
                else { return nil }
                definition = object
                record = latest
            }
        }
        return definition
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
        await release(resource.key(namespace: "", name: definition.name), resource, from: finalizer)
    }

    /// Takes a finalizer away, and the object with its last one, whoever else writes it meanwhile.
    private func release(_ key: Key, _ resource: ServedResource, from finalizer: String) async {
        for _ in 0..<5 {
            guard let record = store.record(key), let stored = try? resource.tree(record) else { return }
            let rest = stored.finalizers.filter { $0 != finalizer }
            var released = stored
            released["metadata", "finalizers"] = .array(rest.map(Value.string))
            let action: Change.Action =
                rest.isEmpty
                ? .delete(expecting: record.revision)
                : .update(StoredForm.bytes(of: released), expecting: record.revision)
            if (try? await store.commit(Change(key, action))) != nil { return }
        }
    }
}

extension Value {
    /// Whether a definition's names are accepted and all that it lacks is the word that it is established.
    fileprivate var isInstalling: Bool {
        !isTrue("Established") && condition("Established")?.reason == "Installing"
    }
}
