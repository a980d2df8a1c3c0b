package import Document

/// What a PersistentVolumeClaim asks of a volume ("Persistent Volumes: Binding").
package struct VolumeDemand: Sendable {
    private let claim: Value
    private let size: Quantity
    private let modes: Set<String>
    private let selector: LabelSelector?

    package init(_ claim: Value) {
        self.claim = claim
        size = claim["spec", "resources", "requests", "storage"]?.quantity ?? Quantity(0)
        modes = Set(claim["spec", "accessModes"]?.array?.compactMap(\.string) ?? [])
        selector = claim["spec", "selector"].flatMap { LabelSelector(object: $0) }
    }

    /// Whether a volume is meant for this very claim, be it bound already or not.
    package func isNamed(by volume: Value) -> Bool {
        guard let reference = volume["spec", "claimRef"] else { return false }
        let uid = reference["uid"]?.string ?? ""
        return reference["name"]?.string == claim.name && reference["namespace"]?.string == claim.namespace
            && (uid.isEmpty || uid == claim.uid)
    }

    /// Why the volume does not do; nil where it does.
    package func refusal(of volume: Value) -> String? {
        if size > volume["spec", "capacity", "storage"]?.quantity ?? Quantity(0) { return "requested PV is too small" }
        if volume.storageClass != claim.storageClass { return "storageClassName does not match" }
        if volume.volumeMode != claim.volumeMode { return "incompatible volumeMode" }
        let offered = Set(volume["spec", "accessModes"]?.array?.compactMap(\.string) ?? [])
        return modes.isSubset(of: offered) ? nil : "incompatible accessMode"
    }

    /// The volume to bind: one that names the claim, or else the smallest that nobody has and that does
    /// (`FindMatchingVolume`).
    ///
    /// - Parameters:
    ///   - node: where it has to be reachable; nil where that does not matter.
    ///   - isDelayed: whether only a volume that names the claim may be taken, for the pod's node is not known yet.
    package func best(of volumes: [Value], node: Value? = nil, isDelayed: Bool = false) -> Value? {
        if let named = volumes.first(where: { isNamed(by: $0) && refusal(of: $0) == nil }) {
            return node.map(named.isReachable) ?? true ? named : nil
        }
        guard !isDelayed else { return nil }
        let fitting = volumes.filter { volume in
            volume["spec", "claimRef"] == nil && !volume.isBeingDeleted && volume.phase == "Available"
                && (selector?.matches(volume.labels) ?? true) && refusal(of: volume) == nil
                && (node.map(volume.isReachable) ?? true)
        }
        return fitting.min { a, b in
            let (x, y) = (a["spec", "capacity", "storage"]?.quantity, b["spec", "capacity", "storage"]?.quantity)
            guard let x, let y, x != y else { return a.name < b.name }
            return x < y
        }
    }
}

extension Value {
    /// The class of a volume or claim; empty where it has none.
    package var storageClass: String {
        annotation("volume.beta.kubernetes.io/storage-class") ?? self["spec", "storageClassName"]?.string ?? ""
    }

    package var volumeMode: String { self["spec", "volumeMode"]?.string ?? "Filesystem" }

    /// Whether a volume can be used on a node (`spec.nodeAffinity`).
    package func isReachable(from node: Value) -> Bool {
        guard let terms = self["spec", "nodeAffinity", "required", "nodeSelectorTerms"]?.array else { return true }
        return terms.contains { NodeTerm($0).matches(node) }
    }

    /// The claims whose volumes the pod mounts, those too that are made for it ("Generic ephemeral volumes").
    package var claimNames: [String] {
        (self["spec", "volumes"]?.array ?? []).compactMap { volume in
            if volume["ephemeral"]?.object != nil { return "\(name)-\(volume["name"]?.string ?? "")" }
            return volume["persistentVolumeClaim", "claimName"]?.string
        }
    }
}

/// What is noted on volumes and claims while they find each other.
package enum VolumeNote {
    package static let isBound: Text = "pv.kubernetes.io/bind-completed"
    package static let byController: Text = "pv.kubernetes.io/bound-by-controller"
    package static let provisioner: Text = "volume.kubernetes.io/storage-provisioner"
    package static let olderProvisioner: Text = "volume.beta.kubernetes.io/storage-provisioner"
    package static let provisionedBy: Text = "pv.kubernetes.io/provisioned-by"
    package static let node: Text = "volume.kubernetes.io/selected-node"
}
