import API
import Document

extension PodSpecValidation {
    private static let hooks: [Text] = ["postStart", "preStop"]
    private static let probes: [Text] = ["livenessProbe", "readinessProbe", "startupProbe"]

    /// One of the pod's own containers.
    mutating func checkPlain(_ container: Value, _ path: String, _ names: inout Set<Value>) {
        checkCommon(container, path)
        checkUnique(container["name"] ?? "", path, &names)
        checkHealth(container, path)
        checkRestartPolicy(container, path)
    }

    mutating func checkInit(_ container: Value, _ path: String, _ names: inout Set<Value>) {
        checkCommon(container, path)
        checkRestartPolicy(container, path)
        checkUnique(container["name"] ?? "", path, &names)
        var hostPorts: Set<Value> = []
        checkUniqueHostPorts(container, path, &hostPorts)
        if container["restartPolicy"] == "Always" { return checkHealth(container, path) }
        for key in ["lifecycle"] + PodSpecValidation.probes where container.has(key) {
            faults.forbidden("\(path).\(key)", "may not be set for init containers without restartPolicy=Always")
        }
    }

    /// What no container that somebody added to look around may have.
    private static let lasting: [Text] = [
        "ports", "resources", "resizePolicy", "restartPolicy", "livenessProbe", "readinessProbe", "startupProbe",
        "lifecycle",
    ]

    mutating func checkEphemeral(
        _ container: Value, _ path: String, _ names: inout Set<Value>, targets: Set<Value>
    ) {
        let text = "cannot be set for an Ephemeral Container"
        checkCommon(container, path)
        checkUnique(container["name"] ?? "", path, &names)
        if let target = container["targetContainerName"], target != "", !targets.contains(target) {
            faults.add(.notFound, "\(path).targetContainerName", target)
        }
        for key in PodSpecValidation.lasting {
            guard let value = container[key], !value.isNull, value != [:], value != [] else { continue }
            faults.forbidden("\(path).\(key)", text)
        }
        for (index, mount) in (container["volumeMounts"]?.array ?? []).enumerated() {
            for key: Text in ["subPath", "subPathExpr"] where !(mount[key]?.string ?? "").isEmpty {
                faults.forbidden("\(path).volumeMounts[\(index)].\(key)", text)
            }
        }
    }

    private mutating func checkUnique(_ name: Value, _ path: String, _ names: inout Set<Value>) {
        if !names.insert(name).inserted { faults.duplicate("\(path).name", name) }
    }

    private mutating func checkRestartPolicy(_ container: Value, _ path: String) {
        if container.has("restartPolicy") {
            faults.check(container["restartPolicy"], in: ["Always", "Never", "OnFailure"], "\(path).restartPolicy")
        } else if !(container["restartPolicyRules"]?.array ?? []).isEmpty {
            faults.required("\(path).restartPolicy", "must specify restartPolicy when restart rules are used")
        }
    }

