import API
import Client
import Document

/// Brings claims and volumes together, and tells what becomes of volumes whose claims go ("Persistent Volumes:
/// Lifecycle of a volume and claim"). Keys are those of claims and, without a slash, of volumes.
struct VolumeBinder: Controller {
    static let name = "persistent-volume-binder"
    /// One at a time: two claims must not take the same volume.
    static let workers = 1

    /// How often claims are looked at that wait for a volume (upstream's `--pvclaimbinder-sync-period`).
    static let period = Duration.seconds(15)

    let desk: Desk
    let volumes: Informer
    let claims: Informer
    let classes: Informer
    private let nodes: Informer

    init(_ desk: Desk) {
        self.desk = desk
        volumes = desk.informers[.persistentVolumes]
        claims = desk.informers[.persistentVolumeClaims]
        classes = desk.informers[.storageClasses]
        nodes = desk.informers[.nodes]
    }

    var sources: [Source] {
        [
            Source(claims) { [claims] change in
                guard case .deleted(let claim) = change else { return [change.object.key] }
                let volume = claim["spec", "volumeName"]?.string ?? ""
                // What waits in the same class may want what is free now.
                return (volume.isEmpty ? [] : [volume]) + claims.objects.filter { $0.phase == "Pending" }.map(\.key)
            },
            Source(volumes) { change in
                let reference = change.object["spec", "claimRef"]
                guard let name = reference?["name"]?.string, let space = reference?["namespace"]?.string else {
                    return [change.object.key]
                }
                return [change.object.key, "\(space)/\(name)"]
            },
        ]
    }

    func reconcile(_ key: String) async throws -> Duration? {
        if !key.contains("/") {
            if let volume = volumes[key] { try await look(atVolume: volume, key) }
            return nil
        }
        guard let claim = claims[key] else { return nil }
        if claim.annotation(VolumeNote.isBound) != nil { return try await check(claim, key) }
        let isBound = try await find(for: claim, key)
        return isBound ? nil : Self.period
    }

    // MARK: Claims

    /// - Returns: whether the claim has its volume now.
    private func find(for claim: Value, _ key: String) async throws -> Bool {
        let demand = VolumeDemand(claim)
        if let name = claim["spec", "volumeName"]?.string, !name.isEmpty {
            guard let volume = volumes[name] else { return try await wait(claim, key) }
            if volume["spec", "claimRef"] == nil, let why = demand.refusal(of: volume) {
                desk.events.warning(claim, "VolumeMismatch", "Cannot bind to requested volume \"\(name)\": \(why)")
                return try await wait(claim, key)
            }
            guard volume["spec", "claimRef"] == nil || demand.isNamed(by: volume) else {
                return try await wait(claim, key)
            }
            try await bind(claim, volume, key)
            return true
        }
        let isDelayed = waitsForPod(claim)
        let node = claim.annotation(VolumeNote.node).flatMap { nodes[$0] }
        if let volume = demand.best(of: volumes.objects, node: node, isDelayed: isDelayed) {
            try await bind(claim, volume, key)
            return true
        }
        try await explain(claim, isDelayed: isDelayed, key)
        return try await wait(claim, key)
    }

    /// Whether the claim's volume is chosen only with the node of the first pod that uses it.
    private func waitsForPod(_ claim: Value) -> Bool {
        classes[claim.storageClass]?["volumeBindingMode"]?.string == "WaitForFirstConsumer"
            && claim.annotation(VolumeNote.node) == nil
    }

    private func explain(_ claim: Value, isDelayed: Bool, _ key: String) async throws {
        if isDelayed {
            desk.events.normal(
                claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding")
        } else if claim.storageClass.isEmpty {
            desk.events.normal(
                claim, "FailedBinding", "no persistent volumes available for this claim and no storage class is set")
        } else if let provisioner = classes[claim.storageClass]?["provisioner"]?.string {
            try await ask(provisioner, for: claim, key)
        } else {
            desk.events.warning(
                claim, "ProvisioningFailed", "storageclass.storage.k8s.io \"\(claim.storageClass)\" not found")
        }
    }

    /// Volumes are made by programs of others, who find their claims by an annotation.
    private func ask(_ provisioner: String, for claim: Value, _ key: String) async throws {
        guard !provisioner.hasPrefix("kubernetes.io/") else {
            desk.events.warning(claim, "ProvisioningFailed", "no volume plugin matched name: \(provisioner)")
            guard claim.annotation(VolumeNote.node) != nil else { return }
            // The volume that the scheduler saw is taken: another node may have one.
            var changed = claim
            changed["metadata", "annotations", VolumeNote.node] = nil
            try await desk.writes.update(.persistentVolumeClaims, changed, for: key)
            return
        }
        desk.events.normal(
            claim, "ExternalProvisioning",
            "Waiting for a volume to be created either by the external provisioner '\(provisioner)' or manually by the "
                + "system administrator. If volume creation is delayed, please verify that the provisioner is running "
                + "and correctly registered.")
        guard claim.annotation(VolumeNote.provisioner) != provisioner else { return }
        let notes: Value = [
            VolumeNote.provisioner: .string(provisioner), VolumeNote.olderProvisioner: .string(provisioner),
        ]
        var changed = claim
        for note in notes.object ?? [:] { changed["metadata", "annotations", note.key] = note.value }
        try await desk.writes.update(.persistentVolumeClaims, changed, for: key)
    }

    private func wait(_ claim: Value, _ key: String) async throws -> Bool {
        try await set("Pending", claim, key)
        return false
    }

    /// Looks after a claim that was bound once.
    private func check(_ claim: Value, _ key: String) async throws -> Duration? {
        let name = claim["spec", "volumeName"]?.string ?? ""
        guard !name.isEmpty else {
            try await lose(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume.", key)
            return nil
        }
        guard let volume = volumes[name] else {
            try await lose(claim, "ClaimLost", "Bound claim has lost its PersistentVolume.", key)
            return nil
        }
        let holder = volume["spec", "claimRef", "uid"]?.string ?? ""
        guard holder.isEmpty || holder == claim.uid else {
            let text = "Two claims are bound to the same volume, this one is bound incorrectly"
            if claim.phase != "Lost" { desk.events.warning(claim, "ClaimMisbound", text) }
            try await set("Lost", claim, key)
            return nil
        }
        try await bind(claim, volume, key)
        return nil
    }

    private func lose(_ claim: Value, _ reason: String, _ what: String, _ key: String) async throws {
        guard claim.phase != "Lost" else { return }
        desk.events.warning(claim, reason, "\(what) Data on the volume is lost!")
        try await set("Lost", claim, key)
    }

    private func set(_ phase: String, _ claim: Value, _ key: String) async throws {
        guard claim.phase != phase else { return }
        var changed = claim
        changed["status", "phase"] = .string(phase)
        try await desk.writes.update(.persistentVolumeClaims, changed, subresource: "status", for: key)
    }
}
