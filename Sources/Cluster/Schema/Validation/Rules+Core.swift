import API
import Document

extension Rules {
    private static let maximumSize = 1024 * 1024

    /// The core group (pkg/apis/core/validation).
    static let core: [String: Rules] = [
        "/pods": Rules(
            create: { pod, faults in
                faults.append(PodSpecValidation(pod["spec"] ?? [:], at: "spec", isPod: true).faults.errors)
            },
            new: PodUpdate.checkNew, update: PodUpdate.check,
            parts: ["ephemeralcontainers": EphemeralContainerRules.check, "resize": ResizeRules.check]),
        "/configmaps": Rules(create: configMap, update: immutable(["data", "binaryData"])),
        "/secrets": Rules(
            create: secret,
            update: { secret, old, faults in
                faults.checkImmutable(secret["type"], old["type"], "type")
                immutable(["data"])(secret, old, &faults)
            }),
        "/services": Rules(create: ServiceRules.check, update: ServiceRules.checkUpdate),
        "/namespaces": Rules(new: { namespace, faults in
            for finalizer in namespace["spec", "finalizers"]?.array ?? [] {
                let name = finalizer.string ?? ""
                faults.invalid("spec.finalizers", finalizer, all: Names.qualified(name))
                if !name.contains("/"), !["kubernetes", "orphan", "foregroundDeletion"].contains(name) {
                    faults.invalid(
                        "spec.finalizers", finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified")
                }
            }
        }),
        "/nodes": Rules(create: node, update: nodeUpdate),
        "/events": Rules(create: event),
        "/limitranges": Rules(create: limitRange),
        "/resourcequotas": Rules(create: QuotaRules.check, update: QuotaRules.update),
        "/replicationcontrollers": Rules(create: { controller, faults in
            let selector = controller["spec", "selector"]?.object ?? [:]
            faults.checkNotNegative(controller["spec", "minReadySeconds"], "spec.minReadySeconds")
            if selector.isEmpty { faults.required("spec.selector") }
            WorkloadRules.replicas(controller, &faults)
            guard controller["spec"]?.has("template") == true else { return faults.required("spec.template") }
            let labels = controller[path: ["spec", "template", "metadata", "labels"]] ?? .null
            if selector.contains(where: { labels[$0.key] != $0.value }) {
                faults.invalid(
                    "spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
            }
            WorkloadRules.template(controller, &faults)
        }),
        "/podtemplates": Rules(create: { object, faults in
            PodTemplateRules.check(object["template"] ?? [:], "template", &faults)
        }),
        "/persistentvolumeclaims": Rules(
            create: { claim, faults in ClaimRules.check(claim["spec"] ?? [:], "spec", &faults) },
            update: ClaimRules.update),
        "/persistentvolumes": Rules(create: VolumeRules.check, update: VolumeRules.update),
        "/endpoints": Rules(create: { endpoints, faults in
            for (index, subset) in (endpoints["subsets"]?.array ?? []).enumerated() {
                checkSubset(subset, "subsets[\(index)]", &faults)
            }
        }),
    ]

    /// ConfigMaps and Secrets that say so never change again.
    private static func immutable(_ fields: [Text]) -> Update {
        { object, old, faults in
            guard old["immutable"] == true else { return }
            if object["immutable"] != true {
                faults.forbidden("immutable", "field is immutable when `immutable` is set")
            }
            for field in fields where object[field] != old[field] {
                faults.forbidden("\(field)", "field is immutable when `immutable` is set")
            }
        }
    }

    private static let configMap: Create = { map, faults in
        var size = 0
        let binary = map["binaryData"]?.object ?? [:]
        for member in map["data"]?.object ?? [:] {
            faults.invalid("data[\(member.key)]", .string(member.key), all: Names.configKey(member.key.string))
            if binary[member.key] != nil {
                faults.invalid("data[\(member.key)]", .string(member.key), "duplicate of key present in binaryData")
            }
            size += member.value.text?.count ?? 0
        }
        for member in binary {
            faults.invalid("binaryData[\(member.key)]", .string(member.key), all: Names.configKey(member.key.string))
            size += (member.value.text?.count ?? 0) / 4 * 3
        }
        if size > maximumSize { faults.add(.tooLong, "[]", .null, "may not be more than \(maximumSize) bytes") }
    }

    /// The keys that each type of Secret has to have.
    private static let neededKeys: [String: [String]] = [
        "kubernetes.io/tls": ["tls.crt", "tls.key"], "kubernetes.io/ssh-auth": ["ssh-privatekey"],
        "kubernetes.io/dockercfg": [".dockercfg"], "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
    ]

    private static let secret: Create = { secret, faults in
        var size = 0
        for member in secret["data"]?.object ?? [:] {
            faults.invalid("data[\(member.key)]", .string(member.key), all: Names.configKey(member.key.string))
            size += (member.value.text?.count ?? 0) / 4 * 3
        }
        if size > maximumSize { faults.add(.tooLong, "data", .null, "may not be more than \(maximumSize) bytes") }
        let type = secret["type"]?.string ?? ""
        if type == "kubernetes.io/basic-auth",
            !["username", "password"].contains(where: { secret["data"]?[$0] != nil })
        {
            for key in ["username", "password"] { faults.required("data[\(key)]") }
        }
        for key in neededKeys[type] ?? [] where secret["data"]?[Text(key)] == nil { faults.required("data[\(key)]") }
        if type == "kubernetes.io/service-account-token",
            (secret.annotation("kubernetes.io/service-account.name") ?? "").isEmpty
        {
            faults.required("metadata.annotations[kubernetes.io/service-account.name]")
        }
    }

    private static let node: Create = { node, faults in
        var taints: Set<Value> = []
        for (index, taint) in (node["spec", "taints"]?.array ?? []).enumerated() {
            let path = "metadata.taints[\(index)]"
            faults.invalid("\(path).key", taint["key"], all: Names.qualified(taint["key"]?.string ?? ""))
            faults.invalid("\(path).value", taint["value"], all: Names.labelValue(taint["value"]?.string ?? ""))
            faults.check(taint["effect"], in: TaintEffects.all, "\(path).effect")
            let key: Value = ["key": taint["key"] ?? .null, "effect": taint["effect"] ?? .null]
            if !taints.insert(key).inserted {
                faults.duplicate(
                    path, shown: GoDump.shown("Taint", taint), "taints must be unique by key and effect pair")
            }
        }
        for (index, range) in (node["spec", "podCIDRs"]?.array ?? []).enumerated()
        where !Addresses.isRange(range.string ?? "") {
            faults.invalid("spec.podCIDRs[\(index)]", range, Addresses.rangeText)
        }
    }

    private static let nodeUpdate: Update = { node, old, faults in
        let ranges = old["spec", "podCIDRs"]?.array ?? []
        if !ranges.isEmpty, ranges != node["spec", "podCIDRs"]?.array ?? [] {
            faults.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid")
        }
        let provider = old["spec", "providerID"]?.string ?? ""
        if !provider.isEmpty, provider != node["spec", "providerID"]?.string ?? "" {
            faults.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid")
        }
    }

    private static func checkSubset(_ subset: Value, _ path: String, _ faults: inout Faults) {
        let lists: [Text] = ["addresses", "notReadyAddresses"]
        if lists.allSatisfy({ (subset[$0]?.array ?? []).isEmpty }) {
            faults.required(path, "must specify `addresses` or `notReadyAddresses`")
        }
        for list in lists {
            for (index, address) in (subset[list]?.array ?? []).enumerated() {
                faults.checkOrdinaryAddress(address["ip"] ?? "", "\(path).\(list)[\(index)].ip")
            }
        }
        let ports = subset["ports"]?.array ?? []
        for (index, port) in ports.enumerated() {
            let path = "\(path).ports[\(index)]"
            let name = port["name"]?.string ?? ""
            if name.isEmpty {
                if ports.count > 1 { faults.required("\(path).name") }
            } else {
                faults.invalid("\(path).name", .string(name), all: Names.label(name))
            }
            faults.checkRange(port["port"] ?? 0, 1...65535, "\(path).port")
            faults.check(port["protocol"], in: ["SCTP", "TCP", "UDP"], "\(path).protocol")
        }
    }

    private static let event: Create = { event, faults in
        let namespace = event["involvedObject", "namespace"]?.string ?? ""
        let isDefault = namespace.isEmpty && ["default", "kube-system"].contains(event.namespace)
        if namespace != event.namespace, !isDefault {
            faults.invalid(
                "involvedObject.namespace", .string(namespace), "does not match event.namespace")
        }
    }

    private static let limitRange: Create = { range, faults in
        var types: Set<Value> = []
        for (index, item) in (range["spec", "limits"]?.array ?? []).enumerated() {
            let path = "spec.limits[\(index)]"
            limitType(item, path, &types, &faults)
            limitNames(item, path, &faults)
            let keys = ["min", "max", "default", "defaultRequest"].flatMap {
                Array((item[Text($0)]?.object ?? [:]).keys)
            }
            for key in Set(keys).sorted() { limit(item, key, path, &faults) }
        }
    }

    private static func limitType(_ item: Value, _ path: String, _ types: inout Set<Value>, _ faults: inout Faults) {
        let type = item["type"]?.string ?? ""
        let malformed = Names.qualified(type)
        faults.invalid("\(path).type", .string(type), all: malformed)
        if malformed.isEmpty, !type.contains("/"), !["Pod", "Container", "PersistentVolumeClaim"].contains(type) {
            faults.invalid("\(path).type", .string(type), "must be a standard limit type or fully qualified")
        }
        if !types.insert(.string(type)).inserted { faults.duplicate("\(path).type", .string(type)) }
        for key: Text in ["default", "defaultRequest"] where type == "Pod" && !(item[key]?.object ?? [:]).isEmpty {
            faults.forbidden("\(path).\(key)", "may not be specified when `type` is 'Pod'")
        }
        for member in item["maxLimitRequestRatio"]?.object ?? [:] {
            guard let ratio = member.value.quantity, ratio < Quantity(1) else { continue }
            faults.invalid("\(path).maxLimitRequestRatio[\(member.key)]", member.value, "ratio \(ratio) is less than 1")
        }
    }

    private static func limitNames(_ item: Value, _ path: String, _ faults: inout Faults) {
        let isOfPods = ["Pod", "Container"].contains(item["type"]?.string ?? "")
        for list: Text in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            for key in (item[list]?.object ?? [:]).keys {
                let name = key.string
                let wrong = isOfPods ? ResourceNames.faults(inContainer: name) : ResourceNames.faults(name)
                faults.invalid("\(path).\(list)[\(name)]", .string(name), all: wrong)
            }
        }
    }

    private static func limit(_ item: Value, _ key: Text, _ path: String, _ faults: inout Faults) {
        let amount = { (list: Text) in item[list]?[key]?.quantity }
        let (low, high, fallback, asked) = (amount("min"), amount("max"), amount("default"), amount("defaultRequest"))
        func compare(_ a: Quantity?, _ b: Quantity?, _ place: String, _ shown: Text, _ words: (String, String)) {
            guard let a, let b, a > b else { return }
            faults.invalid(
                "\(path).\(place)[\(key)]", item[shown]?[key],
                "\(words.0) value \(a) is greater than \(words.1) value \(b)")
        }
        compare(low, high, "min", "min", ("min", "max"))
        compare(low, asked, "defaultRequest", "defaultRequest", ("min", "default request"))
        compare(asked, high, "defaultRequest", "defaultRequest", ("default request", "max"))
        compare(asked, fallback, "defaultRequest", "defaultRequest", ("default request", "default limit"))
        compare(low, fallback, "default", "min", ("min", "default"))
        compare(fallback, high, "default", "default", ("default", "max"))
    }
}