    /// What holds for containers of each kind (validateContainerCommon).
    private mutating func checkCommon(_ container: Value, _ path: String) {
        let name = container["name"] ?? ""
        if name == "" {
            faults.required("\(path).name")
        } else {
            faults.invalid("\(path).name", name, all: Names.label(name.string ?? ""))
        }
        let image = container["image"]?.string ?? ""
        if image.isEmpty {
            faults.required("\(path).image")
        } else if isPod, image != image.trimmed {
            faults.invalid("\(path).image", container["image"], "must not have leading or trailing whitespace")
        }
        faults.check(
            container["terminationMessagePolicy"], in: ["File", "FallbackToLogsOnError"],
            "\(path).terminationMessagePolicy")
        checkPorts(container["ports"], "\(path).ports")
        checkEnvironment(container["env"], "\(path).env")
        checkEnvironmentSources(container["envFrom"], "\(path).envFrom")
        checkMounts(container, "\(path).volumeMounts")
        checkDevices(container, "\(path).volumeDevices")
        faults.check(
            container["imagePullPolicy"], in: ["Always", "IfNotPresent", "Never"], "\(path).imagePullPolicy")
        checkResources(container["resources"], "\(path).resources")
        checkResizePolicy(container["resizePolicy"], "\(path).resizePolicy")
        checkSecurity(container["securityContext"], "\(path).securityContext")
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

    mutating func checkUniqueHostPorts(_ container: Value, _ path: String, _ seen: inout Set<Value>) {
        for (index, port) in (container["ports"]?.array ?? []).enumerated() {
            guard let number = port["hostPort"]?.int, number != 0 else { continue }
            let key = "\(port["protocol"]?.string ?? "")/\(port["hostIP"]?.string ?? "")/\(number)"
            if !seen.insert(.string(Text(key))).inserted {
                faults.duplicate("\(path).ports[\(index)].hostPort", .string(Text(key)))
            }
        }
    }

    // MARK: Health

    /// The hooks and the probes, in upstream's order.
    private mutating func checkHealth(_ container: Value, _ path: String) {
        for hook in PodSpecValidation.hooks {
            if let handler = container["lifecycle", hook], !handler.isNull {
                checkHandler(handler, "\(path).lifecycle.\(hook)")
            }
        }
        for kind in PodSpecValidation.probes {
            if let probe = container[kind], !probe.isNull { checkProbe(probe, kind, "\(path).\(kind)") }
        }
    }

    private mutating func checkProbe(_ probe: Value, _ kind: Text, _ path: String) {
        checkHandler(probe, path)
        for key: Text in [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ] { faults.checkNotNegative(probe[key], "\(path).\(key)") }
        faults.checkPositive(probe["terminationGracePeriodSeconds"], "\(path).terminationGracePeriodSeconds")
        if kind == "readinessProbe" {
            if probe.has("terminationGracePeriodSeconds") {
                faults.invalid(
                    "\(path).terminationGracePeriodSeconds", probe["terminationGracePeriodSeconds"],
                    "must not be set for readinessProbes")
            }
        } else if let threshold = probe["successThreshold"]?.int, threshold != 1 {
            faults.invalid("\(path).successThreshold", probe["successThreshold"], "must be 1")
        }
    }

    private mutating func checkHandler(_ handler: Value, _ path: String) {
        var count = 0
        for kind: Text in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] where handler.has(kind) {
            count += 1
            let action = handler[kind] ?? [:]
            if count > 1 {
                faults.forbidden("\(path).\(kind)", "may not specify more than 1 handler type")
                continue
            }
            switch kind {
            case "exec":
                if (action["command"]?.array ?? []).isEmpty { faults.required("\(path).exec.command") }
            case "httpGet": checkRequest(action, "\(path).httpGet")
            case "tcpSocket": checkPortReference(action["port"], "\(path).tcpSocket.port")
            case "grpc": checkPortReference(action["port"] ?? 0, "\(path).grpc.port")
            default: checkSleep(action["seconds"]?.int ?? 0, "\(path).sleep")
            }
        }
        if count == 0 { faults.required(path, "must specify a handler type") }
    }

    private mutating func checkRequest(_ request: Value, _ path: String) {
        if (request["path"]?.string ?? "").isEmpty { faults.required("\(path).path") }
        checkPortReference(request["port"], "\(path).port")
        faults.check(request["scheme"], in: ["HTTP", "HTTPS"], "\(path).scheme")
        for header in request["httpHeaders"]?.array ?? [] {
            let name = header["name"]?.string ?? ""
            faults.invalid("\(path).httpHeaders", .string(name), all: Names.header(name))
        }
    }

    private mutating func checkSleep(_ seconds: Int, _ path: String) {
        guard let grace = spec["terminationGracePeriodSeconds"]?.int, seconds < 0 || seconds > grace else { return }
        faults.invalid(
            path, .int(seconds), "must be non-negative and less than terminationGracePeriodSeconds (\(grace))")
    }

    private mutating func checkPortReference(_ port: Value?, _ path: String) {
        if port?.int != nil {
            faults.checkRange(port, 1...65535, path)
        } else {
            faults.invalid(path, port, all: Names.portName(port?.string ?? ""))
        }
    }
}
