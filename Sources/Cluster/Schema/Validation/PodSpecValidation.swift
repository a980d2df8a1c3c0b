import API
import Document

/// The rules of a pod's spec (pkg/apis/core/validation): also of the templates of workloads.
struct PodSpecValidation {
    var faults = Faults()
    private let spec: Value
    private let path: String
    /// The names of volumes, to which mounts refer.
    var volumes: Set<Text> = []
    let claims: Set<Text>

    /// - Parameter claims: the names of a StatefulSet's claim templates, to which mounts refer as to volumes
    ///   (volumesToAddForTemplates of pkg/apis/apps/validation).
    init(_ spec: Value, at path: String, claims: [Text] = []) {
        self.spec = spec
        self.path = path
        self.claims = Set(claims)
        checkVolumes(spec["volumes"], "\(path).volumes")
        checkContainerLists()
        checkPolicies()
        checkPlacement()
    }

    private mutating func checkContainerLists() {
        let containers = spec["containers"]?.array ?? []
        if containers.isEmpty { faults.required("\(path).containers") }
        var names: Set<Value> = []
        for (index, container) in containers.enumerated() {
            checkContainer(container, "\(path).containers[\(index)]", &names, isInit: false)
        }
        for (index, container) in (spec["initContainers"]?.array ?? []).enumerated() {
            checkContainer(container, "\(path).initContainers[\(index)]", &names, isInit: true)
        }
        for (index, container) in (spec["ephemeralContainers"]?.array ?? []).enumerated() {
            checkContainer(container, "\(path).ephemeralContainers[\(index)]", &names, isInit: false)
        }
    }

    private mutating func checkPolicies() {
        let restart = spec["restartPolicy"]
        if (restart?.string ?? "").isEmpty {
            faults.required("\(path).restartPolicy")
        } else {
            faults.check(restart, in: ["Always", "OnFailure", "Never"], "\(path).restartPolicy")
        }
        checkDNS()
        checkNodeSelector(spec["nodeSelector"])
        checkSecurityContext(spec["securityContext"], "\(path).securityContext")
        for (index, secret) in (spec["imagePullSecrets"]?.array ?? []).enumerated()
        where (secret["name"]?.string ?? "").isEmpty {
            faults.required("\(path).imagePullSecrets[\(index)].name")
        }
        checkAffinity(spec["affinity"], "\(path).affinity")
    }

    private mutating func checkDNS() {
        let policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
        if (spec["dnsPolicy"]?.string ?? "").isEmpty {
            faults.required("\(path).dnsPolicy")
        } else {
            faults.check(spec["dnsPolicy"], in: policies, "\(path).dnsPolicy")
        }
        if spec["dnsPolicy"] == "None", (spec["dnsConfig", "nameservers"]?.array ?? []).isEmpty {
            faults.required(
                spec["dnsConfig"] == nil ? "\(path).dnsConfig" : "\(path).dnsConfig.nameservers",
                spec["dnsConfig"] == nil
                    ? "must provide `dnsConfig` when `dnsPolicy` is None"
                    : "must provide at least one DNS nameserver when `dnsPolicy` is None")
        }
    }

    private mutating func checkNodeSelector(_ selector: Value?) { faults.checkLabels(selector, "\(path).nodeSelector") }

    private mutating func checkSecurityContext(_ context: Value?, _ path: String) {
        for key: Text in ["runAsUser", "runAsGroup", "fsGroup"] {
            if let id = context?[key]?.int, !(0...Int(Int32.max)).contains(id) {
                faults.invalid("\(path).\(key)", context?[key], "must be between 0 and 2147483647, inclusive")
            }
        }
    }

