import API
import Client
import Document

extension VolumeBinder {
    // MARK: Binding

    /// Writes on both sides that they belong together, each step such that the next look takes up what was left.
    func bind(_ claim: Value, _ volume: Value, _ key: String) async throws {
        let volume = try await point(volume, at: claim, key)
        try await set("Bound", volume, key)
        var changed = claim
        if changed["spec", "volumeName"]?.string != volume.name {
            changed["spec", "volumeName"] = .string(volume.name)
            changed["metadata", "annotations", VolumeNote.byController] = "yes"
        }
        if changed.annotation(VolumeNote.isBound) == nil {
            changed["metadata", "annotations", VolumeNote.isBound] = "yes"
        }
        if changed != claim {
            let stored = try await desk.writes.update(.persistentVolumeClaims, changed, for: key)
            changed = InformerSet.withoutManagedFields(stored)
        }
        var status = changed["status"] ?? [:]
        status["phase"] = "Bound"
        status["accessModes"] = volume["spec", "accessModes"]
        status["capacity", "storage"] = volume["spec", "capacity", "storage"]
        guard status != changed["status"] else { return }
        changed["status"] = status
        try await desk.writes.update(.persistentVolumeClaims, changed, subresource: "status", for: key)
    }

    private func point(_ volume: Value, at claim: Value, _ key: String) async throws -> Value {
        let before = volume["spec", "claimRef"]
        guard before?["uid"]?.string ?? "" != claim.uid else { return volume }
        var changed = volume
        var reference = before ?? [:]
        reference["kind"] = "PersistentVolumeClaim"
        reference["apiVersion"] = "v1"
        reference["namespace"] = .string(claim.namespace)
        reference["name"] = .string(claim.name)
        reference["uid"] = .string(claim.uid)
        reference["resourceVersion"] = .string(claim.resourceVersion)
        changed["spec", "claimRef"] = reference
        // Noted, so that a volume that somebody reserved by hand stays reserved when the claim goes.
        if before == nil { changed["metadata", "annotations", VolumeNote.byController] = "yes" }
        return InformerSet.withoutManagedFields(
            try await desk.writes.update(.persistentVolumes, changed, for: key))
    }

    // MARK: Volumes

    func look(atVolume volume: Value, _ key: String) async throws {
        guard let reference = volume["spec", "claimRef"], let uid = reference["uid"]?.string, !uid.isEmpty else {
            return try await set("Available", volume, key)
        }
        let claimKey = "\(reference["namespace"]?.string ?? "")/\(reference["name"]?.string ?? "")"
        guard let claim = try await claim(claimKey, uid: uid) else { return try await release(volume, key) }
        let holder = claim["spec", "volumeName"]?.string ?? ""
        if holder == volume.name { return try await set("Bound", volume, key) }
        guard !holder.isEmpty else { return desk.queue.add(claimKey) }
        try await unbind(volume, key)
    }

    /// The claim as it was bound; the cache may be behind, so the server has the last word.
    private func claim(_ key: String, uid: String) async throws -> Value? {
        if let known = claims[key], known.uid == uid { return known }
        let parts = key.split(separator: "/").map(String.init)
        guard parts.count == 2 else { return nil }
        let fresh = try await desk.client.find(.persistentVolumeClaims, namespace: parts[0], name: parts[1])
        return fresh?.uid == uid ? fresh : nil
    }

    /// Its claim took another volume.
    private func unbind(_ volume: Value, _ key: String) async throws {
        var changed = volume
        if volume.annotation(VolumeNote.byController) != nil {
            changed["metadata", "annotations", VolumeNote.byController] = nil
            changed["spec", "claimRef"] = nil
        } else {
            changed["spec", "claimRef", "uid"] = nil
            changed["spec", "claimRef", "resourceVersion"] = nil
        }
        let stored = try await desk.writes.update(.persistentVolumes, changed, for: key)
        try await set("Available", InformerSet.withoutManagedFields(stored), key)
    }

    /// Its claim is gone ("Reclaiming").
    private func release(_ volume: Value, _ key: String) async throws {
        if volume.phase != "Released", volume.phase != "Failed" {
            try await set("Released", volume, key)
        }
        switch volume["spec", "persistentVolumeReclaimPolicy"]?.string ?? "Retain" {
        case "Retain": return
        case "Delete" where volume.isKeptByOthers: return
        case let policy:
            guard volume.phase != "Failed" else { return }
            let message =
                "error getting \(policy == "Delete" ? "deleter" : "recycler") volume plugin for volume "
                + "\"\(volume.name)\": no \(policy == "Delete" ? "deletable" : "recyclable") volume plugin matched"
            desk.events.warning(volume, policy == "Delete" ? "VolumeFailedDelete" : "VolumeFailedRecycle", message)
            try await set("Failed", volume, key, message: message)
        }
    }

    private func set(_ phase: String, _ volume: Value, _ key: String, message: String? = nil) async throws {
        guard volume.phase != phase else { return }
        var changed = volume
        changed["status", "phase"] = .string(phase)
        changed["status", "message"] = message.map { .string($0) }
        changed["status", "lastPhaseTransitionTime"] = .string(desk.now.description)
        try await desk.writes.update(.persistentVolumes, changed, subresource: "status", for: key)
    }
}

extension Value {
    /// Whether a program of others made the volume, and has to remove it.
    fileprivate var isKeptByOthers: Bool {
        self["spec", "csi"] != nil || annotation(VolumeNote.provisionedBy) != nil
    }
}
