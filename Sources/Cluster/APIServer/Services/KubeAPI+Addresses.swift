import API
import Document
import Schema
import Store

/// IPAddress objects, by which the addresses that Services hold can be looked at (ipallocator of upstream). The Services
/// are what counts; these follow them, and no write waits for one.
extension KubeAPI {
    private static let keeperLabel: Text = "ipaddress.kubernetes.io/managed-by"
    private static let keeper: Value = "ipallocator.k8s.io"

    private var shownAddresses: ServedResource? { served["networking.k8s.io", "v1", "ipaddresses"] }

    /// Shows the addresses of a Service that has been written.
    func showAddresses(of service: Value) {
        guard let resource = shownAddresses else { return }
        for address in ServiceAllocator.addresses(of: service) {
            let key = resource.key(namespace: "", name: address)
            var holder: Revision?
            if let record = store.record(key) {
                guard let standing = try? resource.tree(record), KubeAPI.isKept(standing),
                    standing["spec", "parentRef"] != KubeAPI.parent(service)
                else { continue }
                holder = record.revision
            }
            let made = KubeAPI.shown(address, of: service).made(resource.resource, now: now)
            let bytes = StoredForm.bytes(of: made)
            store.commit(Change(key, holder.map { .update(bytes, expecting: $0) } ?? .create(bytes))) { _ in }
        }
    }

    /// Shows no more what a Service held and does not hold now.
    func hideAddresses(of service: Value, now holder: Value? = nil) {
        guard let resource = shownAddresses else { return }
        let held = holder.map { ServiceAllocator.addresses(of: $0) } ?? []
        for address in ServiceAllocator.addresses(of: service) where !held.contains(address) {
            let key = resource.key(namespace: "", name: address)
            guard let record = store.record(key), let standing = try? resource.tree(record), KubeAPI.isKept(standing),
                standing["spec", "parentRef"] == KubeAPI.parent(service)
            else { continue }
            store.commit(Change(key, .delete(expecting: record.revision))) { _ in }
        }
    }

    /// Shows what the stored Services hold and nothing else, whatever became of the server before this one.
    func alignAddresses() {
        guard let resource = shownAddresses else { return }
        var held: Set<String> = []
        for service in objects("", "v1", "services") {
            held.formUnion(ServiceAllocator.addresses(of: service))
            showAddresses(of: service)
        }
        for shown in objects("networking.k8s.io", "v1", "ipaddresses")
        where KubeAPI.isKept(shown) && !held.contains(shown.name) {
            guard let revision = Revision(shown.resourceVersion) else { continue }
            store.commit(Change(resource.key(namespace: "", name: shown.name), .delete(expecting: revision))) { _ in }
        }
    }

    /// Those that somebody else made are left alone.
    private static func isKept(_ shown: Value) -> Bool { shown.labels[keeperLabel] == keeper }

    private static func parent(_ service: Value) -> Value {
        ["resource": "services", "namespace": .string(service.namespace), "name": .string(service.name)]
    }

    private static func shown(_ address: String, of service: Value) -> StartObject {
        StartObject(
            GroupVersionResource(group: "networking.k8s.io", version: "v1", resource: "ipaddresses"),
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
                "metadata": [
                    "name": .string(address),
                    "labels": [keeperLabel: keeper, "ipaddress.kubernetes.io/ip-family": "IPv4"],
                ],
                "spec": ["parentRef": parent(service)],
            ])
    }
}
