import API
import Document

/// The rules of a pod's spec (pkg/apis/core/validation): also of the templates of workloads.
struct PodSpecValidation {
    var faults = Faults()
    let spec: Value
    let path: String
    /// Whether it is a pod's own spec: templates may say what only becomes wrong later.
    let isPod: Bool
    /// The volumes by name, to which mounts refer.
    var volumes: [Text: Value] = [:]
    let claims: Set<Text>
    /// The names under which the pod knows its resource claims.
    let resourceClaims: Set<Text>

    /// - Parameter claims: the names of a StatefulSet's claim templates, to which mounts refer as to volumes
    ///   (volumesToAddForTemplates of pkg/apis/apps/validation).
    init(_ spec: Value, at path: String, claims: [Text] = [], isPod: Bool = false) {
        self.spec = spec
        self.path = path
        self.isPod = isPod
        self.claims = Set(claims)
        resourceClaims = Set((spec["resourceClaims"]?.array ?? []).compactMap { $0["name"]?.text })
        checkVolumes(spec["volumes"], "\(path).volumes")
        checkResourceClaims("\(path).resourceClaims")
        checkContainerLists()
        checkPodResources(spec["resources"], "\(path).resources")
        checkHostPorts()
        checkPolicies()
        checkPlacement()
        checkRunning()
    }

    private mutating func checkContainerLists() {
        let containers = spec["containers"]?.array ?? []
        if containers.isEmpty { faults.required("\(path).containers") }
        var names: Set<Value> = []
        var hostPorts: Set<Value> = []
        for (index, container) in containers.enumerated() {
            checkPlain(container, "\(path).containers[\(index)]", &names)
        }
        for (index, container) in containers.enumerated() {
            checkUniqueHostPorts(container, "\(path).containers[\(index)]", &hostPorts)
        }
        for (index, container) in (spec["initContainers"]?.array ?? []).enumerated() {
            checkInit(container, "\(path).initContainers[\(index)]", &names)
        }
        let targets = names
        for (index, container) in (spec["ephemeralContainers"]?.array ?? []).enumerated() {
            checkEphemeral(container, "\(path).ephemeralContainers[\(index)]", &names, targets: targets)
        }
    }

    private mutating func checkHostPorts() {
        guard spec["hostNetwork"] == true else { return }
        for (index, container) in (spec["containers"]?.array ?? []).enumerated() {
            for (place, port) in (container["ports"]?.array ?? []).enumerated() {
                let number = port["hostPort"]?.int ?? 0
                guard isPod || number != 0, number != port["containerPort"]?.int ?? 0 else { continue }
                faults.invalid(
                    "\(path).containers[\(index)].ports[\(place)].hostPort", .int(number),
                    "must match `containerPort` when `hostNetwork` is true")
            }
        }
    }

    private mutating func checkPolicies() {
        let restart = spec["restartPolicy"]
        if (restart?.string ?? "").isEmpty {
            faults.required("\(path).restartPolicy")
        } else {
            faults.check(restart, in: ["Always", "OnFailure", "Never"], "\(path).restartPolicy")
        }
        let policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
        if (spec["dnsPolicy"]?.string ?? "").isEmpty {
            faults.required("\(path).dnsPolicy")
        } else {
            faults.check(spec["dnsPolicy"], in: policies, "\(path).dnsPolicy")
        }
        faults.checkLabels(spec["nodeSelector"], "\(path).nodeSelector")
        checkPodSecurity(spec["securityContext"], "\(path).securityContext")
        checkAffinity(spec["affinity"], "\(path).affinity")
        checkDNS(spec["dnsConfig"] ?? .null, "\(path).dnsConfig")
        for (index, gate) in (spec["readinessGates"]?.array ?? []).enumerated() {
            faults.invalid(
                "\(path).readinessGates[\(index)].conditionType", gate["conditionType"] ?? "",
                all: Names.qualified(gate["conditionType"]?.string ?? ""))
        }
        var gates: Set<Value> = []
        for (index, gate) in (spec["schedulingGates"]?.array ?? []).enumerated() {
            let name = gate["name"] ?? ""
            faults.invalid("\(path).schedulingGates[\(index)]", name, all: Names.qualified(name.string ?? ""))
            if !gates.insert(name).inserted { faults.duplicate("\(path).schedulingGates[\(index)]", name) }
        }
        checkSpread()
        checkHostUsers()
    }

    private mutating func checkHostUsers() {
        guard spec["hostUsers"] == false else { return }
        // The last two are called so upstream.
        for (key, name): (Text, String) in [
            ("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC"),
        ]
        where spec[key] == true {
            faults.forbidden("\(path).\(name)", "when `pod.Spec.HostUsers` is false")
        }
    }

