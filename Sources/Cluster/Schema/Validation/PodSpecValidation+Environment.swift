import API
import Document

extension PodSpecValidation {
    mutating func checkEnvironment(_ environment: Value?, _ path: String) {
        for (index, variable) in (environment?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            let name = variable["name"]?.string ?? ""
            if name.isEmpty {
                faults.required("\(path).name")
            } else {
                faults.invalid("\(path).name", .string(name), all: Names.environmentName(name))
            }
            if let source = variable["valueFrom"], !source.isNull {
                checkSource(source, variable, "\(path).valueFrom")
            }
        }
    }

    /// The fields of a pod that environment variables may show.
    private static let shownFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]

    private mutating func checkSource(_ source: Value, _ variable: Value, _ path: String) {
        let kinds: [Text] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
        let present = kinds.filter { source.has($0) }
        if let field = source["fieldRef"], !field.isNull {
            checkFieldReference(field, PodSpecValidation.shownFields, "\(path).fieldRef")
        }
        if let resource = source["resourceFieldRef"], !resource.isNull {
            checkResourceReference(resource, "\(path).resourceFieldRef", needsContainer: false)
        }
        for kind: Text in ["configMapKeyRef", "secretKeyRef"] where source.has(kind) {
            let reference = source[kind] ?? [:]
            let (name, key) = (reference["name"]?.string ?? "", reference["key"]?.string ?? "")
            faults.invalid("\(path).\(kind).name", .string(name), all: Names.subdomain(name))
            if key.isEmpty {
                faults.required("\(path).\(kind).key")
            } else {
                faults.invalid("\(path).\(kind).key", .string(key), all: Names.configKey(key))
            }
        }
        if present.isEmpty {
            faults.invalid(
                path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`")
        }
        if let value = variable["value"], value != "", !present.isEmpty {
            faults.invalid(path, "", "may not be specified when `value` is not empty")
        } else if present.count > 1 {
            faults.invalid(path, "", "may not have more than one field specified at a time")
        }
    }

    mutating func checkEnvironmentSources(_ sources: Value?, _ path: String) {
        for (index, source) in (sources?.array ?? []).enumerated() {
            if let prefix = source["prefix"], prefix != "" {
                faults.invalid(
                    "\(path)[\(index)].prefix", prefix, all: Names.environmentName(prefix.string ?? ""))
            }
            let kinds = (["configMapRef", "secretRef"] as [Text]).filter { source.has($0) }
            for kind in kinds {
                let name = source[kind]?["name"]?.string ?? ""
                if name.isEmpty {
                    faults.required("\(path)[\(index)].\(kind).name")
                } else {
                    // With what may follow it, as in a prefix.
                    let masked = name.hasSuffix("-") ? "\(name.dropLast())a" : name
                    faults.invalid("\(path)[\(index)].\(kind).name", .string(name), all: Names.subdomain(masked))
                }
            }
            // Upstream names the list here.
            if kinds.isEmpty {
                faults.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
            } else if kinds.count > 1 {
                faults.invalid(path, "", "may not have more than one field specified at a time")
            }
        }
    }

    // MARK: The downward API

    /// The fields by which pods can be asked for at all (ConvertDownwardAPIFieldLabel).
    private static let knownFields: Set<String> = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
        "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs", "spec.host",
    ]

    mutating func checkFieldReference(_ reference: Value, _ allowed: [String], _ path: String) {
        let field = reference["fieldPath"]?.string ?? ""
        if field.isEmpty { return faults.required("\(path).fieldPath") }
        let parts = field.split(separator: "[", maxSplits: 1).map(String.init)
        if field.hasSuffix("']"), parts.count == 2, parts[1].hasPrefix("'") {
            let key = String(parts[1].dropFirst().dropLast(2))
            switch parts[0] {
            case "metadata.annotations":
                return faults.invalid(path, .string(key.lowercased()), all: Names.qualified(key.lowercased()))
            case "metadata.labels": return faults.invalid(path, .string(key), all: Names.qualified(key))
            default:
                return faults.invalid(
                    "\(path).fieldPath", .string(field),
                    "error converting fieldPath: field label does not support subscript: \(field)")
            }
        }
        guard PodSpecValidation.knownFields.contains(field) else {
            return faults.invalid(
                "\(path).fieldPath", .string(field),
                "error converting fieldPath: field label not supported: \(field)")
        }
        // The old name of the node's.
        let name: Value = field == "spec.host" ? "spec.nodeName" : .string(field)
        faults.check(name, in: allowed, "\(path).fieldPath")
    }

    private static let shownResources = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
        "requests.memory",
    ]

    mutating func checkResourceReference(_ reference: Value, _ path: String, needsContainer: Bool) {
        let name = reference["resource"]?.string ?? ""
        let isHuge = name.hasPrefix("requests.hugepages-") || name.hasPrefix("limits.hugepages-")
        if needsContainer, (reference["containerName"]?.string ?? "").isEmpty {
            faults.required("\(path).containerName")
        } else if name.isEmpty {
            faults.required("\(path).resource")
        } else if !isHuge {
            faults.check(reference["resource"], in: PodSpecValidation.shownResources, "\(path).resource")
        }
        checkDivisor(reference["divisor"], of: name, path)
    }

    private static let units = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]

    private mutating func checkDivisor(_ divisor: Value?, of name: String, _ path: String) {
        guard let quantity = divisor?.quantity, quantity.nanos != 0 else { return }
        let kind = name.split(separator: ".").last.map(String.init) ?? ""
        let what: String
        switch kind {
        case "cpu":
            guard !["1m", "1"].contains("\(quantity)") else { return }
            return faults.invalid(
                "\(path).divisor", .string(name), "only divisor's values 1m and 1 are supported with the cpu resource")
        case "memory": what = "memory"
        case "ephemeral-storage": what = "local ephemeral storage"
        case let kind where kind.hasPrefix("hugepages-"): what = "hugepages"
        default: return
        }
        guard !PodSpecValidation.units.contains("\(quantity)") else { return }
        faults.invalid(
            "\(path).divisor", .string(name),
            "only divisor's values \(PodSpecValidation.units.joined(separator: ", ")) are supported with the \(what) resource"
        )
    }
}
