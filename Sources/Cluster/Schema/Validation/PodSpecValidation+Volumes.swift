import API
import Document

extension PodSpecValidation {
    mutating func checkVolumes(_ list: Value?, _ path: String) {
        for (index, volume) in (list?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            let name = volume["name"] ?? ""
            let before = faults.errors.count
            checkSource(of: volume, path)
            if name == "" {
                faults.required("\(path).name")
            } else {
                faults.invalid("\(path).name", name, all: Names.label(name.string ?? ""))
                if volumes[name.text ?? ""] != nil { faults.duplicate("\(path).name", name) }
            }
            // Mounts do not find a volume that is wrong.
            if faults.errors.count == before { volumes[name.text ?? ""] = volume }
        }
    }

    private mutating func checkSource(of volume: Value, _ path: String) {
        let sources = (volume.object ?? [:]).filter { $0.key != "name" && !$0.value.isNull }
        if sources.isEmpty { return faults.required(path, "must specify a volume type") }
        let order = DeclarationLibrary.shared.structure("io.k8s.api.core.v1.Volume")?.fields.map(\.name) ?? []
        let sorted = sources.sorted { (order.firstIndex(of: $0.key) ?? 0) < (order.firstIndex(of: $1.key) ?? 0) }
        // Upstream goes by the order of the Go struct, in which emptyDir counts first.
        let first = sorted.first { $0.key == "emptyDir" } ?? sorted[0]
        for source in sorted where source.key != first.key {
            faults.forbidden("\(path).\(source.key)", "may not specify more than 1 volume type")
        }
        checkSource(first.key, first.value, "\(path).\(VolumeSourceRules.place(first.key))")
    }

    private mutating func checkSource(_ kind: Text, _ source: Value, _ path: String) {
        switch kind {
        case "emptyDir":
            if let size = source["sizeLimit"]?.quantity, size.nanos < 0 {
                faults.forbidden("\(path).sizeLimit", "SizeLimit field must be a valid resource quantity")
            }
        case "secret", "configMap":
            let key: Text = kind == "secret" ? "secretName" : "name"
            if (source[key]?.string ?? "").isEmpty { faults.required("\(path).\(key)") }
            checkMode(source["defaultMode"], "\(path).defaultMode")
            _ = checkItems(source, path)
        case "downwardAPI":
            checkMode(source["defaultMode"], "\(path).defaultMode")
            // Upstream names the volume for each of its files.
            for file in source["items"]?.array ?? [] { checkShownFile(file, path) }
        case "projected": checkProjections(source, path)
        case "csi":
            faults.checkDriverName(source["driver"]?.string ?? "", "\(path).driver")
            if source.has("nodePublishSecretRef"), (source["nodePublishSecretRef", "name"]?.string ?? "").isEmpty {
                faults.required("\(path).nodePublishSecretRef.name")
            }
        case "ephemeral":
            if let template = source["volumeClaimTemplate"], !template.isNull {
                let path = "\(path).volumeClaimTemplate"
                faults.checkAnnotations(template["metadata", "annotations"], "\(path).metadata.annotations")
                faults.checkLabels(template["metadata", "labels"], "\(path).metadata.labels")
                ClaimRules.check(template["spec"] ?? [:], "\(path).spec", &faults)
            } else {
                faults.required("\(path).volumeClaimTemplate")
            }
        case "image":
            if isPod, (source["reference"]?.string ?? "").isEmpty { faults.required("\(path).reference") }
        default: VolumeSourceRules.check(kind, source, path, &faults)
        }
    }

    private mutating func checkMode(_ mode: Value?, _ path: String) {
        if let bits = mode?.int, !(0...0o777).contains(bits) {
            faults.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")
        }
    }

    /// Answers the paths that the items have.
    private mutating func checkItems(_ source: Value, _ path: String) -> [Value] {
        var paths: [Value] = []
        for (index, item) in (source["items"]?.array ?? []).enumerated() {
            let path = "\(path).items[\(index)]"
            if (item["key"]?.string ?? "").isEmpty { faults.required("\(path).key") }
            checkFile(item, path)
            if let place = item["path"], place != "" { paths.append(place) }
        }
        return paths
    }

    private mutating func checkFile(_ file: Value, _ path: String) {
        let place = file["path"] ?? ""
        if place == "" { faults.required("\(path).path") }
        faults.checkFilePath(place, "\(path).path")
        checkMode(file["mode"], "\(path).mode")
    }

    private static let shownInFiles = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    ]

    /// A file that shows a field of the pod.
    private mutating func checkShownFile(_ file: Value, _ path: String) {
        let place = file["path"] ?? ""
        if place == "" { faults.required("\(path).path") }
        faults.checkFilePath(place, "\(path).path")
        if let field = file["fieldRef"], !field.isNull {
            checkFieldReference(field, PodSpecValidation.shownInFiles, "\(path).fieldRef")
            if file.has("resourceFieldRef") {
                faults.invalid(
                    path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
            }
        } else if let resource = file["resourceFieldRef"], !resource.isNull {
            checkResourceReference(resource, "\(path).resourceFieldRef", needsContainer: true)
        } else {
            faults.required(path, "one of fieldRef and resourceFieldRef is required")
        }
        checkMode(file["mode"], "\(path).mode")
    }

    // MARK: Projections

    private mutating func checkProjections(_ source: Value, _ path: String) {
        checkMode(source["defaultMode"], "\(path).defaultMode")
        var paths: Set<Value> = []
        for (index, projection) in (source["sources"]?.array ?? []).enumerated() {
            let place = "\(path).sources[\(index)]"
            for kind: Text in ["secret", "configMap"] where projection.has(kind) {
                let part = projection[kind] ?? [:]
                if (part["name"]?.string ?? "").isEmpty { faults.required("\(place).\(kind).name") }
                for item in checkItems(part, "\(place).\(kind)") where !paths.insert(item).inserted {
                    faults.invalid(path, part["name"] ?? "", "conflicting duplicate paths")
                }
            }
            for file in projection["downwardAPI", "items"]?.array ?? [] {
                checkShownFile(file, "\(place).downwardAPI")
                if let item = file["path"], item != "", !paths.insert(item).inserted {
                    faults.invalid(path, item, "conflicting duplicate paths")
                }
            }
            if let token = projection["serviceAccountToken"], !token.isNull { checkToken(token, place, path) }
            if (projection.object ?? [:]).filter({ !$0.value.isNull }).count > 1 {
                faults.forbidden(place, "may not specify more than 1 volume type per source")
            }
        }
    }

    private mutating func checkToken(_ token: Value, _ place: String, _ path: String) {
        let field = "\(place).serviceAccountToken"
        if let seconds = token["expirationSeconds"]?.int, seconds < 600 {
            faults.invalid(
                "\(field).expirationSeconds", .int(seconds), "may not specify a duration less than 10 minutes")
        } else if let seconds = token["expirationSeconds"]?.int, seconds > 1 << 32 {
            faults.invalid(
                "\(field).expirationSeconds", .int(seconds), "may not specify a duration larger than 2^32 seconds")
        }
        let file = token["path"] ?? ""
        if file == "" { faults.required("\(path).path") } else { faults.checkFilePath(file, "\(path).path") }
    }
}
