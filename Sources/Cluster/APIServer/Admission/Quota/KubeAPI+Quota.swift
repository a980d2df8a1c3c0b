import API
import Document
import Schema
import Store

extension KubeAPI {
    static let quotas = "resourcequotas/"

    /// A served resource.
    func resource(_ group: String, _ version: String, _ plural: String) -> ServedResource? {
        served[group, version, plural]
    }

    /// Whether there is any object of the resource in the namespace.
    func hasAny(_ resource: ServedResource, in namespace: String) -> Bool {
        var found = false
        store.snapshot().forEach(in: resource.folder(namespace: namespace)) { _ in
            found = true
            return false
        }
        return found
    }

    /// The quality of service of a pod that has no status yet.
    static func quality(of pod: Value) -> String {
        let containers = (pod["spec", "containers"]?.array ?? []) + (pod["spec", "initContainers"]?.array ?? [])
        let asks = containers.contains { container in
            ["requests", "limits"].contains { !(container["resources", $0]?.object ?? [:]).isEmpty }
        }
        return asks ? "Burstable" : "BestEffort"
    }

    /// Works out anew what is used of a namespace's quotas: what upstream's resourcequota controller does. It is asked for
    /// when a quota changes, and when an object that counts goes away or ends.
    func recount(quotasIn namespace: String) async {
        guard let quotas = resource("", "v1", "resourcequotas"), hasAny(quotas, in: namespace) else { return }
        for name in objects("", "v1", "resourcequotas", namespace: namespace).map(\.name) {
            let key = quotas.key(namespace: namespace, name: name)
            for _ in 0..<5 {
                guard let record = store.record(key), let quota = try? quotas.tree(record) else { break }
                let counted = recounted(quota, namespace)
                guard counted["status"] != quota["status"] else { break }
                let owner = FieldOwner(manager: "kube-controller-manager", subresource: "status", now: now)
                let tracked = quotas.resource.trackingUpdate(counted, from: quota, by: owner)
                let change = Change(
                    key, .update(StoredForm.bytes(of: tracked), expecting: record.revision), expiry: record.expiry)
                if (try? await store.commit(change)) != nil { break }
            }
        }
    }

    private func recounted(_ quota: Value, _ namespace: String) -> Value {
        let view = QuotaView(object: quota)
        var used: [String: Quantity] = [:]
        for key in view.hard.keys { used[key] = Quantity(nanos: 0) }
        for resource in counted(view.hard.keys) {
            for object in objects(resource.gvr.group, resource.gvr.version, resource.gvr.resource, namespace: namespace)
            where view.matches(object, resource.resource) {
                for (key, amount) in QuotaUsage(of: object, resource.resource).amounts {
                    guard let known = used[key] else { continue }
                    used[key] = known + amount
                }
            }
        }
        var result = quota
        result["status", "hard"] = quota["spec", "hard"]
        result["status", "used"] = [:]
        for (key, amount) in used { result["status", "used", Text(key)] = .string(amount.description) }
        return result
    }

    /// The resources whose objects take something of what a quota limits.
    private func counted(_ keys: some Collection<String>) -> [ServedResource] {
        var names: Set<String> = []
        for key in keys {
            if key.hasPrefix("count/") {
                names.insert(String(key.dropFirst("count/".count)))
            } else if key.hasPrefix("services.") {
                names.insert("services")
            } else if key == "requests.storage" || key.contains(".storageclass.storage.k8s.io/") {
                names.insert("persistentvolumeclaims")
            } else if resource("", "v1", key) != nil {
                names.insert(key)
            } else {
                names.insert("pods")
            }
        }
        return served.all.filter { resource in
            names.contains(resource.resource.qualifiedName) && resource.isStorageVersion
                && resource.resource.isNamespaced
        }
    }
}
