import API
import Document

extension PodSpecValidation {
    mutating func checkContainer(_ container: Value, _ path: String, _ names: inout Set<Value>, isInit: Bool) {
        let name = container["name"] ?? ""
        if name == "" {
            faults.required("\(path).name")
        } else {
            faults.invalid("\(path).name", name, all: Names.label(name.string ?? ""))
        }
        if !names.insert(name).inserted { faults.duplicate("\(path).name", name) }
        let image = container["image"]?.string ?? ""
        if image.isEmpty {
            faults.required("\(path).image")
        } else if image != image.trimmed {
            faults.invalid("\(path).image", container["image"], "must not have leading or trailing whitespace")
        }
        faults.check(
            container["terminationMessagePolicy"], in: ["FallbackToLogsOnError", "File"],
            "\(path).terminationMessagePolicy")
        checkPorts(container["ports"], "\(path).ports")
        checkEnvironment(container["env"], "\(path).env")
        checkMounts(container["volumeMounts"], "\(path).volumeMounts")
        faults.check(
            container["imagePullPolicy"], in: ["Always", "IfNotPresent", "Never"], "\(path).imagePullPolicy")
        checkResources(container["resources"], "\(path).resources")
        checkProbes(container, path, isPlainInit: isInit && container["restartPolicy"] != "Always")
    }

    private mutating func checkPorts(_ ports: Value?, _ path: String) {
        var names: Set<Value> = []
        for (index, port) in (ports?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            if let name = port["name"], name != "" {
                let details = Names.portName(name.string ?? "")
                faults.invalid("\(path).name", name, all: details)
                if details.isEmpty, !names.insert(name).inserted { faults.duplicate("\(path).name", name) }
            }
            if port["containerPort"] == nil || port["containerPort"] == 0 {
                faults.required("\(path).containerPort")
            } else {
                faults.checkRange(port["containerPort"], 1...65535, "\(path).containerPort")
            }
            if let host = port["hostPort"]?.int, host != 0 {
                faults.checkRange(port["hostPort"], 1...65535, "\(path).hostPort")
            }
            faults.check(port["protocol"], in: ["SCTP", "TCP", "UDP"], "\(path).protocol")
        }
    }

    private mutating func checkEnvironment(_ environment: Value?, _ path: String) {
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
    private static let shownFields: Set<String> = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]

    private mutating func checkSource(_ source: Value, _ variable: Value, _ path: String) {
        let kinds: [Text] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
        let present = kinds.filter { source.has($0) }
        if let field = source["fieldRef", "fieldPath"]?.string {
            let isAnnotation = ["metadata.annotations['", "metadata.labels['"].contains { field.hasPrefix($0) }
            if !isAnnotation, !PodSpecValidation.shownFields.contains(field) {
                faults.invalid(
                    "\(path).fieldRef.fieldPath", .string(field),
                    "error converting fieldPath: field label not supported: \(field)")
            }
        }
        for kind: Text in ["configMapKeyRef", "secretKeyRef"] where source.has(kind) {
            let key = source[kind]?["key"]?.string ?? ""
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

    private mutating func checkMounts(_ mounts: Value?, _ path: String) {
        var places: Set<Value> = []
        for (index, mount) in (mounts?.array ?? []).enumerated() {
            let path = "\(path)[\(index)]"
            let name = mount["name"]?.text ?? ""
            if name.isEmpty {
                faults.required("\(path).name")
            } else if !volumes.contains(name), !claims.contains(name) {
                faults.add(.notFound, "\(path).name", .string(name))
            }
            let place = mount["mountPath"] ?? ""
            if place == "" { faults.required("\(path).mountPath") }
            if !places.insert(place).inserted { faults.invalid("\(path).mountPath", place, "must be unique") }
            if mount.has("subPath"), mount.has("subPathExpr") {
                faults.invalid(
                    "\(path).subPathExpr", mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive")
            }
        }
    }

    private mutating func checkResources(_ resources: Value?, _ path: String) {
        let limits = resources?["limits"]?.object ?? [:]
        for limit in limits { checkQuantity(limit, "\(path).limits[\(limit.key)]") }
        for request in resources?["requests"]?.object ?? [:] {
            checkQuantity(request, "\(path).requests[\(request.key)]")
            guard let limit = limits[request.key]?.quantity, let asked = request.value.quantity, asked > limit else {
                continue
            }
            faults.invalid(
                "\(path).requests", request.value, "must be less than or equal to \(request.key) limit of \(limit)")
        }
    }

    private mutating func checkQuantity(_ member: Object.Member, _ path: String) {
        let name = member.key.string
        faults.invalid(path, .string(name), all: ResourceNames.faults(inContainer: name))
        if let quantity = member.value.quantity, quantity.nanos < 0 {
            faults.invalid(path, member.value, "must be greater than or equal to 0")
        }
    }

    private mutating func checkProbes(_ container: Value, _ path: String, isPlainInit: Bool) {
        for kind: Text in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let probe = container[kind], !probe.isNull else { continue }
            if isPlainInit {
                faults.forbidden("\(path).\(kind)", "may not be set for init containers without restartPolicy=Always")
            } else {
                checkProbe(probe, "\(path).\(kind)", mustSucceedOnce: kind != "readinessProbe")
            }
        }
        for hook: Text in ["postStart", "preStop"] {
            if let handler = container["lifecycle", hook], !handler.isNull {
                checkHandler(handler, "\(path).lifecycle.\(hook)")
            }
        }
    }

    private mutating func checkProbe(_ probe: Value, _ path: String, mustSucceedOnce: Bool) {
        checkHandler(probe, path)
        for key: Text in [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ] { faults.checkNotNegative(probe[key], "\(path).\(key)") }
        if mustSucceedOnce, let threshold = probe["successThreshold"]?.int, threshold != 1 {
            faults.invalid("\(path).successThreshold", probe["successThreshold"], "must be 1")
        }
    }

    private mutating func checkHandler(_ handler: Value, _ path: String) {
        var count = 0
        for kind: Text in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] where handler.has(kind) {
            count += 1
            if count > 1 {
                faults.forbidden("\(path).\(kind)", "may not specify more than 1 handler type")
                continue
            }
            switch kind {
            case "exec":
                if (handler["exec", "command"]?.array ?? []).isEmpty { faults.required("\(path).exec.command") }
            case "httpGet", "tcpSocket": checkPortReference(handler[kind]?["port"], "\(path).\(kind).port")
            default: break
            }
        }
        if count == 0 { faults.required(path, "must specify a handler type") }
    }

    private mutating func checkPortReference(_ port: Value?, _ path: String) {
        if port?.int != nil {
            faults.checkRange(port, 1...65535, path)
        } else {
            faults.invalid(path, port, all: Names.portName(port?.string ?? ""))
        }
    }
}
