import API
import Document

/// The rules of storage.k8s.io (pkg/apis/storage/validation).
enum StorageRules {
    private static let group = "storage.k8s.io"

    static let all: [String: Rules] = [
        "\(group)/storageclasses": Rules(create: storageClass, update: storageClassUpdate),
        "\(group)/volumeattributesclasses": Rules(
            create: { attributes, faults in
                checkProvisioner(attributes["driverName"]?.string ?? "", "driverName", &faults)
                checkParameters(attributes, &faults)
                if (attributes["parameters"]?.object ?? [:]).isEmpty {
                    faults.required("parameters", "must contain at least one key/value pair")
                }
            },
            update: { attributes, old, faults in keeps(["driverName", "parameters"], attributes, old, &faults) }),
        "\(group)/csidrivers": Rules(create: driver, new: driverName, update: driverUpdate),
        "\(group)/csinodes": Rules(create: node, update: nodeUpdate),
        "\(group)/csistoragecapacities": Rules(
            create: capacity,
            update: { capacity, old, faults in
                for key: Text in ["nodeTopology", "storageClassName"] {
                    faults.checkImmutable(capacity[key], old[key], "\(key)")
                }
            }),
        "\(group)/volumeattachments": Rules(
            create: attachment, asksTwice: true, new: attachmentDriver,
            update: { attachment, old, faults in
                guard attachment["spec"] != old["spec"] else { return }
                let shown = GoDump.shown("VolumeAttachmentSpec", attachment["spec"] ?? [:], of: "storage")
                faults.invalid("spec", shown: shown, "field is immutable")
            },
            status: { attachment, _, faults in checkStatus(attachment["status"] ?? [:], &faults) }),
    ]

    // MARK: Classes

    private static let storageClass: Rules.Create = { storage, faults in
        checkProvisioner(storage["provisioner"]?.string ?? "", "provisioner", &faults)
        checkParameters(storage, &faults)
        if storage["reclaimPolicy"] != "" {
            faults.check(storage["reclaimPolicy"], in: ["Delete", "Retain"], "reclaimPolicy")
        }
        if storage.has("volumeBindingMode") {
            faults.check(
                storage["volumeBindingMode"], in: ["Immediate", "WaitForFirstConsumer"], "volumeBindingMode")
        } else {
            faults.required("volumeBindingMode")
        }
        var seen: Set<Value> = []
        for (index, term) in (storage["allowedTopologies"]?.array ?? []).enumerated() {
            checkTopology(term, "allowedTopologies[\(index)].matchLabelExpressions", &seen, &faults)
        }
    }

    private static func checkProvisioner(_ name: String, _ path: String, _ faults: inout Faults) {
        if name.isEmpty { return faults.required(path) }
        let low = name.lowercased()
        faults.invalid(path, .string(low), all: Names.qualified(low))
    }

    private static func checkParameters(_ object: Value, _ faults: inout Faults) {
        let (mostParameters, mostBytes) = (512, 256 * 1024)
        let parameters = object["parameters"]?.object ?? [:]
        if parameters.count > mostParameters { return faults.tooLong("parameters", mostParameters) }
        var size = 0
        for member in parameters {
            if member.key == "" { faults.invalid("parameters", "", "field can not be empty.") }
            size += member.key.count + (member.value.text?.count ?? 0)
        }
        if size > mostBytes { faults.tooLong("parameters", mostBytes) }
    }

