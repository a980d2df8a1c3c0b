import API
import Document

extension Rules {
    static let maximumSize = 1024 * 1024

    /// The core group (pkg/apis/core/validation).
    static let core: [String: Rules] = [
        "/pods": Rules(
            create: { pod, faults in
                faults.append(PodSpecValidation(pod["spec"] ?? [:], at: "spec", isPod: true).faults.errors)
            },
            new: { pod, faults in
                PodStatusRules.checkCost(pod, old: nil, &faults)
                PodUpdate.checkNew(pod, &faults)
            },
            update: { pod, old, faults in
                PodStatusRules.checkCost(pod, old: old, &faults)
                PodUpdate.check(pod, old, &faults)
            },
            parts: ["ephemeralcontainers": EphemeralContainerRules.check, "resize": ResizeRules.check],
            status: PodStatusRules.check),
        "/configmaps": Rules(create: configMap, update: immutable(["data", "binaryData"])),
        "/secrets": Rules(
            create: SecretRules.check,
            update: { secret, old, faults in
                faults.checkImmutable(secret["type"], old["type"], "type")
                immutable(["data"])(secret, old, &faults)
            }),
        "/services": Rules(
            create: ServiceRules.check, update: ServiceRules.checkUpdate, status: StatusRules.service),
        "/namespaces": Rules(
            new: { namespace, faults in
                for finalizer in namespace["spec", "finalizers"]?.array ?? [] {
                    faults.checkFinalizer(finalizer, "spec.finalizers")
                }
            },
            parts: [
                "finalize": { namespace, _, faults in
                    for (index, finalizer) in (namespace["spec", "finalizers"]?.array ?? []).enumerated() {
                        faults.checkFinalizer(finalizer, "spec.finalizers[\(index)]")
                    }
                }
            ],
            status: { namespace, _, faults in
                let isEnding = namespace.isBeingDeleted
                let phase = isEnding ? "Terminating" : "Active"
                guard namespace["status", "phase"]?.string != phase else { return }
                faults.invalid(
                    "status.Phase", namespace["status", "phase"] ?? "",
                    "may only be '\(phase)' if `deletionTimestamp` is \(isEnding ? "not empty" : "empty")")
            }),
        "/nodes": Rules(create: NodeRules.check, update: NodeRules.update, status: NodeRules.update),
        "/events": Rules(create: EventRules.check),
        "events.k8s.io/events": EventRules.strict,
        "/limitranges": Rules(create: LimitRules.check),
        "/resourcequotas": Rules(
            create: QuotaRules.check, update: QuotaRules.update, status: QuotaRules.status),
        "/replicationcontrollers": Rules(
            create: { controller, faults in
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
            }, asksTwice: true, status: WorkloadStatusRules.replicationController),
        "/podtemplates": Rules(create: { object, faults in
            PodTemplateRules.check(object["template"] ?? [:], "template", &faults)
        }),
        "/persistentvolumeclaims": Rules(
            create: { claim, faults in ClaimRules.check(claim["spec"] ?? [:], "spec", &faults) },
            asksTwice: true, update: ClaimRules.update, status: ClaimRules.status),
        "/persistentvolumes": Rules(
            create: VolumeRules.check, asksTwice: true, update: VolumeRules.update),
        "/endpoints": Rules(create: EndpointRules.endpoints),
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
        if size > maximumSize { faults.tooLong("[]", maximumSize) }
    }
}
