import API
import Document

/// The rules of slices of pools of devices (pkg/apis/resource/validation).
enum DeviceSliceRules {
    private static let (mostDevices, mostTaintedDevices, mostTaints) = (128, 64, 16)
    private static let (mostCounterSets, mostAttributes, longestValue) = (8, 32, 64)

    static let all = Rules(
        create: check,
        update: { slice, old, faults in
            let (new, before) = (slice["spec"] ?? [:], old["spec"] ?? [:])
            faults.checkImmutable(new["pool", "name"], before["pool", "name"], "spec.pool.name")
            for key: Text in ["driver", "nodeName"] { faults.checkImmutable(new[key], before[key], "spec.\(key)") }
        })

    private static let check: Rules.Create = { slice, faults in
        let spec = slice["spec"] ?? [:]
        faults.checkDriverName(spec["driver"]?.string ?? "", "spec.driver")
        faults.checkPoolName(spec["pool", "name"]?.string ?? "", "spec.pool.name")
        let (count, generation) = (spec["pool", "resourceSliceCount"]?.int ?? 0, spec["pool", "generation"]?.int ?? 0)
        if count <= 0 {
            faults.invalid("spec.pool.resourceSliceCount", .int(count), "must be greater than zero")
        }
        if generation < 0 {
            faults.invalid("spec.pool.generation", .int(generation), "must be greater than or equal to zero")
        }
        checkPlaces(spec, &faults)
        if spec.has("sharedCounters"), spec.has("devices") {
            faults.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed")
        }
        checkDevices(spec, &faults)
        checkCounters(spec["sharedCounters"]?.array ?? [], &faults)
    }

    // MARK: Where devices are

    private static func checkPlaces(_ spec: Value, _ faults: inout Faults) {
        var places = checkNode(spec, "spec", "must be either unset or set to a non-empty string", &faults)
        let terms = spec["nodeSelector", "nodeSelectorTerms"]?.array ?? []
        if spec.has("nodeSelector"), terms.count != 1 {
            let shown = terms.map { GoDump.shown("NodeSelectorTerm", $0) }.joined(separator: ",")
            faults.invalid(
                "spec.nodeSelector.nodeSelectorTerms", shown: "[\(shown)]",
                "must have exactly one node selector term")
        }
        places += checkFlags(["allNodes", "perDeviceNodeSelection"], spec, "spec", &faults)
        let words =
            "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required"
        if places.isEmpty { faults.required("spec", words) }
        if places.count > 1 {
            faults.invalid(
                "spec", .string("{\(places.joined(separator: ", "))}"), "\(words), but multiple fields are set")
        }
    }

    private static func checkNode(
        _ object: Value, _ path: String, _ words: String, _ faults: inout Faults
    ) -> [String] {
        var places: [String] = []
        if let name = object["nodeName"], !name.isNull {
            if name == "" {
                faults.invalid("\(path).nodeName", name, words)
            } else {
                places.append("`nodeName`")
                faults.checkNodeName(name, "\(path).nodeName")
            }
        }
        if let selector = object["nodeSelector"], !selector.isNull {
            places.append("`nodeSelector`")
            faults.checkNodeSelector(selector, "\(path).nodeSelector")
        }
        return places
    }

    private static func checkFlags(
        _ keys: [Text], _ object: Value, _ path: String, _ faults: inout Faults
    ) -> [String] {
        keys.compactMap { key in
            guard object.has(key) else { return nil }
            if object[key] == true { return "`\(key)`" }
            faults.invalid("\(path).\(key)", object[key], "must be either unset or set to true")
            return nil
        }
    }

    private static func checkPlaces(ofDevice device: Value, _ path: String, isFree: Bool, _ faults: inout Faults) {
        let keys: [Text] = ["nodeName", "nodeSelector", "allNodes"]
        guard isFree else {
            guard keys.contains(where: { device.has($0) }) else { return }
            return faults.invalid(
                path, .null,
                "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in "
                    + "the ResourceSlice spec")
        }
        let places =
            checkNode(device, path, "must not be empty", &faults) + checkFlags(["allNodes"], device, path, &faults)
        let words =
            "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set "
            + "to true in the ResourceSlice spec"
        if places.isEmpty { faults.required(path, words) }
        if places.count > 1 { faults.invalid(path, .string("{\(places.joined(separator: ", "))}"), words) }
    }

    // MARK: Devices

