import API
import Document

/// The claims of a pod and their volumes, as they are at one moment ("Volume binding", `VolumeBinding` plugin).
struct PodClaims: Sendable {
    /// Where claims, volumes and classes are found.
    struct Sources: Sendable {
        /// The PersistentVolumeClaim of a key.
        let claim: @Sendable (String) -> Value?
        /// The PersistentVolume of a name.
        let volume: @Sendable (String) -> Value?
        let volumes: @Sendable () -> [Value]
        /// The StorageClass of a name.
        let storageClass: @Sendable (String) -> Value?

        static let none = Sources(
            claim: { _ in nil }, volume: { _ in nil }, volumes: { [] }, storageClass: { _ in nil })
    }

    /// Why the claims keep the pod from any node; nil where they do not.
    private(set) var failure: String?
    /// Claims whose volume is chosen with the pod's node.
    private(set) var open: [Value] = []
    private var bound: [Value] = []
    private let sources: Sources

    init(_ pod: PodFacts, _ sources: Sources) {
        self.sources = sources
        for name in pod.claims {
            failure = failure ?? take(sources.claim("\(pod.pod.namespace)/\(name)"), name)
        }
    }

    private mutating func take(_ claim: Value?, _ name: String) -> String? {
        guard let claim else { return "persistentvolumeclaim \"\(name)\" not found" }
        if claim.isBeingDeleted { return "persistentvolumeclaim \"\(name)\" is being deleted" }
        let volume = claim["spec", "volumeName"]?.string ?? ""
        if !volume.isEmpty, claim.annotation(VolumeNote.isBound) != nil {
            if let found = sources.volume(volume) { bound.append(found) }
            return nil
        }
        let mode = sources.storageClass(claim.storageClass)?["volumeBindingMode"]?.string
        guard volume.isEmpty, mode == "WaitForFirstConsumer" else {
            return "pod has unbound immediate PersistentVolumeClaims"
        }
        open.append(claim)
        return nil
    }

    /// Whether all that is open was told the node already, so that only its volume is waited for.
    var isChosen: Bool { open.allSatisfy { $0.annotation(VolumeNote.node) != nil } }

    func refusal(of node: NodeState) -> Refusal? {
        if !bound.allSatisfy({ $0.isReachable(from: node.node) }) {
            return refusal("node(s) didn't match PersistentVolume's node affinity")
        }
        for claim in open {
            if let chosen = claim.annotation(VolumeNote.node) {
                guard chosen == node.name else { return refusal("node(s) had volume node affinity conflict") }
                continue
            }
            guard !isProvisioned(claim) else { continue }
            if VolumeDemand(claim).best(of: sources.volumes(), node: node.node) == nil {
                return refusal("node(s) didn't find available persistent volumes to bind")
            }
        }
        return nil
    }

    /// Whether somebody makes volumes for the claim's class.
    private func isProvisioned(_ claim: Value) -> Bool {
        let provisioner = sources.storageClass(claim.storageClass)?["provisioner"]?.string ?? ""
        return !provisioner.hasPrefix("kubernetes.io/")
    }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(reasons: [reason], filter: .volumeBinding, isResolvable: false)
    }
}
