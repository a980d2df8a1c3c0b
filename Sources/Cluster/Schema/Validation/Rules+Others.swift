import API
import Document

extension Rules {
    /// Groups with a kind or two.
    static let others: [String: Rules] = [
        "node.k8s.io/runtimeclasses": Rules(
            create: { runtime, faults in
                let name = runtime["handler"]?.string ?? ""
                faults.invalid("handler", .string(name), all: Names.label(name))
                faults.checkLabels(runtime["scheduling", "nodeSelector"], "scheduling.nodeSelector")
                let tolerations = runtime["scheduling", "tolerations"]?.array ?? []
                for (index, toleration) in tolerations.enumerated() {
                    faults.checkToleration(toleration, "scheduling.tolerations[\(index)]")
                }
                for (index, toleration) in tolerations.enumerated() where tolerations[..<index].contains(toleration) {
                    faults.duplicate(
                        "scheduling.tolerations[\(index)]", shown: GoDump.shown("Toleration", toleration))
                }
            },
            update: { runtime, old, faults in
                faults.checkImmutable(runtime["handler"], old["handler"], "handler")
            }),
        "apiregistration.k8s.io/apiservices": Rules(create: apiService, status: apiServiceStatus),
        "resource.k8s.io/resourceclaims": DeviceClaimRules.claim,
        "resource.k8s.io/resourceclaimtemplates": DeviceClaimRules.template,
        "resource.k8s.io/deviceclasses": DeviceClaimRules.deviceClass,
        "resource.k8s.io/resourceslices": DeviceSliceRules.all,
    ]

    // MARK: kube-aggregator/pkg/apis/apiregistration/validation

    private static let apiService: Create = { service, faults in
        let spec = service["spec"] ?? [:]
        let (group, version) = (spec["group"]?.string ?? "", spec["version"]?.string ?? "")
        if Names.pathSegment(service.name).isEmpty, service.name != "\(version).\(group)" {
            faults.invalid(
                "metadata.name", .string(service.name),
                "must be `spec.version+\".\"+spec.group`: \"\(version).\(group)\"")
        }
        if group.isEmpty, version != "v1" {
            faults.required("spec.group", "only v1 may have an empty group and it better be legacy kube")
        }
        if !group.isEmpty { faults.invalid("spec.group", .string(group), all: Names.subdomain(group)) }
        faults.invalid("spec.version", .string(version), all: Names.label1035(version))
        for (key, most) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)] {
            let priority = spec[Text(key)]?.int ?? 0
            if !(1...most).contains(priority) {
                faults.invalid("spec.\(key)", .int(priority), "must be positive and less than \(most)")
            }
        }
        checkServer(spec, &faults)
    }

    private static func checkServer(_ spec: Value, _ faults: inout Faults) {
        let skips = spec["insecureSkipTLSVerify"] == true
        let bundle = Base64.decode((spec["caBundle"]?.text ?? "").bytes) ?? []
        guard let service = spec["service"], !service.isNull else {
            if !bundle.isEmpty {
                faults.invalid(
                    "spec.caBundle", .string("\(bundle.count) bytes"), "local APIServices may not have a caBundle")
            }
            if skips {
                faults.invalid(
                    "spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify")
            }
            return
        }
        for key: Text in ["namespace", "name"] where (service[key]?.string ?? "").isEmpty {
            faults.required("spec.service.\(key)")
        }
        let port = service["port"]?.int ?? 0
        if !(1...65535).contains(port) {
            faults.invalid(
                "spec.service.port", .int(port), "port is not valid: must be between 1 and 65535, inclusive")
        }
        if skips, !bundle.isEmpty {
            faults.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present")
        }
    }

    private static let apiServiceStatus: Update = { service, _, faults in
        for (index, condition) in (service["status", "conditions"]?.array ?? []).enumerated() {
            faults.check(
                condition["status"], in: ["True", "False", "Unknown"], "status.conditions[\(index)].status")
        }
    }
}
