import API
import Client
import Document

/// Makes the claims that pods carry in themselves ("Generic ephemeral volumes"); they go with their pod.
struct EphemeralVolumeController: Controller {
    static let name = "ephemeral-volume-controller"

    private let desk: Desk
    private let pods: Informer
    private let claims: Informer

    init(_ desk: Desk) {
        self.desk = desk
        pods = desk.informers[.pods]
        claims = desk.informers[.persistentVolumeClaims]
    }

    var sources: [Source] {
        [
            Source(pods) { change in
                guard case .added(let pod) = change, !Self.volumes(of: pod).isEmpty else { return [] }
                return [pod.key]
            },
            Source(claims) { change in
                guard case .deleted(let claim) = change, let key = claim.controllerKey("Pod") else { return [] }
                return [key]
            },
        ]
    }

    private static func volumes(of pod: Value) -> [Value] {
        (pod["spec", "volumes"]?.array ?? []).filter { $0["ephemeral", "volumeClaimTemplate"] != nil }
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let pod = pods[key], !pod.isBeingDeleted, !pod.isTerminal else { return nil }
        for volume in Self.volumes(of: pod) {
            let name = "\(pod.name)-\(volume["name"]?.string ?? "")"
            if let claim = claims["\(pod.namespace)/\(name)"] {
                guard claim.controller?.uid != pod.uid else { continue }
                throw Status.internalError("PVC \(claim.key) was not created for pod \(pod.key) (pod is not owner)")
            }
            try await make(name, from: volume["ephemeral", "volumeClaimTemplate"] ?? [:], for: pod, key)
        }
        return nil
    }

    private func make(_ name: String, from template: Value, for pod: Value, _ key: String) async throws {
        var claim: Value = ["apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": template["spec"] ?? [:]]
        for field: Text in ["labels", "annotations"] {
            if let value = template["metadata"]?[field] { claim["metadata", field] = value }
        }
        claim["metadata", "name"] = .string(name)
        claim["metadata", "namespace"] = .string(pod.namespace)
        claim["metadata", "ownerReferences"] = [OwnerReference(controller: pod).value]
        do {
            try await desk.writes.create(.persistentVolumeClaims, claim, for: key)
        } catch let status as Status where status.reason != .alreadyExists {
            desk.events.warning(pod, "FailedToCreate", "PVC \(name): \(status)")
            throw status
        }
    }
}
