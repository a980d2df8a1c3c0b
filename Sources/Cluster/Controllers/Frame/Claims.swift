import API
import Client
import Document

/// Finds the objects that one object controls, adopts those without a controller that its selector chooses, and lets
/// go of those that it does not choose any more (upstream's `ControllerRefManager`).
struct Claims: Sendable {
    let desk: Desk
    /// Of what is claimed.
    let resource: GroupVersionResource
    /// Of who claims.
    let owners: GroupVersionResource

    /// The objects that belong to `owner` after claiming.
    func claim(for owner: Value, key: String) async throws -> [Value] {
        guard let selector = owner.podSelector else { return [] }
        let informer = desk.informers[resource]
        var claimed: [Value] = []
        for object in informer.objects(by: .controller, owner.uid) {
            if selector.matches(object.labels) {
                claimed.append(object)
            } else if !owner.isBeingDeleted {
                try await release(object, from: owner, key)
            }
        }
        guard !owner.isBeingDeleted else { return claimed }
        let orphans = informer.objects(by: .controller, "orphans/\(owner.namespace)").filter {
            !$0.isBeingDeleted && selector.matches($0.labels)
        }
        guard !orphans.isEmpty, try await isStillThere(owner) else { return claimed }
        for orphan in orphans {
            if let adopted = try await adopt(orphan, by: owner, key) { claimed.append(adopted) }
        }
        return claimed
    }

    /// The cache may be behind: only the server knows whether the owner lives and may adopt.
    private func isStillThere(_ owner: Value) async throws -> Bool {
        guard let fresh = try await desk.client.find(owners, namespace: owner.namespace, name: owner.name) else {
            return false
        }
        return fresh.uid == owner.uid && !fresh.isBeingDeleted
    }

    private func adopt(_ object: Value, by owner: Value, _ key: String) async throws -> Value? {
        let references = object.ownerReferences.map(\.value) + [OwnerReference(controller: owner).value]
        return try await change(object, ["ownerReferences": .array(references)], key)
    }

    private func release(_ object: Value, from owner: Value, _ key: String) async throws {
        let references = object.ownerReferences.filter { $0.uid != owner.uid }.map(\.value)
        _ = try await change(object, ["ownerReferences": references.isEmpty ? .null : .array(references)], key)
    }

    /// With uid and version as preconditions, so that no other object of that name and no newer list is touched.
    private func change(_ object: Value, _ metadata: Value, _ key: String) async throws -> Value? {
        var metadata = metadata
        metadata["uid"] = .string(object.uid)
        metadata["resourceVersion"] = .string(object.resourceVersion)
        do {
            let result = try await desk.writes.patch(resource, object, .merge(["metadata": metadata]), for: key)
            return InformerSet.withoutManagedFields(result)
        } catch let status as Status where status.reason == .notFound {
            return nil
        }
    }
}
