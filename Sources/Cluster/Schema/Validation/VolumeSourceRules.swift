import API
import Document

/// What the sources of volumes must have, those of pods and those of PersistentVolumes.
enum VolumeSourceRules {
    /// The fields that may not be empty.
    private static let needed: [Text: [Text]] = [
        "gcePersistentDisk": ["pdName"], "awsElasticBlockStore": ["volumeID"], "gitRepo": ["repository"],
        "glusterfs": ["endpoints", "path"], "rbd": ["monitors", "image"], "cinder": ["volumeID"],
        "cephfs": ["monitors"], "flexVolume": ["driver"], "azureFile": ["secretName", "shareName"],
        "vsphereVolume": ["volumePath"], "photonPersistentDisk": ["pdID"], "portworxVolume": ["volumeID"],
        "azureDisk": ["diskName", "diskURI"], "scaleIO": ["gateway", "system", "volumeName"],
        "storageos": ["volumeName"], "persistentVolumeClaim": ["claimName"], "nfs": ["server", "path"],
        "iscsi": ["targetPortal", "iqn"],
    ]

    /// As upstream calls the field where faults are told of.
    static func place(_ kind: Text) -> Text { kind == "gcePersistentDisk" ? "persistentDisk" : kind }

    static func check(_ kind: Text, _ source: Value, _ path: String, _ faults: inout Faults) {
        for key in needed[kind] ?? [] where (source[key]?.string ?? "").isEmpty && source[key]?.array?.isEmpty ?? true {
            faults.required("\(path).\(key)")
        }
        switch kind {
        case "hostPath": checkHostPath(source, path, &faults)
        case "nfs":
            let place = source["path"] ?? ""
            if place.string?.hasPrefix("/") != true {
                faults.invalid("\(path).path", place, "must be an absolute path")
            }
        case "gitRepo": faults.checkDescendingPath(source["directory"] ?? "", "\(path).directory")
        case "iscsi": checkISCSI(source, path, &faults)
        case "fc": checkFC(source, path, &faults)
        case "gcePersistentDisk", "awsElasticBlockStore":
            if let number = source["partition"]?.int, !(0...255).contains(number) {
                faults.invalid("\(path).partition", .int(number), "must be between 1 and 255, inclusive")
            }
        default: break
        }
    }

    private static let types = [
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
    ]

    private static func checkHostPath(_ source: Value, _ path: String, _ faults: inout Faults) {
        let place = source["path"]?.string ?? ""
        if place.isEmpty { return faults.required("\(path).path") }
        if Paths.stepsBack(place) { faults.invalid("\(path).path", source["path"], "must not contain '..'") }
        if source.has("type") { faults.check(source["type"], in: types, "\(path).type") }
    }

    private static func checkISCSI(_ source: Value, _ path: String, _ faults: inout Faults) {
        let name = source["iqn"]?.string ?? ""
        if !name.isEmpty, !["iqn", "eui", "naa"].contains(where: name.hasPrefix) {
            faults.invalid("\(path).iqn", .string(name), "must be valid format starting with iqn, eui, or naa")
        }
        faults.checkRange(source["lun"], 0...255, "\(path).lun")
        let authenticates = source["chapAuthDiscovery"] == true || source["chapAuthSession"] == true
        if authenticates, !source.has("secretRef") { faults.required("\(path).secretRef") }
    }

    private static func checkFC(_ source: Value, _ path: String, _ faults: inout Faults) {
        let names = source["targetWWNs"]?.array ?? []
        let ids = source["wwids"]?.array ?? []
        if names.isEmpty, ids.isEmpty {
            faults.required("\(path).targetWWNs", "must specify either targetWWNs or wwids, but not both")
        }
        if !names.isEmpty, !ids.isEmpty {
            faults.invalid(
                "\(path).targetWWNs", .array(names), "targetWWNs and wwids can not be specified simultaneously")
        }
        guard !names.isEmpty else { return }
        if source.has("lun") {
            faults.checkRange(source["lun"], 0...255, "\(path).lun")
        } else {
            faults.required("\(path).lun", "lun is required if targetWWNs is specified")
        }
    }
}

extension Faults {
    /// The name of a CSI driver (ValidateCSIDriverName).
    mutating func checkDriverName(_ name: String, _ field: String) {
        if name.isEmpty { required(field) }
        if name.utf8.count > 63 { add(.tooLong, field, .null, "may not be more than 63 bytes") }
        invalid(field, .string(name), all: Names.subdomain(name.lowercased()))
    }
}
