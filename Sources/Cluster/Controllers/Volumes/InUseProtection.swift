import API
import Client
import Document

/// What is kept as long as somebody uses it ("Storage Object in Use Protection").
protocol ProtectedKind: SendableMetatype {
    static var controllerName: String { get }
    static var finalizer: String { get }
    static var resource: GroupVersionResource { get }
    /// Whether somebody uses the object.
    static func isUsed(_ object: Value, pods: Informer) -> Bool
    /// The objects whose use a change of a pod ends.
    static func freed(by pod: Value) -> [String]
}

enum ClaimProtection: ProtectedKind {
    static let controllerName = "pvc-protection-controller"
    static let finalizer = "kubernetes.io/pvc-protection"
    static let resource = GroupVersionResource.persistentVolumeClaims

    static func isUsed(_ claim: Value, pods: Informer) -> Bool {
        pods.objects(in: claim.namespace).contains {
            !$0.isTerminal && !$0.nodeName.isEmpty && $0.claimNames.contains(claim.name)
        }
    }

    static func freed(by pod: Value) -> [String] { pod.claimNames.map { "\(pod.namespace)/\($0)" } }
}

enum VolumeProtection: ProtectedKind {
    static let controllerName = "pv-protection-controller"
    static let finalizer = "kubernetes.io/pv-protection"
    static let resource = GroupVersionResource.persistentVolumes

    static func isUsed(_ volume: Value, pods: Informer) -> Bool { volume.phase == "Bound" }
    static func freed(by pod: Value) -> [String] { [] }
}

/// Lets volumes and claims go that are being deleted, once nobody uses them any more.
struct InUseProtection<Kind: ProtectedKind>: Controller {
    static var name: String { Kind.controllerName }
    static var workers: Int { 1 }

    private let desk: Desk
    private let objects: Informer
    private let pods: Informer

    init(_ desk: Desk) {
        self.desk = desk
        objects = desk.informers[Kind.resource]
        pods = desk.informers[.pods]
    }

    var sources: [Source] {
        [
            .each(objects),
            Source(pods) { change in
                switch change {
                case .deleted(let pod): Kind.freed(by: pod)
                case .updated(_, let pod) where pod.isTerminal: Kind.freed(by: pod)
                default: []
                }
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        guard let object = objects[key] else { return nil }
        let isHeld = object.finalizers.contains(Kind.finalizer)
        if object.isBeingDeleted {
            guard isHeld, !Kind.isUsed(object, pods: pods) else { return nil }
            try await write(object, object.finalizers.filter { $0 != Kind.finalizer }, key)
        } else if !isHeld {
            try await write(object, object.finalizers + [Kind.finalizer], key)
        }
        return nil
    }

    private func write(_ object: Value, _ finalizers: [String], _ key: String) async throws {
        var changed = object
        changed["metadata", "finalizers"] = finalizers.isEmpty ? nil : .array(finalizers.map { .string($0) })
        do {
            try await desk.writes.update(Kind.resource, changed, for: key)
        } catch let status as Status where status.reason == .notFound {
            return
        }
    }
}