    private mutating func checkPlacement() {
        if let name = spec["serviceAccountName"]?.string, !name.isEmpty {
            faults.invalid("\(path).serviceAccountName", .string(name), all: Names.subdomain(name))
        }
        if let name = spec["nodeName"]?.string, !name.isEmpty {
            faults.invalid("\(path).nodeName", .string(name), all: Names.subdomain(name))
        }
        faults.checkRange(spec["activeDeadlineSeconds"], 1...Int(Int32.max), "\(path).activeDeadlineSeconds")
        if let name = spec["hostname"]?.string, !name.isEmpty {
            faults.invalid("\(path).hostname", .string(name), all: Names.label(name))
        }
        if let name = spec["subdomain"]?.string, !name.isEmpty {
            faults.invalid("\(path).subdomain", .string(name), all: Names.label(name))
        }
        for (index, toleration) in (spec["tolerations"]?.array ?? []).enumerated() {
            checkToleration(toleration, "\(path).tolerations[\(index)]")
        }
        for (index, alias) in (spec["hostAliases"]?.array ?? []).enumerated()
        where !Addresses.isAddress(alias["ip"]?.string ?? "") {
            faults.invalid("\(path).hostAliases[\(index)].ip", alias["ip"] ?? "", Addresses.addressText)
        }
        if let name = spec["priorityClassName"]?.string, !name.isEmpty {
            faults.invalid("\(path).priorityClassName", .string(name), all: Names.subdomain(name))
        }
        checkSpread()
    }

    private mutating func checkToleration(_ toleration: Value, _ path: String) {
        if let key = toleration["key"]?.string, !key.isEmpty {
            faults.invalid("\(path).key", .string(key), all: Names.qualified(key))
        }
        let toleratesAll = toleration["operator"] == "Exists"
        if (toleration["key"]?.string ?? "").isEmpty, !toleratesAll {
            faults.invalid(
                "\(path).operator", toleration["operator"] ?? "",
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
        }
        if toleration.has("tolerationSeconds"), toleration["effect"] != "NoExecute" {
            faults.invalid(
                "\(path).effect", toleration["effect"] ?? "",
                "effect must be 'NoExecute' when `tolerationSeconds` is set")
        }
        switch toleration["operator"]?.string ?? "" {
        case "Equal", "":
            faults.invalid(
                "\(path).operator", toleration["value"], all: Names.labelValue(toleration["value"]?.string ?? ""))
        case "Exists":
            if let value = toleration["value"], value != "" {
                faults.invalid("\(path).operator", value, "value must be empty when `operator` is 'Exists'")
            }
        default: faults.unsupported("\(path).operator", toleration["operator"] ?? "", ["Equal", "Exists"])
        }
        if let effect = toleration["effect"], effect != "" {
            faults.check(effect, in: TaintEffects.all, "\(path).effect")
        }
    }

    private mutating func checkSpread() {
        for (index, constraint) in (spec["topologySpreadConstraints"]?.array ?? []).enumerated() {
            let path = "\(path).topologySpreadConstraints[\(index)]"
            if (constraint["maxSkew"]?.int ?? 0) <= 0 {
                faults.invalid("\(path).maxSkew", constraint["maxSkew"], "must be greater than zero")
            }
            if (constraint["topologyKey"]?.string ?? "").isEmpty {
                faults.required("\(path).topologyKey", "can not be empty")
            }
            faults.check(
                constraint["whenUnsatisfiable"], in: ["DoNotSchedule", "ScheduleAnyway"], "\(path).whenUnsatisfiable")
            faults.checkSelector(constraint["labelSelector"], "\(path).labelSelector")
        }
    }
}

/// The effects that a taint may have, in the order in which upstream names them.
enum TaintEffects {
    static let all = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
}

extension Faults {
    /// The rules of a LabelSelector (apimachinery's unversioned validation).
    mutating func checkSelector(_ selector: Value?, _ path: String) {
        guard let selector, !selector.isNull else { return }
        checkLabels(selector["matchLabels"], "\(path).matchLabels")
        for (index, requirement) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            let path = "\(path).matchExpressions[\(index)]"
            let hasValues = !(requirement["values"]?.array ?? []).isEmpty
            switch requirement["operator"]?.string ?? "" {
            case "In", "NotIn":
                if !hasValues { required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'") }
            case "Exists", "DoesNotExist":
                if hasValues {
                    forbidden("\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                }
            default: invalid("\(path).operator", requirement["operator"] ?? "", "not a valid selector operator")
            }
            invalid("\(path).key", requirement["key"], all: Names.qualified(requirement["key"]?.string ?? ""))
        }
    }
}