    private static func checkTopology(
        _ term: Value, _ path: String, _ seen: inout Set<Value>, _ faults: inout Faults
    ) {
        var all: [Text: Value] = [:]
        for (index, expression) in (term["matchLabelExpressions"]?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            let values = expression["values"]?.array ?? []
            if values.isEmpty { faults.required("\(path).values") }
            for (place, value) in values.enumerated() where values[..<place].contains(value) {
                faults.duplicate("\(path).values[\(place)]", value)
            }
            let key = expression["key"] ?? ""
            faults.invalid("\(path).key", key, all: Names.qualified(key.string ?? ""))
            if all[key.text ?? ""] != nil { faults.duplicate("\(path).key", key) }
            all[key.text ?? ""] = .array(Set(values).sorted { ($0.string ?? "") < ($1.string ?? "") })
        }
        let whole = Value.array(all.sorted { $0.key < $1.key }.map { [.string($0.key), $0.value] })
        if !seen.insert(whole).inserted { faults.duplicate(path, "") }
    }

    private static func keeps(_ keys: [Text], _ object: Value, _ old: Value, _ faults: inout Faults) {
        for key in keys where object[key] != old[key] {
            faults.forbidden("\(key)", "updates to \(key) are forbidden.")
        }
    }

    private static let storageClassUpdate: Rules.Update = { storage, old, faults in
        keeps(["parameters", "provisioner", "reclaimPolicy"], storage, old, &faults)
        faults.checkImmutable(storage["volumeBindingMode"], old["volumeBindingMode"], "volumeBindingMode")
    }

    // MARK: Drivers

    private static let driverName: Rules.Create = { driver, faults in
        faults.checkDriverName(driver.name, "metadata.name")
    }

    private static let driver: Rules.Create = { driver, faults in
        let spec = driver["spec"] ?? [:]
        for (key, field) in [
            // Called so upstream.
            ("attachRequired", "attachedRequired"), ("podInfoOnMount", "podInfoOnMount"),
            ("storageCapacity", "storageCapacity"),
        ] where !spec.has(Text(key)) { faults.required("spec.\(field)") }
        if spec.has("fsGroupPolicy") {
            faults.check(
                spec["fsGroupPolicy"], in: ["File", "None", "ReadWriteOnceWithFSType"], "spec.fsGroupPolicy")
        }
        checkTokens(spec["tokenRequests"]?.array ?? [], &faults)
        for mode in spec["volumeLifecycleModes"]?.array ?? [] {
            faults.check(mode, in: ["Persistent", "Ephemeral"], "spec.volumeLifecycleModes")
        }
        if !spec.has("seLinuxMount") { faults.required("spec.seLinuxMount") }
        if let seconds = spec["nodeAllocatableUpdatePeriodSeconds"]?.int, seconds < 10 {
            faults.invalid(
                "spec.nodeAllocatableUpdatePeriodSeconds", .int(seconds),
                "must be greater than or equal to 10 seconds")
        }
    }

