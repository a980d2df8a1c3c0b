import API
import Document

/// The rules of PersistentVolumeClaims and of templates of them (ValidatePersistentVolumeClaimSpec).
enum ClaimRules {
    static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

    static func check(_ spec: Value, _ path: String, _ faults: inout Faults) {
        if (spec["accessModes"]?.array ?? []).isEmpty {
            faults.required("\(path).accessModes", "at least 1 access mode is required")
        }
        faults.checkSelector(spec["selector"], "\(path).selector")
        checkModes(spec, path, &faults)
        let storage = spec[path: ["resources", "requests", "storage"]]
        if storage == nil {
            faults.required("\(path).resources[storage]")
        } else if let quantity = storage?.quantity, quantity.nanos <= 0 {
            faults.invalid("\(path).resources[storage]", storage, "must be greater than zero")
        }
        checkClass("storageClassName", spec, path, &faults)
        if spec.has("volumeMode") {
            faults.check(spec["volumeMode"], in: ["Block", "Filesystem"], "\(path).volumeMode")
        }
        checkData(spec, path, &faults)
        checkClass("volumeAttributesClassName", spec, path, &faults)
    }

    private static func checkClass(_ key: Text, _ spec: Value, _ path: String, _ faults: inout Faults) {
        guard let name = spec[key]?.string, !name.isEmpty else { return }
        faults.invalid("\(path).\(key)", .string(name), all: Names.subdomain(name))
    }

    static let status: Rules.Update = { claim, _, faults in
        for member in claim["status", "capacity"]?.object ?? [:] {
            guard let quantity = member.value.quantity, quantity.nanos < 0 else { continue }
            faults.invalid(
                "status.capacity[\(member.key)]", .int(Int(quantity.nanos / 1_000_000_000)),
                "must be a valid resource quantity")
        }
    }

    /// Upstream names the list, not the element.
    static func checkModes(_ spec: Value, _ path: String, _ faults: inout Faults) {
        let modes = spec["accessModes"]?.array ?? []
        for mode in modes { faults.check(mode, in: accessModes, "\(path).accessModes") }
        let others = modes.filter { $0 != "ReadWriteOncePod" && accessModes.contains($0.string ?? "") }
        if modes.contains("ReadWriteOncePod"), !others.isEmpty {
            faults.forbidden("\(path).accessModes", "may not use ReadWriteOncePod with other access modes")
        }
    }

    private static func checkData(_ spec: Value, _ path: String, _ faults: inout Faults) {
        for key: Text in ["dataSource", "dataSourceRef"] {
            guard let source = spec[key], !source.isNull else { continue }
            for part: Text in ["name", "kind"] where (source[part]?.string ?? "").isEmpty {
                faults.required("\(path).\(key).\(part)")
            }
            let group = source["apiGroup"]?.string ?? ""
            if group.isEmpty, source["kind"] != "PersistentVolumeClaim" {
                faults.invalid(
                    "\(path).\(key)", source["kind"] ?? "",
                    "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
            }
            if !group.isEmpty {
                faults.invalid("\(path).\(key).apiGroup", .string(group), all: Names.subdomain(group))
            }
            if key == "dataSourceRef", let namespace = source["namespace"]?.string, !namespace.isEmpty {
                faults.invalid("\(path).\(key).namespace", .string(namespace), all: Names.label(namespace))
            }
        }
        guard let source = spec["dataSource"], let reference = spec["dataSourceRef"], !source.isNull, !reference.isNull
        else { return }
        // The bad value is a path, of which nothing is shown.
        if !(reference["namespace"]?.string ?? "").isEmpty {
            faults.invalid(path, shown: "{}", "may not be specified when dataSourceRef.namespace is specified")
        } else if (["apiGroup", "kind", "name"] as [Text]).contains(where: { source[$0] != reference[$0] }) {
            faults.invalid(path, shown: "{}", "must match dataSourceRef")
        }
    }

    static let update: Rules.Update = { claim, old, faults in
        var new = claim["spec"] ?? [:]
        var before = old["spec"] ?? [:]
        if (before["volumeName"]?.string ?? "").isEmpty { before["volumeName"] = new["volumeName"] }
        // A class may still be named, as long as none was.
        if !before.has("storageClassName") { before["storageClassName"] = new["storageClassName"] }
        if claim["status", "phase"] == "Bound" {
            if new.has("volumeAttributesClassName") {
                new["volumeAttributesClassName"] = before["volumeAttributesClassName"]
            }
            new["resources", "requests", "storage"] = before["resources", "requests", "storage"]
        }
        if new != before {
            faults.forbidden(
                "spec",
                "spec is immutable after creation except resources.requests and "
                    + "volumeAttributesClassName for bound claims\n"
                    + GoDump.difference("PersistentVolumeClaimSpec", before, new))
        }
        let size = claim["spec", "resources", "requests", "storage"]?.quantity
        if let size, let past = old["spec", "resources", "requests", "storage"]?.quantity, size < past {
            let capacity = old["status", "capacity", "storage"]?.quantity ?? Quantity(0)
            if size <= capacity {
                faults.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")
            }
        }
        faults.checkImmutable(claim["spec", "volumeMode"], old["spec", "volumeMode"], "volumeMode")
    }
}
