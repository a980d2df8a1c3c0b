import API
import Document

/// The rules of PersistentVolumes (ValidatePersistentVolumeSpec).
enum VolumeRules {
    /// The sources, in upstream's order.
    private static let sources: [Text] = [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte",
        "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk",
        "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi",
    ]

    static let check: Rules.Create = { volume, faults in
        let spec = volume["spec"] ?? [:]
        if (spec["accessModes"]?.array ?? []).isEmpty { faults.required("spec.accessModes") }
        ClaimRules.checkModes(spec, "spec", &faults)
        checkCapacity(spec["capacity"] ?? .null, &faults)
        if let policy = spec["persistentVolumeReclaimPolicy"], policy != "" {
            faults.check(policy, in: ["Delete", "Recycle", "Retain"], "spec.persistentVolumeReclaimPolicy")
        }
        if let affinity = spec["nodeAffinity"], !affinity.isNull {
            if let required = affinity["required"], !required.isNull {
                faults.checkNodeSelector(required, "spec.nodeAffinity.required")
            } else {
                faults.required("spec.nodeAffinity.required", "must specify required node constraints")
            }
        }
        checkSources(spec, &faults)
        if let name = spec["storageClassName"]?.string, !name.isEmpty {
            faults.invalid("spec.storageClassName", .string(name), all: Names.subdomain(name))
        }
        if spec.has("volumeMode") {
            faults.check(spec["volumeMode"], in: ["Block", "Filesystem"], "spec.volumeMode")
        }
        if let name = spec["volumeAttributesClassName"]?.string {
            if name.isEmpty {
                faults.required("spec.volumeAttributesClassName", "an empty string is disallowed")
            } else {
                faults.invalid("spec.volumeAttributesClassName", .string(name), all: Names.subdomain(name))
            }
            if !spec.has("csi") {
                faults.required("spec.csi", "has to be specified when using volumeAttributesClassName")
            }
        }
    }

    private static func checkCapacity(_ capacity: Value, _ faults: inout Faults) {
        let members = capacity.object ?? [:]
        if members.isEmpty { faults.required("spec.capacity") }
        if members["storage"] == nil || members.count > 1 {
            faults.unsupported("spec.capacity", members.isEmpty ? .null : capacity, ["storage"])
        }
        for member in members {
            guard let quantity = member.value.quantity, quantity.nanos <= 0 else { continue }
            let path = "spec.capacity[\(member.key)]"
            if quantity.nanos < 0 {
                faults.invalid(
                    path, .int(Int(quantity.nanos / 1_000_000_000)), "must be a valid resource quantity")
            }
            faults.invalid(path, member.value, "must be greater than zero")
        }
    }

    private static func checkSources(_ spec: Value, _ faults: inout Faults) {
        let present = sources.filter { spec.has($0) }
        guard let first = present.first else { return faults.required("spec", "must specify a volume type") }
        let source = spec[first] ?? [:]
        checkSource(first, source, spec, &faults)
        for other in present.dropFirst() {
            faults.forbidden("spec.\(other)", "may not specify more than 1 volume type")
        }
        let isRoot = ["/", "//", "/.", "/./"].contains(spec["hostPath", "path"]?.string ?? "")
        if isRoot, spec["persistentVolumeReclaimPolicy"] == "Recycle" {
            faults.forbidden(
                "spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'")
        }
    }

    private static func checkSource(_ kind: Text, _ source: Value, _ spec: Value, _ faults: inout Faults) {
        let path = "spec.\(VolumeSourceRules.place(kind))"
        switch kind {
        case "local":
            let place = source["path"] ?? ""
            if place == "" {
                faults.required("\(path).path")
            } else if Paths.stepsBack(place.string ?? "") {
                faults.invalid("\(path).path", place, "must not contain '..'")
            }
            if !spec.has("nodeAffinity") {
                faults.required("spec.nodeAffinity", "Local volume requires node affinity")
            }
        case "csi":
            faults.checkDriverName(source["driver"]?.string ?? "", "\(path).driver")
            if (source["volumeHandle"]?.string ?? "").isEmpty { faults.required("\(path).volumeHandle") }
            for key: Text in [
                "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef",
                "nodeExpandSecretRef",
            ] { checkSecret(source[key], "\(path).\(key)", &faults) }
        default: VolumeSourceRules.check(kind, source, path, &faults)
        }
    }

    private static func checkSecret(_ reference: Value?, _ path: String, _ faults: inout Faults) {
        guard let reference, !reference.isNull else { return }
        for (key, rule) in [("name", Names.subdomain), ("namespace", Names.label)] {
            let name = reference[Text(key)]?.string ?? ""
            if name.isEmpty {
                faults.required("\(path).\(key)")
            } else {
                faults.invalid("\(path).\(key)", .string(name), all: rule(name))
            }
        }
    }

    static let update: Rules.Update = { volume, old, faults in
        var (new, before) = (volume["spec"] ?? [:], old["spec"] ?? [:])
        // What nobody has named may still be named.
        if new.has("csi"), before.has("csi"), !(before["csi"]?.has("controllerExpandSecretRef") ?? false) {
            new["csi", "controllerExpandSecretRef"] = nil
        }
        let picked = { (spec: Value) in sources.map { spec[$0] ?? .null } }
        if picked(new) != picked(before) {
            faults.forbidden(
                "spec.persistentvolumesource",
                "spec.persistentvolumesource is immutable after creation\n" + difference(before, new))
        }
        faults.checkImmutable(new["volumeMode"], before["volumeMode"], "volumeMode")
        if before.has("nodeAffinity"), new["nodeAffinity"] != before["nodeAffinity"] {
            faults.invalid(
                "nodeAffinity",
                shown: new.has("nodeAffinity")
                    ? GoDump.shown("VolumeNodeAffinity", new["nodeAffinity"] ?? [:]) : "null",
                "field is immutable, except for updating from beta label to GA")
        }
        let key: Text = "volumeAttributesClassName"
        if before.has(key), !new.has(key) {
            faults.forbidden("spec.\(key)", "update from non-nil value to nil is forbidden")
        }
    }

    /// Upstream compares the sources alone: a struct inside of the spec that v1 does not have.
    private static func difference(_ old: Value, _ new: Value) -> String {
        GoDump.difference("PersistentVolumeSource", old, new)
    }
}
