import API
import Document

extension PodSpecValidation {
    mutating func checkMounts(_ container: Value, _ list: String) {
        var places: Set<Value> = []
        let devices = container["volumeDevices"]?.array ?? []
        for (index, mount) in (container["volumeMounts"]?.array ?? []).enumerated() {
            let path = "\(list)[\(index)]"
            let name = mount["name"]?.text ?? ""
            if name.isEmpty { faults.required("\(path).name") }
            if volumes[name] == nil, !claims.contains(name) {
                faults.add(.notFound, "\(path).name", .string(name))
            }
            let place = mount["mountPath"] ?? ""
            if place == "" { faults.required("\(path).mountPath") }
            if !places.insert(place).inserted { faults.invalid("\(path).mountPath", place, "must be unique") }
            if devices.contains(where: { $0["name"] == mount["name"] }) {
                faults.invalid("\(path).name", mount["name"], "must not already exist in volumeDevices")
            }
            if devices.contains(where: { $0["devicePath"] == place }) {
                faults.invalid("\(path).mountPath", place, "must not already exist as a path in volumeDevices")
            }
            checkParts(of: mount, path, list)
            checkSharing(of: mount, container, list)
        }
    }

    /// Which part of the volume is mounted. Upstream names the list, not the mount, of paths that are wrong.
    private mutating func checkParts(of mount: Value, _ path: String, _ list: String) {
        for key: Text in ["subPath", "subPathExpr"] {
            guard let part = mount[key], part != "", !part.isNull else { continue }
            if volumes[mount["name"]?.text ?? ""]?.has("image") == true {
                faults.invalid("\(path).\(key)", part, "not allowed in image volume sources")
            }
            if key == "subPathExpr", !(mount["subPath"]?.string ?? "").isEmpty {
                faults.invalid("\(path).subPathExpr", part, "subPathExpr and subPath are mutually exclusive")
            }
            faults.checkDescendingPath(part, "\(list).\(key)")
        }
    }

    /// How mounts inside and outside of the container see each other.
    private mutating func checkSharing(of mount: Value, _ container: Value, _ list: String) {
        if mount.has("mountPropagation") {
            let path = "\(list).mountPropagation"
            faults.check(mount["mountPropagation"], in: ["Bidirectional", "HostToContainer", "None"], path)
            let isPrivileged = container["securityContext", "privileged"] == true
            if mount["mountPropagation"] == "Bidirectional", !isPrivileged {
                faults.forbidden(path, "Bidirectional mount propagation is available only to privileged containers")
            }
        }
        guard let recursion = mount["recursiveReadOnly"], !recursion.isNull else { return }
        let path = "\(list).recursiveReadOnly"
        guard ["Enabled", "IfPossible"].contains(recursion.string ?? "") else {
            return faults.check(recursion, in: ["Disabled", "Enabled", "IfPossible"], path)
        }
        if mount["readOnly"] != true { faults.forbidden(path, "may only be specified when readOnly is true") }
        if mount.has("mountPropagation"), mount["mountPropagation"] != "None" {
            faults.forbidden(path, "may only be specified when mountPropagation is None or not specified")
        }
    }

    mutating func checkDevices(_ container: Value, _ list: String) {
        var (names, places): (Set<Value>, Set<Value>) = ([], [])
        for (index, device) in (container["volumeDevices"]?.array ?? []).enumerated() {
            let path = "\(list)[\(index)]"
            let (name, place) = (device["name"] ?? "", device["devicePath"] ?? "")
            if name == "" { faults.required("\(path).name") }
            if name != "", !names.insert(name).inserted { faults.invalid("\(path).name", name, "must be unique") }
            checkBlock(name, "\(path).name")
            if place == "" { faults.required("\(path).devicePath") }
            if place != "", !places.insert(place).inserted {
                faults.invalid("\(path).devicePath", place, "must be unique")
            }
            if Paths.stepsBack(place.string ?? "") {
                faults.invalid("\(path).devicePath", place, "can not contain backsteps ('..')")
            }
            let mounts = container["volumeMounts"]?.array ?? []
            if mounts.contains(where: { $0["name"] == name }) {
                faults.invalid("\(path).name", name, "must not already exist in volumeMounts")
            }
            if mounts.contains(where: { $0["mountPath"] == place }) {
                faults.invalid("\(path).devicePath", place, "must not already exist as a path in volumeMounts")
            }
        }
    }

    private mutating func checkBlock(_ name: Value, _ path: String) {
        if claims.contains(name.text ?? "") { return }
        guard let volume = volumes[name.text ?? ""] else { return faults.add(.notFound, path, name) }
        if !volume.has("persistentVolumeClaim"), !volume.has("ephemeral") {
            faults.invalid(
                path, name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
        }
    }
}

/// Paths in files systems, as they may be named.
enum Paths {
    static func stepsBack(_ path: String) -> Bool { path.split(separator: "/").contains("..") }
}

extension Faults {
    /// Relative, and not out of where it begins (validateLocalDescendingPath).
    mutating func checkDescendingPath(_ value: Value, _ field: String) {
        let path = value.string ?? ""
        if path.hasPrefix("/") { invalid(field, value, "must be a relative path") }
        if Paths.stepsBack(path) { invalid(field, value, "must not contain '..'") }
    }

    /// And not with a name that the kubelet keeps for itself (ValidateLocalNonReservedPath).
    mutating func checkFilePath(_ value: Value, _ field: String) {
        checkDescendingPath(value, field)
        let path = value.string ?? ""
        if path.hasPrefix(".."), path != "..", !path.hasPrefix("../") {
            invalid(field, value, "must not start with '..'")
        }
    }
}