    private static func checkTokens(_ requests: [Value], _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, request) in requests.enumerated() {
            let path = "spec.tokenRequests[\(index)]"
            let audience = request["audience"] ?? ""
            guard seen.insert(audience).inserted else {
                faults.duplicate("\(path).audience", audience)
                continue
            }
            guard let seconds = request["expirationSeconds"]?.int else { continue }
            let field = "\(path).expirationSeconds"
            if seconds < 600 {
                faults.invalid(field, .int(seconds), "may not specify a duration less than 10 minutes")
            }
            if seconds > 1 << 32 {
                faults.invalid(field, .int(seconds), "may not specify a duration larger than 2^32 seconds")
            }
        }
    }

    private static let driverUpdate: Rules.Update = { driver, old, faults in
        let (new, before) = (driver["spec"] ?? [:], old["spec"] ?? [:])
        // Called so upstream.
        faults.checkImmutable(new["attachRequired"], before["attachRequired"], "spec.attachedRequired")
        faults.checkImmutable(
            new["volumeLifecycleModes"], before["volumeLifecycleModes"], "spec.volumeLifecycleModes")
    }

    private static let node: Rules.Create = { node, faults in
        var seen: Set<Value> = []
        for (index, driver) in (node["spec", "drivers"]?.array ?? []).enumerated() {
            let path = "spec.drivers[\(index)]"
            faults.checkDriverName(driver["name"]?.string ?? "", "\(path).name")
            let id = driver["nodeID"]?.string ?? ""
            if id.isEmpty { faults.required("\(path).nodeID") }
            if id.utf8.count > 256 {
                faults.invalid("\(path).nodeID", .string(id), "must be 256 characters or less")
            }
            faults.checkNotNegative(driver["allocatable", "count"], "\(path).allocatable.count")
            let name = driver["name"] ?? ""
            if !seen.insert(name).inserted { faults.duplicate("\(path).name", name) }
            var keys: Set<Value> = []
            for key in driver["topologyKeys"]?.array ?? [] {
                if key == "" { faults.required(path) }
                if !keys.insert(key).inserted { faults.duplicate(path, key) }
                faults.invalid(path, key, all: Names.qualified(key.string ?? ""))
            }
        }
    }

    private static let nodeUpdate: Rules.Update = { node, old, faults in
        for driver in old["spec", "drivers"]?.array ?? [] {
            for new in node["spec", "drivers"]?.array ?? [] where new["name"] == driver["name"] {
                var (left, right) = (new, driver)
                (left["allocatable"], right["allocatable"]) = (nil, nil)
                guard left != right else { continue }
                let shown = GoDump.shown("CSINodeDriver", left, of: "storage")
                faults.invalid("spec.drivers", shown: shown, "field is immutable")
            }
        }
    }

    private static let capacity: Rules.Create = { capacity, faults in
        faults.checkSelector(capacity["nodeTopology"], "nodeTopology")
        let name = capacity["storageClassName"]?.string ?? ""
        faults.invalid("storageClassName", .string(name), all: Names.subdomain(name))
        if let amount = capacity["capacity"]?.quantity, amount.nanos < 0 {
            faults.invalid("capacity", capacity["capacity"], "must be greater than or equal to 0")
        }
    }

    // MARK: Attachments

    private static let attachment: Rules.Create = { attachment, faults in
        let spec = attachment["spec"] ?? [:]
        if (spec["attacher"]?.string ?? "").isEmpty { faults.required("spec.attacher") }
        let words = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
        let source = spec["source"] ?? [:]
        switch (source.has("inlineVolumeSpec"), source.has("persistentVolumeName")) {
        case (false, false): faults.required("spec.source", words)
        case (true, true): faults.forbidden("spec.source", words)
        case (false, true):
            if source["persistentVolumeName"] == "" {
                faults.required(
                    "spec.source.persistentVolumeName", "must specify non empty persistentVolumeName")
            }
        case (true, false): break
        }
        let name = spec["nodeName"]?.string ?? ""
        faults.invalid("spec.nodeName", .string(name), all: Names.subdomain(name))
        checkStatus(attachment["status"] ?? [:], &faults)
    }

    private static let attachmentDriver: Rules.Create = { attachment, faults in
        let spec = attachment["spec"] ?? [:]
        faults.checkDriverName(spec["attacher"]?.string ?? "", "spec.attacher")
        if let name = spec["source", "persistentVolumeName"]?.string {
            faults.invalid("spec.source.persistentVolumeName", .string(name), all: Names.subdomain(name))
        }
    }

    private static func checkStatus(_ status: Value, _ faults: inout Faults) {
        let mostBytes = 256 * 1024
        let size = (status["attachmentMetadata"]?.object ?? [:]).reduce(0) {
            $0 + $1.key.count + ($1.value.text?.count ?? 0)
        }
        if size > mostBytes { faults.tooLong("status.attachmentMetadata", mostBytes) }
        for key: Text in ["attachError", "detachError"] {
            // The limit that upstream tells of is the other one.
            if (status[key, "message"]?.text?.count ?? 0) > 1024 {
                faults.tooLong("status.\(key).message", mostBytes)
            }
            faults.checkRange(status[key, "errorCode"], 0...Int(Int32.max), "status.\(key).errorCode")
        }
    }
}