    private mutating func checkDNS(_ config: Value, _ path: String) {
        let servers = config["nameservers"]?.array ?? []
        if spec["dnsPolicy"] == "None" {
            if config.isNull {
                return faults.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            } else if servers.isEmpty {
                return faults.required(
                    "\(path).nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
            }
        }
        if servers.count > 3 {
            faults.invalid("\(path).nameservers", .array(servers), "must not have more than 3 nameservers")
        }
        for (index, server) in servers.enumerated() where !Addresses.isAddress(server.string ?? "") {
            faults.invalid("\(path).nameservers[\(index)]", server, Addresses.addressText)
        }
        let searches = config["searches"]?.array ?? []
        if searches.count > 32 {
            faults.invalid("\(path).searches", .array(searches), "must not have more than 32 search paths")
        }
        if searches.map({ $0.string ?? "" }).joined(separator: " ").utf8.count > 2048 {
            faults.invalid(
                "\(path).searches", .array(searches),
                "must not have more than 2048 characters (including spaces) in the search list")
        }
        for (index, search) in searches.enumerated() where search != "." {
            let name = search.string ?? ""
            let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
            faults.invalid("\(path).searches[\(index)]", .string(bare), all: Names.searched(bare))
        }
        for (index, option) in (config["options"]?.array ?? []).enumerated()
        where (option["name"]?.string ?? "").isEmpty {
            faults.required("\(path).options[\(index)]", "must not be empty")
        }
    }

    private mutating func checkPlacement() {
        for key: Text in ["serviceAccountName", "nodeName"] {
            if let name = spec[key]?.string, !name.isEmpty {
                faults.invalid("\(path).\(key)", .string(name), all: Names.subdomain(name))
            }
        }
        faults.checkRange(spec["activeDeadlineSeconds"], 1...Int(Int32.max), "\(path).activeDeadlineSeconds")
        for key: Text in ["hostname", "subdomain"] {
            if let name = spec[key]?.string, !name.isEmpty {
                faults.invalid("\(path).\(key)", .string(name), all: Names.label(name))
            }
        }
        for (index, toleration) in (spec["tolerations"]?.array ?? []).enumerated() {
            faults.checkToleration(toleration, "\(path).tolerations[\(index)]")
        }
        for (index, alias) in (spec["hostAliases"]?.array ?? []).enumerated() {
            let path = "\(path).hostAliases[\(index)]"
            if !Addresses.isAddress(alias["ip"]?.string ?? "") {
                faults.invalid("\(path).ip", alias["ip"] ?? "", Addresses.addressText)
            }
            for (place, name) in (alias["hostnames"]?.array ?? []).enumerated() {
                faults.invalid("\(path).hostnames[\(place)]", name, all: Names.subdomain(name.string ?? ""))
            }
        }
    }

    private mutating func checkRunning() {
        if let name = spec["priorityClassName"]?.string, !name.isEmpty {
            faults.invalid("\(path).priorityClassName", .string(name), all: Names.subdomain(name))
        }
        if let name = spec["runtimeClassName"]?.string {
            faults.invalid("\(path).runtimeClassName", .string(name), all: Names.subdomain(name))
        }
        if let policy = spec["preemptionPolicy"], !policy.isNull {
            faults.check(policy, in: ["PreemptLowerPriority", "Never"], "\(path).preemptionPolicy")
        }
        if let overhead = spec["overhead"], !overhead.isNull {
            checkResources(["limits": overhead], "\(path).overhead")
        }
        guard let system = spec["os"], !system.isNull else { return }
        if (system["name"]?.string ?? "").isEmpty {
            faults.required("\(path).os.name", "cannot be empty")
        } else {
            faults.check(system["name"], in: ["linux", "windows"], "\(path).os")
        }
    }
}

extension Faults {
    /// What stands for taints (ValidateTolerations).
    mutating func checkToleration(_ toleration: Value, _ path: String) {
        if let key = toleration["key"]?.string, !key.isEmpty {
            invalid("\(path).key", .string(key), all: Names.qualified(key))
        }
        let toleratesAll = toleration["operator"] == "Exists"
        if (toleration["key"]?.string ?? "").isEmpty, !toleratesAll {
            invalid(
                "\(path).operator", toleration["operator"] ?? "",
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
        }
        if toleration.has("tolerationSeconds"), toleration["effect"] != "NoExecute" {
            invalid(
                "\(path).effect", toleration["effect"] ?? "",
                "effect must be 'NoExecute' when `tolerationSeconds` is set")
        }
        switch toleration["operator"]?.string ?? "" {
        case "Equal", "":
            invalid(
                "\(path).operator", toleration["value"], all: Names.labelValue(toleration["value"]?.string ?? ""))
        case "Exists":
            if let value = toleration["value"], value != "" {
                invalid("\(path).operator", value, "value must be empty when `operator` is 'Exists'")
            }
        default: unsupported("\(path).operator", toleration["operator"] ?? "", ["Equal", "Exists"])
        }
        if let effect = toleration["effect"], effect != "" {
            check(effect, in: TaintEffects.all, "\(path).effect")
        }
    }
}

/// The effects that a taint may have, in the order in which upstream names them.
enum TaintEffects {
    static let all = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
}