    private static func checkDevices(_ spec: Value, _ faults: inout Faults) {
        let devices = spec["devices"]?.array ?? []
        let isDear = devices.contains { device in
            (["taints", "consumesCounters"] as [Text]).contains { !(device[$0]?.array ?? []).isEmpty }
        }
        let most = isDear ? mostTaintedDevices : mostDevices
        if devices.count > most { faults.tooMany("spec.devices", devices.count, most) }
        for (index, device) in devices.enumerated() {
            checkDevice(device, "spec.devices[\(index)]", isFree: spec["perDeviceNodeSelection"] == true, &faults)
        }
        var seen: Set<Value> = []
        for (index, device) in devices.enumerated() where !seen.insert(device["name"] ?? "").inserted {
            faults.duplicate("spec.devices[\(index)]", device["name"] ?? "")
        }
    }

    private static func checkDevice(_ device: Value, _ path: String, isFree: Bool, _ faults: inout Faults) {
        let name = device["name"]?.string ?? ""
        faults.invalid("\(path).name", .string(name), all: Names.label(name))
        let (attributes, capacity) = (device["attributes"]?.object ?? [:], device["capacity"]?.object ?? [:])
        let count = attributes.count + capacity.count
        if count > mostAttributes {
            faults.invalid(
                path, .int(count), "the total number of attributes and capacities must not exceed \(mostAttributes)")
        }
        for member in attributes {
            let field = "\(path).attributes[\(member.key)]"
            faults.checkDeviceName(member.key.string, field)
            checkAttribute(member.value, field, &faults)
        }
        for member in capacity {
            let field = "\(path).capacity[\(member.key)]"
            faults.checkDeviceName(member.key.string, field)
            if member.value.has("requestPolicy"), device["allowMultipleAllocations"] != true {
                faults.forbidden("\(field).requestPolicy", "allowMultipleAllocations must be true")
            }
        }
        let taints = device["taints"]?.array ?? []
        if taints.count > mostTaints { faults.tooMany("\(path).taints", taints.count, mostTaints) }
        checkPlaces(ofDevice: device, path, isFree: isFree, &faults)
    }

    private static func checkAttribute(_ attribute: Value, _ path: String, _ faults: inout Faults) {
        for key: Text in ["string", "version"] {
            guard let text = attribute[key]?.string else { continue }
            if key == "version", !Versions.isSemantic(text) {
                faults.invalid(
                    "\(path).version", .string(text), "must be a string compatible with semver.org spec 2.0.0")
            }
            if text.utf8.count > longestValue { faults.tooLong("\(path).\(key)", longestValue) }
        }
        let kinds: [Text] = ["bool", "int", "string", "version", "bools", "ints", "strings", "versions"]
        let count = kinds.filter { attribute.has($0) }.count
        guard count != 1 else { return }
        let shown = count == 0 ? "\"\"" : GoDump.shown("DeviceAttribute", attribute, of: "resource")
        faults.invalid(path, shown: shown, "exactly one value must be specified")
    }

    private static func checkCounters(_ sets: [Value], _ faults: inout Faults) {
        let path = "spec.sharedCounters"
        if sets.count > mostCounterSets { faults.tooMany(path, sets.count, mostCounterSets) }
        for (index, set) in sets.enumerated() {
            let name = set["name"]?.string ?? ""
            if name.isEmpty {
                faults.required("\(path)[\(index)].name")
            } else {
                faults.invalid("\(path)[\(index)].name", .string(name), all: Names.label(name))
            }
            if (set["counters"]?.object ?? [:]).isEmpty { faults.required("\(path)[\(index)].counters") }
        }
        var seen: Set<Value> = []
        for (index, set) in sets.enumerated() where !seen.insert(set["name"] ?? "").inserted {
            faults.duplicate("\(path)[\(index)]", set["name"] ?? "")
        }
    }
}

/// Versions as semver.org has them.
private enum Versions {
    static func isSemantic(_ text: String) -> Bool {
        let halves = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let front = halves[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = front[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy(isNumber) else { return false }
        let marks = front.dropFirst().flatMap { $0.split(separator: ".", omittingEmptySubsequences: false) }
        let build = halves.dropFirst().flatMap { $0.split(separator: ".", omittingEmptySubsequences: false) }
        return (marks + build).allSatisfy(isMark)
            && marks.allSatisfy { isNumber($0) || !$0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } && (text == "0" || !text.hasPrefix("0"))
    }

    private static func isMark(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
