import API
import Document

extension PodSpecValidation {
    mutating func checkVolumes(_ list: Value?, _ path: String) {
        for (index, volume) in (list?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            let name = volume["name"] ?? ""
            var isRight = true
            let sourceFaults = checkSource(of: volume, path)
            if name == "" {
                faults.required("\(path).name")
                isRight = false
            } else {
                let details = Names.label(name.string ?? "")
                faults.invalid("\(path).name", name, all: details)
                isRight = details.isEmpty
                if volumes.contains(name.text ?? "") {
                    faults.duplicate("\(path).name", name)
                    isRight = false
                }
            }
            if isRight, !sourceFaults { volumes.insert(name.text ?? "") }
        }
    }

    /// Tells whether anything is wrong with the volume's source: mounts do not find such a volume.
    private mutating func checkSource(of volume: Value, _ path: String) -> Bool {
        let before = faults.errors.count
        let sources = (volume.object ?? [:]).filter { $0.key != "name" && !$0.value.isNull }
        if sources.isEmpty {
            faults.required(path, "must specify a volume type")
            return true
        }
        let order = DeclarationLibrary.shared.structure("io.k8s.api.core.v1.Volume")?.fields.map(\.name) ?? []
        let sorted = sources.sorted { (order.firstIndex(of: $0.key) ?? 0) < (order.firstIndex(of: $1.key) ?? 0) }
        // Upstream goes by the order of the Go struct, in which emptyDir counts first.
        let first = sorted.first { $0.key == "emptyDir" } ?? sorted[0]
        for source in sorted where source.key != first.key {
            faults.forbidden("\(path).\(source.key)", "may not specify more than 1 volume type")
        }
        checkSource(first.key, first.value, "\(path).\(first.key)")
        return faults.errors.count > before
    }

    private mutating func checkSource(_ kind: Text, _ source: Value, _ path: String) {
        switch kind {
        case "hostPath":
            let place = source["path"]?.string ?? ""
            if place.isEmpty {
                faults.required("\(path).path")
            } else if place.split(separator: "/").contains("..") {
                faults.invalid("\(path).path", source["path"], "must not contain '..'")
            }
        case "secret":
            if (source["secretName"]?.string ?? "").isEmpty { faults.required("\(path).secretName") }
            checkItems(source, path)
        case "configMap":
            if (source["name"]?.string ?? "").isEmpty { faults.required("\(path).name") }
            checkItems(source, path)
        case "persistentVolumeClaim":
            if (source["claimName"]?.string ?? "").isEmpty { faults.required("\(path).claimName") }
        case "nfs":
            for key: Text in ["server", "path"] where (source[key]?.string ?? "").isEmpty {
                faults.required("\(path).\(key)")
            }
        case "csi": if (source["driver"]?.string ?? "").isEmpty { faults.required("\(path).driver") }
        default: break
        }
    }

    private mutating func checkItems(_ source: Value, _ path: String) {
        if let mode = source["defaultMode"]?.int, !(0...0o777).contains(mode) {
            faults.invalid(
                "\(path).defaultMode", source["defaultMode"],
                "must be a number between 0 and 0777 (octal), both inclusive")
        }
        for (index, item) in (source["items"]?.array ?? []).enumerated() {
            let path = "\(path).items[\(index)]"
            if (item["key"]?.string ?? "").isEmpty { faults.required("\(path).key") }
            let place = item["path"]?.string ?? ""
            if place.isEmpty {
                faults.required("\(path).path")
            } else if place.hasPrefix("/") {
                faults.invalid("\(path).path", item["path"], "must be a relative path")
            } else if place.split(separator: "/").contains("..") {
                faults.invalid("\(path).path", item["path"], "must not contain '..'")
            }
        }
    }
}
